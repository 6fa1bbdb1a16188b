"""Deux téléphones sur la même feuille de présence, sans réseau : chacun une présence, et rien de compté deux fois."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from . import action_collective, deux_telephones
from .action_collective import INSCRITS, NOM, Action
from .conftest import OuvrirNavigateur
from .deux_telephones import Telephone
from .semences import Semis
from .serveur import Serveur


@pytest.fixture
def tenue(serveur_debout: Serveur, semis: Semis) -> Action:
    return action_collective.semer(serveur_debout, semis)


@pytest.fixture
def telephones(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tenue: Action
) -> list[Telephone]:
    les_deux = deux_telephones.installer(ouvrir_navigateur, serveur_debout, semis)
    return [Telephone(parcours, f"/seances/{tenue.seance}") for parcours in les_deux]


def dire(telephone: Telephone, nom: str, etat: str) -> None:
    """Une touche : sa ligne, et ce qu'il en est."""
    page = telephone.parcours.page
    telephone.toucher(page.get_by_role("group", name=nom).get_by_text(etat, exact=True))


def enregistrer(telephone: Telephone) -> None:
    telephone.toucher(telephone.parcours.page.get_by_role("button", name="Enregistrer"))
    expect(telephone.parcours.page.locator("[data-message]")).to_be_visible()


def choisi(telephone: Telephone, nom: str) -> str:
    coche = telephone.parcours.page.get_by_role("group", name=nom).locator("input:checked")
    return str(coche.get_attribute("value"))


def test_two_phones_on_one_sheet_off_line_make_one_presence_each(
    serveur: Serveur, semis: Semis, telephones: list[Telephone], tenue: Action
) -> None:
    camille, noor = telephones
    anne, elie, zoe = INSCRITS
    serveur.tuer()
    for telephone in telephones:
        telephone.parcours.ouvrir("/")
        telephone.parcours.page.get_by_role("link", name="Les actions collectives").click()
        telephone.parcours.page.wait_for_url("**/actions")
        telephone.toucher_le_lien(NOM)
        telephone.parcours.page.wait_for_url(f"**/actions/{tenue.cahier}")
        telephone.toucher_le_lien("Feuille de présence")
        telephone.parcours.page.wait_for_url(f"**{telephone.ecran}")
        telephone.touches = 0

    for nom, etat in ((anne, "Présence"), (elie, "Présence"), (zoe, "Absence excusée")):
        dire(camille, nom, etat)
    enregistrer(camille)
    assert camille.touches == len(INSCRITS) + 1
    camille.parcours.voit("2 présents sur 3")
    # Anne signe, et quelqu'un vient sans être inscrit.
    camille.parcours.page.get_by_role("link", name=f"Faire signer {anne}").click()
    camille.parcours.page.wait_for_url("**/presences/*/modifier")
    cadre = camille.parcours.page.locator("[data-signature] svg").bounding_box()
    assert cadre is not None
    souris = camille.parcours.page.mouse
    souris.move(cadre["x"] + 30, cadre["y"] + 40)
    souris.down()
    souris.move(cadre["x"] + 120, cadre["y"] + 70, steps=6)
    souris.up()
    camille.parcours.page.locator("button[form=formulaire]").click()
    camille.parcours.page.wait_for_url(f"**{camille.ecran}")
    camille.parcours.voit("signé")
    camille.toucher_le_lien("Ajouter")
    camille.parcours.page.wait_for_url("**/inscrire?seance=*")
    camille.toucher_le_lien("Quelqu’un d’ailleurs")
    camille.parcours.page.wait_for_url("**/inscrire?qui=ailleurs*")
    camille.parcours.remplir("qui", "Basile Passant")
    camille.parcours.page.locator("button[form=formulaire]").click()
    camille.parcours.page.wait_for_url(f"**{camille.ecran}")
    camille.parcours.voit("3 présents sur 4")

    # Noor, sur la même feuille, en dit autant d'Anne, autre chose d'Élie, et rien de Zoé.
    dire(noor, anne, "Présence")
    dire(noor, elie, "Absence")
    enregistrer(noor)
    noor.parcours.voit("1 présent sur 3")

    serveur.demarrer()
    camille.parcours.tout_envoyer(semis.camille)
    noor.parcours.tout_envoyer(semis.noor)
    camille.parcours.tout_envoyer(semis.camille)
    for telephone in telephones:
        telephone.lit("2 présents sur 4", "Basile Passant", "signé", "Avant", "venue sans être inscrite")
        assert [choisi(telephone, nom) for nom in INSCRITS] == ["present", "absent", "excuse"]
    # Quatre présences à la séance du jour, et celle d'Anne à la séance passée.
    assert serveur.compter("feuille", "forme = ?", "presence") == len(INSCRITS) + 1 + 1

    # L'issue se lit, sans réseau, sur l'autre téléphone.
    noor.parcours.page.get_by_role("link", name="Issue de la séance").click()
    noor.parcours.page.wait_for_url("**/modifier")
    noor.parcours.choisir("etat", "tenue")
    noor.parcours.remplir("issue", "Deux veulent un carré de jardin.")
    noor.parcours.page.locator("button[form=formulaire]").click()
    noor.parcours.page.wait_for_url(f"**{noor.ecran}")
    noor.parcours.tout_envoyer(semis.noor)
    camille.parcours.tout_envoyer(semis.camille)
    serveur.tuer()
    camille.parcours.ouvrir(camille.ecran)
    camille.parcours.voit("Deux veulent un carré de jardin.")
