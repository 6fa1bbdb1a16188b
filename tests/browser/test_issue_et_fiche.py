"""Dire l'issue d'un rendez-vous, se tromper, se corriger : rien ne disparaît sans être dit."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur


def test_an_honoured_past_appointment_leaves_the_day_and_offers_its_fiche(
    telephone_installe: Parcours, semis: Semis
) -> None:
    telephone, rendez_vous = telephone_installe, semis.rendez_vous_honore
    telephone.constater(rendez_vous.id, "honore")
    constat = telephone.page.locator(f"form[action='/rendez-vous/{rendez_vous.id}/constat']:not([data-annuler])")
    expect(constat).to_have_count(0)
    telephone.page.locator("[data-message]").get_by_role("link", name="Compléter la fiche").click()
    telephone.page.wait_for_url("**/entretiens/nouveau?**")
    expect(telephone.page.locator("[name=statut][value=honore]")).to_be_checked()


def test_demarches_ticked_before_saying_absent_stay_in_the_draft_and_it_is_told(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, rendez_vous = telephone_installe, semis.rendez_vous_manque
    page = telephone.page
    fiche = f"/entretiens/nouveau?dossier={rendez_vous.personne_id}&rendez_vous={rendez_vous.id}"
    telephone.ouvrir(fiche)
    telephone.choisir("demarches", "logement")
    page.locator(".natures:visible summary").click()
    telephone.choisir("natures", "fsl")
    telephone.choisir("statut", "absence_excusee")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    expect(page.locator("[data-message]")).to_contain_text("restent au brouillon de ce rendez-vous")

    telephone.ouvrir(fiche)
    expect(page.locator("[data-brouillon-etat]")).to_have_text("Votre brouillon a été repris.")
    expect(page.locator("[name=demarches][value=logement]")).to_be_checked()
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.voit("Logement (Demande de FSL)")
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", rendez_vous.id) == [("honore",)]


def test_the_outcome_of_an_appointment_whose_entretien_is_noted_can_be_corrected(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    """À la suite de l'essai d'avant : l'entretien de ce rendez-vous est noté."""
    telephone, rendez_vous = telephone_installe, semis.rendez_vous_manque
    page = telephone.page
    telephone.ouvrir(f"/dossiers/{rendez_vous.personne_id}")
    telephone.deplier(page.get_by_text("Un entretien est noté pour ce rendez-vous."))
    page.locator(f"form[action='/rendez-vous/{rendez_vous.id}/constat'] button[value='absence_non_excusee']").click()
    expect(page.locator("[data-message]")).to_contain_text("L’entretien noté reste au dossier.")
    telephone.voit("Logement (Demande de FSL)")
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", rendez_vous.id) == [("absence_non_excusee",)]
    assert serveur.compter("entretien", "rendez_vous_id = ?", rendez_vous.id) == 1


def test_a_surprising_date_is_saved_told_and_shown_beside_its_field(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, page = telephone_installe, telephone_installe.page
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, "Noté bien après.", date="2024-03-04")
    message = page.locator("[data-message]")
    expect(message).to_contain_text("Contact noté. Date inhabituelle\u202f: cet entretien date de plus d’un an.")
    message.get_by_role("link", name="Vérifier").click()
    expect(page.locator("#avis-date")).to_have_text("△ Date inhabituelle\u202f: cet entretien date de plus d’un an.")
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    assert serveur.lire("SELECT date FROM entretien WHERE synthese = ?", "Noté bien après.") == [("2024-03-04",)]
