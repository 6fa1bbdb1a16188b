"""Chaque écran se lit au clavier, à la loupe, au lecteur d'écran, de jour comme de nuit, de 320 à 1280 pixels de large.

Les écrans viennent de la carte des adresses (`ecrans.py`) et sont demandés par chaque rôle. Deux rôles qui reçoivent la
même page, aux textes près, n'en font juger qu'une.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # sans types publiés

from . import a_plusieurs, supervision
from .conftest import OuvrirNavigateur
from .ecrans import Ecran, carte, ecrans, valeurs
from .parcours import ORIGINE_APPAREIL, Parcours
from .semences import Semis
from .serveur import RACINE, Serveur

# Des fenêtres assez hautes pour tout l'écran : la barre du bas, qui suit le pouce, n'y couvre aucun bouton.
TELEPHONE, BUREAU, ETROIT = (390, 9600), (1280, 3200), (320, 568)
Lumiere = Literal["light", "dark"]
REGLES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Les adresses auxquelles le téléphone répond : la liste du service worker, lue chez lui.
ROUTEUR = RACINE / "static/js/worker/router.js"

# La page aux textes près : de quoi reconnaître celle qu'un autre rôle a déjà montrée.
SIGNATURE = """() => [...document.querySelectorAll("body *")].map((e) =>
  [e.tagName, e.getAttribute("class"), e.getAttribute("role"), e.type, e.hidden].join()).join("|")"""
# Le document, sans ce que le serveur tire au sort : le même refus à vingt adresses n'est jugé qu'une fois.
DOCUMENT = """() => {
  const copie = document.documentElement.cloneNode(true);
  for (const tirage of ["nonce", "hx-nonce"])
    for (const e of copie.querySelectorAll(`[${tirage}]`)) e.removeAttribute(tirage);
  for (const e of copie.querySelectorAll("[name=csrf_token]")) e.removeAttribute("value");
  return copie.outerHTML;
}"""
# Demande sans y aller : ce qui n'est pas une page (un fichier, un envoi ailleurs) n'est pas un écran.
EST_UNE_PAGE = """async (chemin) => {
  const reponse = await fetch(chemin, { redirect: "manual", headers: { Accept: "text/html" } });
  await reponse.body?.cancel();
  return reponse.type !== "opaqueredirect" && (reponse.headers.get("Content-Type") ?? "").startsWith("text/html");
}"""


class Jury:
    """Juge l'écran affiché, une fois par page différente, sous deux vues : largeur, lumière ; puis à 320 pixels."""

    def __init__(self, *vues: tuple[tuple[int, int], Lumiere]) -> None:
        self.vues = vues
        self.constats: dict[str, list[str]] = {}
        self.regles: set[str] = set()
        self._connues: set[tuple[str, str]] = set()
        self._documents: set[str] = set()

    def juger(self, parcours: Parcours, ecran: Ecran, qui: str) -> None:
        page = parcours.page
        page.set_viewport_size(taille(TELEPHONE))
        signature = (ecran.regle, str(page.evaluate(SIGNATURE)))
        if signature in self._connues:
            return
        self._connues.add(signature)
        document = str(page.evaluate(DOCUMENT))
        if document in self._documents:
            return
        self._documents.add(document)
        self.regles.add(ecran.regle)
        page.evaluate(Axe().axe_script)
        trouves = []
        for mesures, lumiere in self.vues:
            page.set_viewport_size(taille(mesures))
            # Jugée au milieu d'une transition, une couleur n'est ni celle du jour ni celle de la nuit.
            page.emulate_media(color_scheme=lumiere, reduced_motion="reduce")
            trouves += manquements(parcours)
        trouves += focus_perdus(parcours)
        page.set_viewport_size(taille(ETROIT))
        if depasse := debordement(parcours):
            trouves.append(f"défile de côté de {depasse} pixels à {ETROIT[0]}")
        if trouves:
            self.constats[f"{qui} {ecran.chemin}"] = sorted(set(trouves))


def taille(mesures: tuple[int, int]) -> Any:
    return dict(zip(("width", "height"), mesures, strict=True))


def manquements(parcours: Parcours) -> list[str]:
    resultat = parcours.page.evaluate("(regles) => axe.run(document, regles)", REGLES)
    return [
        f"{violation['id']} : {violation['help']} : {[noeud['html'][:160] for noeud in violation['nodes'][:3]]}"
        for violation in resultat["violations"]
    ]


def focus_perdus(parcours: Parcours) -> list[str]:
    """Ce que la touche Tab atteint sans que rien ne le montre, ni sur lui ni sur ce qui l'entoure."""
    parcours.page.keyboard.press("Tab")
    perdus: list[str] = parcours.page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((e) => {
          e.focus({ preventScroll: true });
          if (!e.matches(":focus-visible")) return false;
          for (let autour = e, rang = 0; autour && rang < 4; autour = autour.parentElement, rang += 1)
            if (getComputedStyle(autour).outlineStyle !== "none") return false;
          return true;
        }).map((e) => `le focus ne se voit pas : ${e.outerHTML.slice(0, 120)}`)"""
    )
    return perdus[:3]


def debordement(parcours: Parcours) -> int:
    """Pixels qui dépassent à droite : la page, ou un tableau que l’on ne peut pas faire défiler au clavier."""
    return int(
        parcours.page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(".table-cadre:not([tabindex])")]
              .reduce((pire, e) => Math.max(pire, e.scrollWidth - e.clientWidth), 0)"""
        )
    )


def du_terrain() -> re.Pattern[str]:
    trouve = re.search(r"const ROOTS = (\[.+\]);", ROUTEUR.read_text(encoding="utf-8"))
    assert trouve, "la liste des adresses du terrain n'est plus là"
    return re.compile(rf"^(?!.*\.pdf$)/(?:$|(?:{'|'.join(json.loads(trouve.group(1)))})(?:/|$))")


@pytest.fixture
def tous(serveur_debout: Serveur, semis: Semis, tmp_path: Path) -> list[Ecran]:
    supervision.semer(serveur_debout, semis)
    return ecrans(carte(tmp_path), valeurs(semis, serveur_debout)) + a_plusieurs.semer(serveur_debout, semis)


def test_every_screen_of_the_server_passes_axe_for_every_role(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tous: list[Ecran]
) -> None:
    jury, vus = Jury((TELEPHONE, "dark"), (BUREAU, "light")), set[str]()
    for qui in ("", "chef", "camille", "secretariat", "admin", "partenaire"):
        navigateur = ouvrir_navigateur(serveur_debout.adresse, taille=TELEPHONE)
        # Ce qui n'est pas à ce rôle est refusé par une page, jugée elle aussi.
        navigateur.tolerer(r"status of (403|404)")
        parcours = Parcours(navigateur)
        if qui:
            compte = getattr(semis, qui)
            parcours.se_connecter(compte.courriel, compte.mot_de_passe)
        else:
            parcours.ouvrir("/connexion")
        for ecran in tous:
            if parcours.page.evaluate(EST_UNE_PAGE, ecran.chemin):
                parcours.page.goto(ecran.chemin)
                jury.juger(parcours, ecran, qui)
                vus |= a_plusieurs.montre(parcours)
        navigateur.fermer()
    assert jury.constats == {}
    # Le parcours a vraiment eu lieu : dedans, dehors, au terrain, au bureau, à l'administration.
    assert {
        "/connexion",
        "/bienvenue/<jeton>",
        "/dossiers/<uuid:id>",
        "/supervision/fiches",
        "/administration",
        "/administration/appareils/<uuid:id>",
        "/supervision/desaccords",
    } < jury.regles
    assert vus == set(a_plusieurs.MONTRE)


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
