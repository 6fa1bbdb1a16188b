"""Camille et Noor, chacune son téléphone, sur le même cahier."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from playwright.sync_api import Locator

from .calendrier import regler_le_navigateur
from .conftest import OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import Parcours
from .semences import Compte, Semis
from .serveur import Serveur


def installer(ouvrir: OuvrirNavigateur, serveur: Serveur, semis: Semis) -> tuple[Parcours, Parcours]:
    """Après ce que l'on a semé : leur premier échange le reçoit."""
    comptes = {"Téléphone de Camille": semis.camille, "Téléphone de Noor": semis.noor}
    camille, noor = (installer_un(ouvrir, serveur, compte, nom) for nom, compte in comptes.items())
    return camille, noor


def installer_un(
    ouvrir: OuvrirNavigateur, serveur: Serveur, compte: Compte, nom: str, le: dt.datetime | None = None
) -> Parcours:
    """`le` : l'instant où il vit, si ce n'est pas l'heure vraie."""
    parcours = Parcours(ouvrir(serveur.adresse, taille=TAILLE_TELEPHONE))
    parcours.se_connecter(compte.courriel, compte.mot_de_passe)
    if le:
        regler_le_navigateur(parcours.navigateur, le)
    parcours.installer(nom)
    return parcours


@dataclass
class Telephone:
    """Un téléphone dehors, l'écran que l'on y tient, et combien de fois on l'a touché."""

    parcours: Parcours
    ecran: str
    touches: int = 0

    def toucher(self, cible: Locator) -> None:
        cible.click()
        self.touches += 1

    def toucher_le_lien(self, nom: str) -> None:
        self.toucher(self.parcours.page.get_by_role("link", name=nom))

    def ouvrir(self, adresse: str) -> None:
        self.parcours.ouvrir(adresse)

    def lit(self, *dits: str) -> None:
        self.ouvrir(self.ecran)
        for dit in dits:
            self.parcours.voit(dit)
