"""Ce que les essais demandent à un navigateur, quel qu'en soit le moteur : les commandes WebDriver du W3C, sans paquet.

Playwright ne conduit ni le Firefox ni le WebKitGTK de Debian. Les deux parlent pourtant la même langue, l'un sur une
prise (Marionette), l'autre par HTTP (WebKitWebDriver) : une dizaine de commandes suffisent au parcours.
"""

from __future__ import annotations

import base64
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from tests.browser.attente import attendre

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAILLE_TELEPHONE = (390, 844)
# WebKitWebDriver ne fait pas défiler de lui-même jusqu'à un champ : on l'amène au milieu, comme le ferait le pouce.
AMENER = """
document.querySelector(arguments[0]).scrollIntoView({ block: "center", behavior: "instant" });
"""
# Visible comme l'entend le doigt : peint, et pas sous un pli fermé.
VISIBLE = """
const e = document.querySelector(arguments[0]);
return Boolean(e && e.checkVisibility({ visibilityProperty: true }));
"""


class CommandeRefusee(Exception):
    """Le navigateur a refusé une commande ; porte le code d'erreur de WebDriver et sa phrase."""


class Moteur(ABC):
    """Un profil sur le disque et le navigateur qui l'habite ; le profil survit au navigateur."""

    nom: str

    def __init__(self, profil: Path, autorite: Path, certificat: Path, *, nuit: bool = False) -> None:
        self.profil = profil
        self.autorite = autorite
        self.certificat = certificat
        self.nuit = nuit
        self.journal = profil.with_name(profil.name + ".log")

    @abstractmethod
    def lancer(self) -> None:
        """Ouvre le navigateur sur son profil."""

    @abstractmethod
    def tuer(self) -> None:
        """SIGKILL à tout ce qui fait ce navigateur, et à rien d'autre. Sans effet s'il est déjà mort."""

    @abstractmethod
    def fermer(self) -> None:
        """Fermeture ordinaire, qui laisse au navigateur le temps d'écrire ses fichiers."""

    @abstractmethod
    def dossiers_du_site(self) -> list[Path]:
        """Ce que le profil garde d'un site, cookies à part : ce que le navigateur efface quand la place manque."""

    @abstractmethod
    def commande(self, nom: str, element: str = "", **valeurs: Any) -> Any:
        """Une commande WebDriver, par son nom du W3C, et sa réponse."""

    @abstractmethod
    def plaintes(self) -> list[str]:
        """Les violations de la politique de sécurité et les exceptions que le navigateur a écrites à son journal."""

    def evincer(self) -> None:
        """Le système reprend la place, navigateur fermé ; les cookies restent."""
        trouves = self.dossiers_du_site()
        assert trouves, "ce profil ne gardait rien"
        for dossier in trouves:
            shutil.rmtree(dossier)

    def aller(self, adresse: str) -> None:
        self.commande("Navigate", url=adresse)

    def recharger(self) -> None:
        """Celui d'une personne : celui de WebDriver, dans Firefox, contourne le service worker, Maj + F5."""
        self.evaluer("document.documentElement.dataset.avant = ''; location.reload();")
        self.attendre_que("return !('avant' in document.documentElement.dataset);", "la page rechargée")

    def evaluer(self, script: str, *arguments: Any) -> Any:
        """Le corps d'une fonction, dans la page. Une promesse rendue est attendue."""
        return self.commande("ExecuteScript", script=script, args=list(arguments))

    def attendre_que(self, script: str, quoi: str, *arguments: Any, delai: float = 20) -> Any:
        def lire() -> Any:
            try:
                return self.evaluer(script, *arguments)
            except CommandeRefusee:
                return None  # la page change sous la lecture : on relira la suivante

        return attendre(lire, f"{quoi} ({self.nom})", delai=delai)

    def attendre_visible(self, css: str) -> None:
        self.attendre_que(VISIBLE, f"« {css} » à l'écran", css)

    def trouver(self, css: str) -> str:
        self.attendre_visible(css)
        self.evaluer(AMENER, css)
        return str(self.commande("FindElement", using="css selector", value=css)[ELEMENT])

    def toucher(self, css: str) -> None:
        """Un vrai clic, au milieu de l'élément ; le navigateur refuse s'il est couvert par un autre."""
        self.commande("ElementClick", element=self.trouver(css))

    def ecrire(self, css: str, texte: str) -> None:
        element = self.trouver(css)
        self.commande("ElementClear", element=element)
        self.commande("ElementSendKeys", element=element, text=texte)

    def photographier(self, image: Path) -> None:
        image.parent.mkdir(parents=True, exist_ok=True)
        image.write_bytes(base64.b64decode(self.commande("TakeScreenshot", full=False)))
