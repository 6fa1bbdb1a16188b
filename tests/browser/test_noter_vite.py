"""Dire ce qui s'est passé en quelques gestes, et pouvoir s'être trompé."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur


def test_the_common_contact_takes_fewer_than_five_taps(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, rendez_vous = telephone_installe, semis.rendez_vous_manque
    page = telephone.page
    gestes = [
        lambda: page.locator(f"#contenu a[href*='rendez_vous={rendez_vous.id}']").first.click(),
        lambda: telephone.choisir("statut", "honore"),
        lambda: telephone.choisir("demarches", "logement"),
        telephone.enregistrer,
    ]
    for geste in gestes:
        geste()
    page.wait_for_url(UN_DOSSIER)
    telephone.voit("Logement")
    telephone.attendre_envoi("vide")

    assert len(gestes) < 5
    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", rendez_vous.id) == [("honore",)]
    faits = serveur.lire("SELECT moyen, duree, date FROM entretien WHERE rendez_vous_id = ?", rendez_vous.id)
    assert faits == [("presentiel", 45, rendez_vous.jour)]


def test_the_hour_proposed_for_today_does_not_follow_to_another_day(telephone_installe: Parcours, semis: Semis) -> None:
    telephone, page = telephone_installe, telephone_installe.page
    telephone.commencer_un_contact(semis.personnes["Quéméneur-Témoin"])
    date, heure = page.locator("[name=date]"), page.locator("[name=heure]")
    jour, maintenant = date.input_value(), heure.input_value()
    assert maintenant
    telephone.remplir("date", "2025-06-02")
    expect(heure).to_have_value("")
    telephone.remplir("date", jour)
    expect(heure).to_have_value(maintenant)
    telephone.remplir("heure", "06:15")
    telephone.remplir("date", "2025-06-02")
    expect(heure).to_have_value("06:15")


def test_an_outcome_told_in_one_tap_is_undone_in_one_tap(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, rendez_vous = telephone_installe, semis.rendez_vous_honore
    telephone.constater(rendez_vous.id, "absence_excusee")
    expect(telephone.page.locator("[data-message]")).to_be_visible()
    telephone.annuler()
    bouton = f"form[action='/rendez-vous/{rendez_vous.id}/constat'] button[value='absence_excusee']"
    expect(telephone.page.locator(bouton).first).to_be_attached()
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", rendez_vous.id) == [("propose",)]
