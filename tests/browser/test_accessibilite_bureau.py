"""Chaque écran se lit au clavier, à la loupe, au lecteur d'écran, de jour comme de nuit, au bureau (`jury.py`)."""

from __future__ import annotations

from .conftest import OuvrirNavigateur
from .ecrans import Ecran, au_bureau
from .jury import BUREAU, TELEPHONE, Jury, par_chaque_role
from .semences import Semis
from .serveur import Serveur


def test_every_screen_of_the_desk_passes_axe_for_every_role(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tous: list[Ecran]
) -> None:
    jury = Jury((TELEPHONE, "dark"), (BUREAU, "light"))
    vus = par_chaque_role(jury, serveur_debout, semis, ouvrir_navigateur, [e for e in tous if au_bureau(e)])
    assert jury.constats == {}
    # Le parcours a vraiment eu lieu.
    assert {
        "/supervision/fiches",
        "/supervision/desaccords",
        "/rapports/<conventions>/<periode>",
        "/reunions/comites/<uuid:id>",
    } < jury.regles
    assert vus == {"desaccord", "histoire"}
