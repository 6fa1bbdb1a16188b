"""Le graphique d'un tableau, dessiné ici en SVG : sans script ni style, ses nombres écrits à côté de chaque trait.

Le même sert à l'écran et au PDF. Chaque forme porte sa couleur d'impression en attribut, et une classe par laquelle la
feuille de style de l'écran la change ; aucune information n'est dans la couleur seule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from xml.etree import ElementTree as Arbre

from app.domain.indicateurs import arrondi
from app.rapports.tableau import Ligne, Tableau

LARGEUR: Final = 360
_ENCRE: Final = "#1c1914"
_FOND: Final = "#f1e9d8"
_ACCENT: Final = "#31357f"
# Des parts voisines se distinguent aussi en noir et blanc, et chacune porte sa lettre.
_TEINTES: Final = ("#31357f", "#c9cbe6", "#6a6fb5", "#e4dcc8", "#857a66", "#f0b53a")
_SUR: Final = ("#ffffff", _ENCRE, "#ffffff", _ENCRE, "#ffffff", _ENCRE)
_LETTRES: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CORPS: Final = 13
_PAS: Final = 42
_GOUTTIERE: Final = 40
# Ce que prend, au plus, un signe d'un nombre en gras.
_SIGNE: Final = 7
# Au-delà, une barre unique en parts ne se lit plus : des barres disent la même chose.
_PARTS_MAX: Final = len(_TEINTES)
_SIGNES_PAR_LIGNE: Final = 46


@dataclass(frozen=True)
class Dessin:
    """`dit` : ce que lit qui ne voit pas le dessin ; `hauteur` : dans la même unité que `LARGEUR`."""

    svg: str
    dit: str
    hauteur: int


def dessiner(tableau: Tableau, *, large: bool = False) -> Dessin | None:
    """Rien quand le tableau n'a pas de graphique, ou rien à y montrer, ou un compte que l'on tait.

    `large` : ses barres sur deux colonnes, pour toute la largeur d'une page.
    """
    lignes = _dessinees(tableau)
    if not tableau.dessin or len(lignes) < 2 or not any(li.nombre for li in lignes):
        return None
    montrees = 2 if tableau.dessin == "barres_doubles" else 1
    if any(cellule.nombre is None for li in lignes for cellule in li.cellules[:montrees]):
        return None
    plus_grand = max(cellule.nombre or 0 for li in lignes for cellule in li.cellules[:montrees])
    # Le plus long des nombres tient toujours : « 178 (100,00 %) ».
    piste = LARGEUR - 16 - _SIGNE * max(11, *(len(_chiffre(ligne)) for ligne in lignes))
    tracer: Callable[[Sequence[Ligne]], tuple[Arbre.Element, int]] = partial(
        _barres, plus_grand=plus_grand, piste=piste
    )
    if tableau.dessin == "parts" and len(lignes) <= _PARTS_MAX:
        tracer = _parts
    if tableau.dessin == "barres_doubles":
        titres = [colonne.titre.lower() for colonne in tableau.colonnes[:2]]
        tracer = partial(_barres_doubles, plus_grand=plus_grand, titres=titres)
    largeur = LARGEUR
    if large and tracer is not _parts:
        racine, hauteur, largeur = _sur_deux_colonnes(tracer, lignes)
    else:
        racine, hauteur = tracer(lignes)
    dit = _dit(tableau, lignes)
    racine.set("viewBox", f"0 0 {largeur} {hauteur}")
    return Dessin(_ecrire(racine, dit), dit, hauteur)


def _sur_deux_colonnes(
    tracer: Callable[[Sequence[Ligne]], tuple[Arbre.Element, int]], lignes: Sequence[Ligne]
) -> tuple[Arbre.Element, int, int]:
    """La première moitié à gauche, la seconde à droite, à la même échelle."""
    racine, milieu, haut = Arbre.Element("svg"), -(-len(lignes) // 2), 0
    for rang, moitie in enumerate((lignes[:milieu], lignes[milieu:])):
        dessinee, hauteur = tracer(moitie)
        groupe = Arbre.SubElement(racine, "g", {"transform": f"translate({rang * (LARGEUR + _GOUTTIERE)} 0)"})
        groupe.extend(dessinee)
        haut = max(haut, hauteur)
    return racine, haut, 2 * LARGEUR + _GOUTTIERE


def _dessinees(tableau: Tableau) -> list[Ligne]:
    """Les parties, non les sommes ; une ligne « Non renseigné » vide n'apprend rien à l'œil."""
    lignes = [li for li in tableau.lignes if li.sorte in ("ligne", "detail") and li.cellules[0].texte]
    if any(li.sorte == "ligne" for li in lignes):
        # « dont » : déjà dans la ligne du dessus.
        lignes = [li for li in lignes if li.sorte == "ligne"]
    return [li for li in lignes if li.nombre != 0 or li.code != "non_renseigne"]


def _dit(tableau: Tableau, lignes: Sequence[Ligne]) -> str:
    if tableau.dessin == "barres_doubles":
        titres = [colonne.titre.lower() for colonne in tableau.colonnes[:2]]
        dits = "\u202f; ".join(f"{li.libelle} {', '.join(_comptes(li, titres))}" for li in lignes)
        return f"{tableau.titre}\u202f: {dits}."
    chiffres = ", ".join(f"{ligne.libelle} {_chiffre(ligne)}" for ligne in lignes)
    colonne = f", {tableau.colonnes[0].titre.lower()}" if len(tableau.colonnes) > 1 else ""
    return f"{tableau.titre}{colonne}\u202f: {chiffres}."


def _chiffre(ligne: Ligne) -> str:
    return f"{ligne.texte} ({ligne.part})" if ligne.part else ligne.texte


def _comptes(ligne: Ligne, titres: Sequence[str]) -> list[str]:
    """« 12 relevés », « 7 travaillés »."""
    return [f"{cellule.texte} {titre}" for cellule, titre in zip(ligne.cellules, titres, strict=False)]


def _barres_doubles(lignes: Sequence[Ligne], plus_grand: int, titres: Sequence[str]) -> tuple[Arbre.Element, int]:
    """Deux barres par ligne, à la même échelle, chacune avec son nombre et ce qu'elle compte."""
    racine = Arbre.Element("svg")
    piste, haut = LARGEUR - 124, 0
    for ligne in lignes:
        base = haut
        for morceau in _couper(ligne.libelle):
            base += 16
            _texte(racine, 0, base - 3, morceau)
        teintes = ((_ACCENT, "dessin-barre"), (_TEINTES[4], "dessin-part--5"))
        dits = _comptes(ligne, titres)
        for cellule, dit, (teinte, classe) in zip(ligne.cellules[:2], dits, teintes, strict=True):
            nombre = cellule.nombre or 0
            longueur = max(_proportion(nombre, plus_grand, piste), 1.5 if nombre else 0)
            _rect(racine, 0, base + 3, piste, 9, _FOND, "dessin-piste")
            if longueur:
                _rect(racine, 0, base + 3, longueur, 9, teinte, classe)
            _texte(racine, piste + 8, base + 12, dit, gras=True)
            base += 16
        haut = base + 12
    return racine, int(haut - 8)


def _barres(lignes: Sequence[Ligne], plus_grand: int, piste: int) -> tuple[Arbre.Element, int]:
    """Une barre par ligne, de longueurs proportionnelles, son libellé au-dessus et son nombre au bout."""
    racine = Arbre.Element("svg")
    haut = 0
    for ligne in lignes:
        for rang, morceau in enumerate(_couper(ligne.libelle)):
            _texte(racine, 0, haut + _CORPS + rang * 16, morceau)
            base = haut + _CORPS + rang * 16
        longueur = max(_proportion(ligne.nombre or 0, plus_grand, piste), 1.5 if ligne.nombre else 0)
        _rect(racine, 0, base + 6, piste, 11, _FOND, "dessin-piste")
        if longueur:
            _rect(racine, 0, base + 6, longueur, 11, _ACCENT, "dessin-barre")
        _texte(racine, piste + 8, base + 16, _chiffre(ligne), gras=True)
        haut = base + _PAS - _CORPS
    return racine, int(haut - 2)


def _parts(lignes: Sequence[Ligne]) -> tuple[Arbre.Element, int]:
    """Une barre partagée, et sa légende : une lettre, un libellé, un nombre par part."""
    racine = Arbre.Element("svg")
    total = sum(ligne.nombre or 0 for ligne in lignes)
    gauche = 0.0
    for rang, ligne in enumerate(lignes):
        largeur = _proportion(ligne.nombre or 0, total, LARGEUR)
        if largeur:
            _rect(racine, gauche, 0, largeur, 34, _TEINTES[rang], f"dessin-part dessin-part--{rang + 1}", bord=True)
        if largeur >= 20:
            _texte(racine, gauche + largeur / 2, 22, _LETTRES[rang], gras=True, sur=rang)
        gauche += largeur
    haut = 52
    for rang, ligne in enumerate(lignes):
        _rect(racine, 0, haut, 20, 20, _TEINTES[rang], f"dessin-part dessin-part--{rang + 1}", bord=True)
        _texte(racine, 10, haut + 15, _LETTRES[rang], gras=True, sur=rang)
        _texte(racine, 30, haut + 15, f"{ligne.libelle}\u202f: {_chiffre(ligne)}")
        haut += 27
    return racine, haut


def _couper(libelle: str) -> list[str]:
    """Deux lignes au plus, coupées entre deux mots ; la fin d'un libellé démesuré se lit dans le tableau."""
    mots, lignes = libelle.split(), [""]
    for mot in mots:
        suite = f"{lignes[-1]} {mot}".strip()
        if len(suite) <= _SIGNES_PAR_LIGNE or not lignes[-1]:
            lignes[-1] = suite
        else:
            lignes.append(mot)
    coupees = [ligne[:_SIGNES_PAR_LIGNE] for ligne in lignes]
    return coupees if len(coupees) <= 2 else [coupees[0], f"{coupees[1][: _SIGNES_PAR_LIGNE - 1]}…"]


def _proportion(nombre: int, de: int, longueur: int) -> float:
    part = arrondi.part(nombre * longueur, de)
    return 0.0 if part is None else float(arrondi.arrondir(part / 100, 1))


def _rect(
    parent: Arbre.Element,
    x: float,
    y: float,
    largeur: float,
    hauteur: float,
    teinte: str,
    classe: str,
    *,
    bord: bool = False,
) -> None:
    attributs = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{largeur:g}", "height": f"{hauteur:g}"}
    attributs |= {"fill": teinte, "class": classe}
    if bord:
        attributs |= {"stroke": "#ffffff", "stroke-width": "1.5"}
    else:
        attributs |= {"rx": "2"}
    Arbre.SubElement(parent, "rect", attributs)


def _texte(parent: Arbre.Element, x: float, y: float, dit: str, *, gras: bool = False, sur: int | None = None) -> None:
    """`sur` : le rang de la part sur laquelle il s'écrit, centré."""
    attributs = {"x": f"{x:g}", "y": f"{y:g}", "fill": _ENCRE if sur is None else _SUR[sur]}
    attributs["class"] = "dessin-texte" if sur is None else f"dessin-lettre dessin-lettre--{sur + 1}"
    if gras:
        attributs["font-weight"] = "700"
    if sur is not None:
        attributs["text-anchor"] = "middle"
    Arbre.SubElement(parent, "text", attributs).text = dit


def _ecrire(racine: Arbre.Element, dit: str) -> str:
    """Le nom du dessin est son texte de remplacement : le SVG vaut une image."""
    racine.set("xmlns", "http://www.w3.org/2000/svg")
    racine.set("class", "dessin")
    racine.set("role", "img")
    racine.set("aria-label", dit)
    racine.set("font-family", "Jalon")
    racine.set("font-size", str(_CORPS))
    return Arbre.tostring(racine, encoding="unicode")
