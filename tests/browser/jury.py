"""Juger un écran : axe, le focus, et ce qui dépasse, de jour comme de nuit, de 320 à 1280 pixels de large.

Les écrans viennent de la carte des adresses (`ecrans.py`) et sont demandés par chaque rôle. Une page n'est jugée que si
elle montre une sorte d'élément que son adresse n'avait pas encore montrée : ni un texte, ni une ligne de plus d'une
même liste, ni le même écran reçu par un autre rôle ne la font juger deux fois.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # sans types publiés

from . import a_plusieurs
from .conftest import OuvrirNavigateur
from .ecrans import Ecran
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

# Des fenêtres assez hautes pour tout l'écran : la barre du bas, qui suit le pouce, n'y couvre aucun bouton.
TELEPHONE, BUREAU, ETROIT = (390, 9600), (1280, 3200), (320, 568)
Lumiere = Literal["light", "dark"]
TOUTES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Ce que changent la largeur et la lumière, et elles seules : une page jugée en entier dans l'autre vue s'y
# limite, une fois sa famille d'adresses (« /equipe »…) jugée en entier dans les deux.
DE_LA_VUE = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}
# Les sortes d'éléments de la page : ce qui les entoure et leurs classes jusqu'au corps, les attributs qu'ils portent et
# s'ils sont vides, leur rôle, ce qu'ils demandent, s'ils ont un libellé, un texte ; et quel titre suit quel titre.
SORTES = """() => {
  const chemins = new Map(), sortes = new Set();
  let titre = "";
  for (const e of document.body.querySelectorAll("*")) {
    const chemin = `${chemins.get(e.parentElement) ?? ""}>${e.tagName}.${[...e.classList].join(".")}`;
    chemins.set(e, chemin);
    const texte = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    const attributs = e.getAttributeNames().map((nom) => (e.getAttribute(nom) ? nom : `${nom} vide`)).sort();
    sortes.add([chemin, attributs, e.getAttribute("role"), e.type, e.labels?.length, e.hidden, texte].join());
    if (/^H[1-6]$/.test(e.tagName)) {
      sortes.add(`${titre} puis ${e.tagName}`);
      titre = e.tagName;
    }
  }
  return [...sortes];
}"""
# Le document, sans ce que le serveur tire au sort : le même refus à vingt adresses n'est jugé qu'une fois.
DOCUMENT = """() => {
  const copie = document.documentElement.cloneNode(true);
  for (const tirage of ["nonce", "hx-nonce"])
    for (const e of copie.querySelectorAll(`[${tirage}]`)) e.removeAttribute(tirage);
  for (const e of copie.querySelectorAll("[name=csrf_token]")) e.removeAttribute("value");
  return copie.outerHTML;
}"""
# Demande sans y aller : « 200 », ou le statut d'un refus et son titre ; rien pour ce qui n'est pas un écran.
REPONSE = """async (chemin) => {
  const reponse = await fetch(chemin, { redirect: "manual", headers: { Accept: "text/html" } });
  const texte = await reponse.text();
  if (!(reponse.headers.get("Content-Type") ?? "").startsWith("text/html")) return "";
  return reponse.status === 200 ? "200" : `${reponse.status} ${texte.match(/<h1[^]*?<.h1>/)?.[0]}`;
}"""


class Jury:
    """Juge l'écran affiché, s'il montre du neuf, sous deux vues : largeur, lumière ; puis à 320 pixels."""

    def __init__(self, *vues: tuple[tuple[int, int], Lumiere]) -> None:
        self.vues = vues
        self.constats: dict[str, list[str]] = {}
        self.regles: set[str] = set()
        self._connues: dict[str, set[str]] = defaultdict(set)
        self._documents: set[str] = set()

    def juger(self, parcours: Parcours, ecran: Ecran, qui: str) -> None:
        page = parcours.page
        page.set_viewport_size(taille(TELEPHONE))
        sortes, connues = set(page.evaluate(SORTES)), self._connues[ecran.regle]
        if sortes <= connues:
            return
        connues |= sortes
        document = str(page.evaluate(DOCUMENT))
        if document in self._documents:
            return
        self._documents.add(document)
        neuve = famille(ecran.regle) not in set(map(famille, self.regles))
        self.regles.add(ecran.regle)
        page.evaluate(Axe().axe_script)
        trouves = []
        for rang, (mesures, lumiere) in enumerate(self.vues):
            page.set_viewport_size(taille(mesures))
            # Jugée au milieu d'une transition, une couleur n'est ni celle du jour ni celle de la nuit.
            page.emulate_media(color_scheme=lumiere, reduced_motion="reduce")
            trouves += manquements(parcours, DE_LA_VUE if rang and not neuve else TOUTES)
        trouves += focus_perdus(parcours)
        page.set_viewport_size(taille(ETROIT))
        if depasse := debordement(parcours):
            trouves.append(f"défile de côté de {depasse} pixels à {ETROIT[0]}")
        if trouves:
            self.constats[f"{qui} {ecran.chemin}"] = sorted(set(trouves))


def famille(regle: str) -> str:
    return regle.split("/")[1]


def taille(mesures: tuple[int, int]) -> Any:
    return dict(zip(("width", "height"), mesures, strict=True))


def manquements(parcours: Parcours, regles: Any) -> list[str]:
    choix = {"runOnly": regles, "resultTypes": ["violations"]}
    resultat = parcours.page.evaluate("(choix) => axe.run(document, choix)", choix)
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


def par_chaque_role(
    jury: Jury, serveur: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, ecrans: list[Ecran]
) -> set[str]:
    """Fait juger ces écrans, dehors puis par chaque rôle ; rend ce qui s'y est vu du travail à plusieurs."""
    vus = set[str]()
    for qui in ("", "chef", "camille", "secretariat", "admin", "partenaire"):
        navigateur = ouvrir_navigateur(serveur.adresse, taille=TELEPHONE)
        # Ce qui n'est pas à ce rôle est refusé par une page, jugée elle aussi.
        navigateur.tolerer(r"status of (403|404)")
        parcours = Parcours(navigateur)
        if qui:
            compte = getattr(semis, qui)
            parcours.se_connecter(compte.courriel, compte.mot_de_passe)
        else:
            parcours.ouvrir("/connexion")
        refus = set[str]()
        for ecran in ecrans:
            reponse = str(parcours.page.evaluate(REPONSE, ecran.chemin))
            # Un même refus est une même page, à quelque adresse que ce soit.
            if not reponse or reponse in refus:
                continue
            if reponse != "200":
                refus.add(reponse)
            parcours.page.goto(ecran.chemin)
            jury.juger(parcours, ecran, qui)
            vus |= a_plusieurs.montre(parcours)
        navigateur.fermer()
    return vus
