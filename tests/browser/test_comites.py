"""Un comité préparé au bureau, tenu dans une salle sans réseau sur deux téléphones, puis rendu aux dossiers."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from . import deux_telephones
from .conftest import OuvrirNavigateur
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

BUREAU = (1280, 800)
AWA, TEMOIN, SANS_DOSSIER = "Awa Diallo-Fictive", "Quéméneur-Témoin", "K. B."


def jour() -> str:
    return dt.datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()


@pytest.fixture
def chef(serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur) -> Parcours:
    parcours = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=BUREAU))
    parcours.se_connecter(semis.chef.courriel, semis.chef.mot_de_passe)
    return parcours


@pytest.fixture
def comite(chef: Parcours, semis: Semis) -> str:
    """Préparé à l'écran : deux dossiers de Camille, quelqu'un sans dossier, et qui y va. Rend son identifiant."""
    page = chef.page
    chef.ouvrir("/reunions/comites")
    page.fill("[name=titre]", "Comité de l’atelier")
    page.fill("[name=jour]", jour())
    page.get_by_role("button", name="Choisir les situations").click()
    page.wait_for_url("**/choisir")
    identifiant = page.url.split("/")[-2]
    page.goto(f"{page.url}?de={semis.camille.id}")
    for nom in (AWA, TEMOIN):
        page.get_by_text(nom).first.click()
    page.get_by_role("button", name="Ajouter les cochées").click()
    page.wait_for_url(f"**/comites/{identifiant}")
    page.get_by_role("link", name="Ajouter des situations").click()
    page.get_by_text("Quelqu’un qui n’est suivi qu’à ce comité").click()
    page.fill("[name=nom]", SANS_DOSSIER)
    page.get_by_role("button", name="Ajouter à la liste").click()
    page.wait_for_url(f"**/comites/{identifiant}")
    for qui in (semis.camille, semis.noor):
        page.select_option("[name=utilisateur]", qui.id)
        page.get_by_role("button", name="Ajouter", exact=True).click()
        expect(page.locator("[data-message]")).to_contain_text("recevra le cahier")
    return identifiant


@pytest.fixture
def telephones(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, comite: str
) -> tuple[Parcours, Parcours]:
    return deux_telephones.installer(ouvrir_navigateur, serveur_debout, semis)


def decider(parcours: Parcours, decision: str, suivi_par: str) -> None:
    parcours.remplir("decision", decision)
    parcours.choisir("suivi_par", suivi_par)
    parcours.enregistrer()
    expect(parcours.page.locator("[data-message]")).to_contain_text("Décision notée.")


def test_two_phones_hold_the_committee_off_line_and_the_file_gets_the_decision(
    serveur: Serveur, semis: Semis, comite: str, telephones: tuple[Parcours, Parcours], chef: Parcours
) -> None:
    camille, noor = telephones
    awa = semis.personnes["Diallo-Fictive"]
    serveur.tuer()
    for parcours in telephones:
        parcours.ouvrir("/")
        parcours.page.get_by_role("link", name="Mes comités").click()
        parcours.page.wait_for_url("**/comites")
        parcours.page.get_by_role("link", name="Comité de l’atelier").click()
        parcours.page.wait_for_url(f"**/comites/{comite}")
        parcours.voit("3 situations")
        parcours.page.get_by_role("link", name="Commencer").click()
        parcours.page.wait_for_url("**/situations/*/modifier")
        parcours.voit(AWA)
        parcours.voit("Accompagnement")
    # Noor ne suit pas Awa : elle a le résumé, et pas le dossier.
    expect(camille.page.get_by_role("link", name="Ouvrir le dossier")).to_be_visible()
    expect(noor.page.get_by_role("link", name="Ouvrir le dossier")).to_have_count(0)

    camille.enregistrer()
    camille.voit("Écrivez ce qui est décidé")
    decider(camille, "Renouveler six mois.", "referent")
    camille.page.wait_for_url("**/situations/*/modifier")
    camille.voit(TEMOIN)
    decider(noor, "Renouveler trois mois.", "siae")
    # Noor passe à la troisième, qui n'a qu'un nom.
    noor.ouvrir(f"/comites/{comite}")
    noor.page.get_by_role("link", name=SANS_DOSSIER).click()
    noor.voit(SANS_DOSSIER)
    decider(noor, "La SIAE prolonge.", "siae")
    # Une situation imprévue, que Camille suit.
    camille.ouvrir(f"/comites/{comite}")
    camille.page.get_by_role("link", name="Ajouter").click()
    camille.page.wait_for_url("**/situation")
    autre = camille.page.locator("#champ-dossier_id option").nth(1)
    assert AWA != autre.inner_text() != TEMOIN
    camille.page.select_option("[name=dossier_id]", autre.get_attribute("value"))
    camille.remplir("decision", "À revoir en janvier.")
    camille.enregistrer()
    camille.page.wait_for_url(f"**/comites/{comite}")
    camille.voit("4 situations")
    camille.voit("2 décidées")

    serveur.demarrer()
    camille.tout_envoyer(semis.camille)
    noor.tout_envoyer(semis.noor)
    camille.tout_envoyer(semis.camille)
    # La dernière reçue est en vigueur, l'autre reste sous la page ; sur les deux téléphones, et au bureau.
    for parcours in (camille, noor):
        parcours.ouvrir(f"/comites/{comite}")
        parcours.voit("3 décidées")
        parcours.voit("changée depuis")
        parcours.page.get_by_role("link", name=AWA).click()
        parcours.page.wait_for_url("**/situations/*/modifier")
        expect(parcours.page.locator("[name=decision]")).to_have_value("Renouveler trois mois.")
        parcours.page.get_by_text("Ce qui était écrit avant").click()
        parcours.voit("Renouveler six mois.")
    chef.ouvrir(f"/reunions/comites/{comite}")
    for dit in ("Renouveler trois mois.", "La SIAE prolonge.", "À revoir en janvier.", "suivie seulement à ce comité"):
        chef.voit(dit)

    # Sans réseau encore, le dossier d'Awa dit ce qui a été décidé ; K. B. n'en a aucun.
    serveur.tuer()
    camille.ouvrir(f"/dossiers/{awa}")
    camille.page.get_by_role("link", name="Comité de l’atelier").first.click()
    camille.voit("Renouveler trois mois.")
    camille.chercher(SANS_DOSSIER)
    expect(camille.page.locator("#liste-dossiers")).not_to_contain_text(SANS_DOSSIER)
    serveur.demarrer()
    ((gens,),) = serveur.lire("SELECT count(*) FROM personne WHERE nom LIKE ?", "%K. B.%")
    assert gens == 0
