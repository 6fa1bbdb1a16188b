"""Après une absence sans nouvelles : une autre date et la relance, notées sans réseau, arrivent une seule fois."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from .parcours import UN_DOSSIER, Parcours
from .semences import LIEU, Semis
from .serveur import Serveur


def test_a_missed_appointment_gets_its_new_date_and_its_relance_off_line_and_once(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, page, manque = telephone_installe, telephone_installe.page, semis.rendez_vous_manque
    serveur.tuer()
    telephone.ouvrir("/")
    telephone.constater(manque.id, "absence_non_excusee")
    page.get_by_role("link", name="Une autre date").click()
    page.wait_for_url(f"**/dossiers/{manque.personne_id}**")
    carte = page.locator("section[aria-labelledby=titre-absence]")
    expect(carte).to_contain_text("1 absence sans nouvelles.")
    expect(carte.locator("[name=heure]")).to_have_value("10:00")
    adresse = carte.get_by_role("link", name="Prévenir par SMS").get_attribute("href")
    assert adresse is not None
    assert adresse.startswith("sms:0639980228?&body=Bonjour")
    assert "RSA" not in adresse

    carte.locator("[name=date]").fill("2099-01-15")
    carte.get_by_role("button", name="Proposer").click()
    page.wait_for_url(UN_DOSSIER)
    expect(carte).to_contain_text("Nouvelle date\u202f: jeudi 15 janvier 2099 à 10")
    carte.get_by_role("button", name="SMS").click()
    expect(carte).to_contain_text("Relance\u202f: SMS")

    serveur.demarrer()
    telephone.tout_envoyer(semis.camille)
    proposes = "SELECT debut, lieu, duree FROM rendez_vous WHERE personne_id = ? AND statut = 'propose'"
    ((debut, lieu, duree),) = serveur.lire(proposes, manque.personne_id)
    assert (debut[:10], lieu, duree) == ("2099-01-15", LIEU, 45)
    ((valeurs,),) = serveur.lire("SELECT valeurs FROM piece WHERE forme = 'relance'")
    assert json.loads(valeurs) | {"le": None} == {"le": None, "moyen": "sms", "rendez_vous_id": manque.id}
    assert serveur.compter("operation", "genre = ?", "noter_relance") == 1


def test_an_absence_excused_afterwards_no_longer_counts(telephone_installe: Parcours, semis: Semis) -> None:
    telephone, page, manque = telephone_installe, telephone_installe.page, semis.rendez_vous_honore
    telephone.navigateur.couper_le_reseau()
    telephone.ouvrir("/")
    telephone.constater(manque.id, "absence_non_excusee")
    telephone.ouvrir(f"/dossiers/{manque.personne_id}")
    telephone.voit("1 absence sans nouvelles.")
    page.locator("summary").filter(has_text="Il y avait une bonne raison").click()
    page.get_by_role("button", name="Excuser cette absence").click()
    expect(page.locator("#titre-absence")).to_have_count(0)
    telephone.voit("absence excusée")
