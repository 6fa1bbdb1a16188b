"""Le lendemain d'une maraude, sans réseau : une première rencontre devient une orientation."""

from __future__ import annotations

import re

import pytest

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
