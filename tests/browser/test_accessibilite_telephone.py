"""Chaque écran se lit au clavier, à la loupe, au lecteur d'écran, de jour et de nuit, sur le téléphone (`jury.py`)."""

from __future__ import annotations

import json
import re

from . import a_plusieurs
from .conftest import OuvrirNavigateur
from .ecrans import Ecran
from .jury import BUREAU, TELEPHONE, Jury
from .parcours import ORIGINE_APPAREIL, Parcours
from .semences import Semis
from .serveur import RACINE, Serveur

# Les adresses auxquelles le téléphone répond : la liste du service worker, lue chez lui.
ROUTEUR = RACINE / "static/js/worker/router.js"


def du_terrain() -> re.Pattern[str]:
    trouve = re.search(r"const ROOTS = (\[.+\]);", ROUTEUR.read_text(encoding="utf-8"))
    assert trouve, "la liste des adresses du terrain n'est plus là"
    return re.compile(rf"^(?!.*\.pdf$)/(?:$|(?:{'|'.join(json.loads(trouve.group(1)))})(?:/|$))")


def test_every_screen_of_the_phone_passes_axe(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tous: list[Ecran]
) -> None:
    telephone = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=TELEPHONE))
    telephone.navigateur.tolerer(r"status of (403|404)")
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    jury, vus = Jury((TELEPHONE, "light"), (BUREAU, "dark")), set[str]()
    for ecran in tous:
        if du_terrain().match(ecran.chemin.split("?")[0]):
            telephone.page.goto(ecran.chemin)
            if telephone.rendu_par() == ORIGINE_APPAREIL:
                jury.juger(telephone, ecran, "téléphone")
                vus |= a_plusieurs.montre(telephone)
    telephone.ouvrir("/")
    telephone.verrouiller()
    jury.juger(telephone, Ecran("/verrou", "/verrou"), "téléphone")
    assert jury.constats == {}
    assert {"/", "/dossiers/<uuid:id>", "/entretiens/nouveau", "/envoi", "/verrou"} < jury.regles
    assert vus == set(a_plusieurs.MONTRE) - {"histoire"}
