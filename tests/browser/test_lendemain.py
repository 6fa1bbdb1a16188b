"""Le lendemain d'une maraude : un des connus rattaché à son dossier, sans réseau, et ce qu'y lit la conseillère."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from . import secteur
from .conftest import OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import Parcours
from .secteur import Secteur
from .semences import Semis
from .serveur import Serveur


@pytest.fixture
def tenu(serveur_debout: Serveur, semis: Semis) -> Secteur:
    return secteur.semer(serveur_debout, semis)


@pytest.fixture
def camille(serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tenu: Secteur) -> Parcours:
    parcours = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=TAILLE_TELEPHONE))
    parcours.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    parcours.installer("Téléphone de Camille")
    return parcours


def test_one_of_those_met_is_attached_off_line_read_in_her_file_then_detached(
    serveur: Serveur, semis: Semis, tenu: Secteur, camille: Parcours
) -> None:
    page, awa = camille.page, semis.personnes["Diallo-Fictive"]
    serveur.tuer()
    camille.ouvrir(f"/connus/{tenu.connu}")
    page.get_by_role("link", name="Rattacher à un de mes dossiers").click()
    page.wait_for_url("**/rattacher")
    page.get_by_role("link", name="Diallo-Fictive").first.click()
    page.wait_for_url("**/rattacher?dossier=*")
    camille.choisir("etendue", "jours")
    page.get_by_role("button", name="Rattacher").click()
    camille.voit("sans son accord, rien ne se rattache")
    page.get_by_text("Je le lui ai dit, et elle veut bien").click()
    page.get_by_role("button", name="Rattacher").click()
    page.wait_for_url(f"**/connus/{tenu.connu}")
    camille.voit("Rattachée au dossier de Awa Diallo-Fictive")
    camille.ouvrir(f"/dossiers/{awa}")
    camille.voit("Ses rencontres se liront ici après le prochain échange.")

    serveur.demarrer()
    camille.tout_envoyer(semis.camille)
    camille.ouvrir(f"/dossiers/{awa}")
    camille.voit("Rencontrée le")
    for tu in ("Porche de la gare", "Il tousse beaucoup", "duvet"):
        expect(camille.contenu()).not_to_contain_text(tu)

    serveur.tuer()
    camille.ouvrir(f"/dossiers/{awa}")
    camille.voit("Rencontrée le")
    page.get_by_text("Détacher", exact=True).first.click()
    page.get_by_role("button", name="Détacher").click()
    page.wait_for_url(f"**/dossiers/{awa}")
    expect(page.locator("[data-message]")).to_contain_text("ses rencontres restent au cahier")
    expect(camille.contenu()).not_to_contain_text("Rencontrée le")
    serveur.demarrer()
    camille.tout_envoyer(semis.camille)
    camille.ouvrir(f"/connus/{tenu.connu}")
    camille.voit("Porche de la gare")
    camille.voit("Rattacher à un de mes dossiers")
    assert serveur.lire("SELECT rencontres FROM rattachement") == [("[]",)]
    assert serveur.compter("feuille", "forme = ?", "rencontre") == 1


def test_a_first_meeting_becomes_an_orientation_off_line(
    serveur: Serveur, semis: Semis, tenu: Secteur, camille: Parcours
) -> None:
    page = camille.page
    serveur.tuer()
    camille.ouvrir(f"/connus/{tenu.connu}")
    page.get_by_role("link", name="Ouvrir son accompagnement").click()
    page.wait_for_url("**/personnes/nouvelle?connu=*")
    camille.voit("Momo, que l’équipe connaît de la rue")
    camille.choisir("convention", semis.convention)
    page.get_by_text("Elle veut bien que ses rencontres dans la rue").click()
    page.locator("button[form=formulaire]").click()
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}$"))
    dossier = page.url
    camille.voit("Ses rencontres se liront ici après le prochain échange.")
    serveur.demarrer()
    camille.tout_envoyer(semis.camille)
    page.goto(dossier)
    for dit in ("Momo", "en cours d’intégration", "Rencontré le"):
        camille.voit(dit)
    assert serveur.compter("rattachement", "fin_le IS NULL") == 1
