"""Chaque écran se lit au clavier, à la loupe et au lecteur d'écran, de jour comme de nuit, sur 320 pixels de large."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # sans types publiés

from .conftest import OuvrirNavigateur
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

# Une fenêtre assez haute pour tout l'écran : la barre du bas, qui suit le pouce, n'y couvre aucun bouton.
TELEPHONE_DEPLIE = (390, 3200)
REGLES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def ecrans_du_telephone(semis: Semis) -> list[str]:
    zelie = semis.personnes["Quéméneur-Témoin"]
    return [
        "/",
        "/dossiers",
        f"/dossiers/{zelie}",
        f"/dossiers/{zelie}/modifier",
        "/entretiens/nouveau",
        f"/entretiens/nouveau?dossier={zelie}",
        f"/rendez-vous/nouveau?dossier={zelie}",
        f"/rendez-vous/{semis.rendez_vous_manque.id}/deplacer",
        "/personnes/nouvelle",
        "/envoi",
        "/aide/installation",
    ]


def ecrans_du_bureau(semis: Semis) -> list[str]:
    tableau = f"/rapports/rendez-vous/{semis.convention}/{semis.rendez_vous_honore.jour[:4]}"
    return [
        "/",
        "/dossiers",
        f"/dossiers/{semis.personnes['Quéméneur-Témoin']}",
        "/supervision/fiches",
        "/rapports",
        tableau,
        f"{tableau}/liste/a_preciser",
        "/appareils",
        "/galerie",
    ]


def manquements(parcours: Parcours) -> list[str]:
    resultat = Axe().run(parcours.page, options=REGLES)
    return [
        f"{violation['id']} : {violation['help']} : {[noeud['html'][:160] for noeud in violation['nodes'][:3]]}"
        for violation in resultat.response["violations"]
    ]


def debordement(parcours: Parcours) -> int:
    """Pixels qui dépassent à droite : de quoi faire défiler de côté."""
    return int(
        parcours.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


@pytest.mark.parametrize("couleurs", ["light", "dark"])
def test_every_screen_of_the_phone_passes_axe(
    serveur_debout: Serveur,
    semis: Semis,
    ouvrir_navigateur: OuvrirNavigateur,
    couleurs: Literal["light", "dark"],
) -> None:
    telephone = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=TELEPHONE_DEPLIE, couleurs=couleurs))
    constats = {}
    telephone.ouvrir("/connexion")
    constats["/connexion"] = manquements(telephone)
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.ouvrir("/installer")
    constats["/installer"] = manquements(telephone)
    telephone.installer()
    for chemin in ecrans_du_telephone(semis):
        telephone.ouvrir(chemin)
        constats[chemin] = manquements(telephone)
    telephone.ouvrir("/")
    telephone.verrouiller()
    constats["/verrou"] = manquements(telephone)
    assert {chemin: vus for chemin, vus in constats.items() if vus} == {}


@pytest.mark.parametrize("couleurs", ["light", "dark"])
def test_every_screen_of_the_desk_passes_axe(
    serveur_debout: Serveur,
    semis: Semis,
    ouvrir_navigateur: OuvrirNavigateur,
    couleurs: Literal["light", "dark"],
) -> None:
    bureau = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=(1280, 800), couleurs=couleurs))
    bureau.se_connecter(semis.chef.courriel, semis.chef.mot_de_passe)
    constats = {}
    for chemin in ecrans_du_bureau(semis):
        bureau.ouvrir(chemin)
        constats[chemin] = manquements(bureau)
    assert {chemin: vus for chemin, vus in constats.items() if vus} == {}


def test_no_screen_scrolls_sideways_on_a_320_px_phone(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur
) -> None:
    telephone = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=(320, 568)))
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    depassements = {}
    for chemin in [*ecrans_du_telephone(semis), "/connexion"]:
        telephone.ouvrir(chemin)
        depassements[chemin] = debordement(telephone)
    telephone.ouvrir("/")
    telephone.verrouiller()
    depassements["/verrou"] = debordement(telephone)
    assert {chemin: pixels for chemin, pixels in depassements.items() if pixels > 0} == {}
