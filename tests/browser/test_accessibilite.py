"""Chaque écran se lit au clavier, à la loupe, au lecteur d'écran, de jour comme de nuit, sur le serveur (`jury.py`)."""

from __future__ import annotations

from . import a_plusieurs
from .conftest import OuvrirNavigateur
from .ecrans import Ecran, au_bureau
from .jury import BUREAU, TELEPHONE, Jury, par_chaque_role
from .semences import Semis
from .serveur import Serveur


def test_every_screen_of_the_server_passes_axe_for_every_role(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tous: list[Ecran]
) -> None:
    jury = Jury((TELEPHONE, "dark"), (BUREAU, "light"))
    ailleurs = [ecran for ecran in tous if not au_bureau(ecran)]
    vus = par_chaque_role(jury, serveur_debout, semis, ouvrir_navigateur, ailleurs)
    assert jury.constats == {}
    # Le parcours a vraiment eu lieu : dedans, dehors, au terrain, à l'administration.
    assert {
        "/connexion",
        "/bienvenue/<jeton>",
        "/dossiers/<uuid:id>",
        "/administration",
        "/administration/appareils/<uuid:id>",
    } < jury.regles
    assert vus == set(a_plusieurs.MONTRE) - {"histoire"}
