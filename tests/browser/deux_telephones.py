"""Camille et Noor, chacune son téléphone, sur le même cahier."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from .conftest import OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import Parcours
from .semences import Compte, Semis
from .serveur import Serveur


def installer(ouvrir: OuvrirNavigateur, serveur: Serveur, semis: Semis) -> tuple[Parcours, Parcours]:
    """Après ce que l'on a semé : leur premier échange le reçoit."""

    def un(compte: Compte, nom: str) -> Parcours:
        parcours = Parcours(ouvrir(serveur.adresse, taille=TAILLE_TELEPHONE))
        parcours.se_connecter(compte.courriel, compte.mot_de_passe)
        parcours.installer(nom)
        return parcours

    return un(semis.camille, "Téléphone de Camille"), un(semis.noor, "Téléphone de Noor")


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

    def lit(self, *dits: str) -> None:
        self.parcours.ouvrir(self.ecran)
        contenu = self.parcours.page.locator("#contenu")
        for dit in dits:
            expect(contenu).to_contain_text(dit)
