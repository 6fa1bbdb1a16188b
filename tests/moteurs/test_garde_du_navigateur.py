"""Ce que chaque navigateur promet de garder, et ce que Jalon en dit."""

from __future__ import annotations

from tests.browser.semences import Semis

from .moteur import Moteur
from .parcours import ParcoursMoteur
from .serveur_https import ServeurHttps


def test_the_settings_say_what_the_browser_keeps(moteur: Moteur, serveur: ServeurHttps, semis: Semis) -> None:
    telephone = ParcoursMoteur(moteur, serveur.adresse)
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    telephone.ouvrir("/reglages")
    telephone.voit("Si la place manque, le navigateur peut effacer ce carnet")
    repond = moteur.evaluer("return Boolean(navigator.storage?.persist);")
    demander = "return document.querySelector('[data-stockage-demander]').checkVisibility();"
    assert moteur.evaluer(demander) is repond
