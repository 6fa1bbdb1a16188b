"""Le rapport en classeur (XLSX) : une feuille par tableau, de vrais nombres, et les définitions à la fin.

Un pourcentage est un nombre, écrit avec les décimales du tableau : celui que le rapport imprime. Rien de ce qui a été
tapé n'y est une formule ni un lien.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]  # XlsxWriter ne publie pas ses types

from app.domain.indicateurs import arrondi
from app.rapports.edition import Edition
from app.rapports.formats import neutraliser
from app.rapports.tableau import Cellule, Tableau

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# Ce qu'un nom de feuille n'a pas le droit d'écrire, et sa longueur.
_INTERDITS: Final = re.compile(r"[\[\]:*?/\\]")
_LONGUEUR: Final = 31
_GRAS: Final = frozenset({"total", "sous_total", "intertitre"})
_LARGEURS: Final = {"libelle": 52, "chiffre": 14}


def en_xlsx(edition: Edition) -> bytes:
    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon, dict(_OPTIONS)) as classeur:
        classeur.set_properties(
            {"title": f"Rapport {edition.demande.periode.libelle}", "author": neutraliser(edition.structure)}
        )
        feuilles = _Feuilles(classeur)
        _sommaire(feuilles, edition)
        for tableau in edition.tableaux:
            _tableau(feuilles, tableau)
        _definitions(feuilles, edition)
    return tampon.getvalue()


class _Feuilles:
    """Un classeur, ses noms de feuille déjà pris, et ses formes de cellule, chacune faite une fois."""

    def __init__(self, classeur: Any) -> None:
        self.classeur = classeur
        self._noms: set[str] = set()
        self._formes: dict[tuple[tuple[str, Any], ...], Any] = {}

    def ajouter(self, titre: str) -> Any:
        """Un nom de feuille est court, unique sans égard aux majuscules, et n'a pas tous les signes."""
        propre = _INTERDITS.sub(" ", titre).strip("' ")[:_LONGUEUR] or "Tableau"
        nom, rang = propre, 2
        while nom.casefold() in self._noms:
            nom, rang = f"{propre[: _LONGUEUR - 4]} ({rang})", rang + 1
        self._noms.add(nom.casefold())
        feuille = self.classeur.add_worksheet(nom)
        feuille.set_landscape()
        feuille.set_paper(9)
        feuille.fit_to_pages(1, 0)
        return feuille

    def forme(self, **traits: Any) -> Any:
        cle = tuple(sorted(traits.items()))
        if cle not in self._formes:
            self._formes[cle] = self.classeur.add_format({"valign": "top", **traits})
        return self._formes[cle]


def _sommaire(feuilles: _Feuilles, edition: Edition) -> None:
    feuille = feuilles.ajouter("Rapport")
    feuille.set_column(0, 0, 24)
    feuille.set_column(1, 1, 80)
    feuille.write_string(0, 0, f"Rapport {edition.demande.periode.libelle}", feuilles.forme(bold=True, font_size=16))
    lignes = [
        ("Structure", edition.structure),
        *(
            ("Convention", f"{code}\u202f: {nom}")
            for code, nom in zip(edition.demande.conventions, edition.noms, strict=True)
        ),
        (
            "Période",
            f"du {edition.demande.periode.premier_jour:%d/%m/%Y} au {edition.demande.periode.dernier_jour:%d/%m/%Y}",
        ),
        ("État", edition.chiffres_du),
        ("Petits comptes", "masqués, avec ce qui les ferait deviner" if edition.masquee else "écrits"),
    ]
    for rang, (titre, dit) in enumerate(lignes, 2):
        feuille.write_string(rang, 0, titre, feuilles.forme(bold=True))
        feuille.write_string(rang, 1, neutraliser(dit), feuilles.forme(text_wrap=True))
    rang = len(lignes) + 3
    for partie in edition.parties:
        feuille.write_string(rang, 0, partie.titre, feuilles.forme(bold=True, text_wrap=True))
        for tableau in partie.tableaux:
            feuille.write_string(rang, 1, neutraliser(f"{tableau.titre} ({tableau.unite})"))
            rang += 1


def _tableau(feuilles: _Feuilles, tableau: Tableau) -> None:
    feuille = feuilles.ajouter(tableau.titre)
    feuille.set_column(0, 0, _LARGEURS["libelle"])
    feuille.write_string(0, 0, neutraliser(tableau.titre), feuilles.forme(bold=True, font_size=14))
    feuille.write_string(1, 0, tableau.unite, feuilles.forme(italic=True))
    tete = feuilles.forme(bold=True, bottom=1, align="right", text_wrap=True)
    feuille.write_string(3, 0, "Indicateur", feuilles.forme(bold=True, bottom=1))
    for place, titre in enumerate(_titres(tableau), 1):
        feuille.set_column(place, place, _LARGEURS["chiffre"])
        feuille.write_string(3, place, neutraliser(titre), tete)
    feuille.freeze_panes(4, 1)
    for rang, ligne in enumerate(tableau.lignes, 4):
        gras = {"bold": True} if ligne.sorte in _GRAS else {}
        retrait = {"indent": 1} if ligne.sorte == "detail" else {}
        feuille.write_string(rang, 0, neutraliser(ligne.libelle), feuilles.forme(text_wrap=True, **gras, **retrait))
        place = 1
        for cellule, avec_part in zip(ligne.cellules, tableau.avec_parts, strict=True):
            _ecrire(feuille, rang, place, _valeur(cellule), feuilles, gras)
            if avec_part:
                _ecrire(feuille, rang, place + 1, _part(cellule), feuilles, gras)
            place += 1 + avec_part
    rang = 5 + len(tableau.lignes)
    for dit in _remarques(tableau):
        feuille.write_string(rang, 0, neutraliser(dit), feuilles.forme(text_wrap=True, italic=True))
        rang += 1


def _titres(tableau: Tableau) -> Iterator[str]:
    for colonne, avec_part in zip(tableau.colonnes, tableau.avec_parts, strict=True):
        yield colonne.titre
        if avec_part:
            yield "Part" if len(tableau.colonnes) == 1 else f"Part ({colonne.titre})"


def _remarques(tableau: Tableau) -> Iterator[str]:
    yield from tableau.notes
    for controle in tableau.controles:
        yield f"Vérifié\u202f: {controle.phrase}" if controle.juste else f"À vérifier\u202f: {controle.phrase}"


# Une valeur, et la façon dont le tableur l'écrit ; un texte n'en a pas.
Valeur = tuple[float | int | str, str]


def _valeur(cellule: Cellule) -> Valeur:
    if cellule.nombre is not None:
        return cellule.nombre, "#,##0"
    if cellule.exact is None:
        return cellule.texte, ""
    if cellule.texte.endswith("%"):
        return _pour_cent(cellule.exact, cellule.decimales)
    unite = cellule.texte.lstrip("-0123456789,\u202f")
    nombre = arrondi.arrondir(cellule.exact, cellule.decimales)
    return float(nombre), _decimales("#,##0", cellule.decimales) + (f'"{unite}"' if unite and '"' not in unite else "")


def _part(cellule: Cellule) -> Valeur:
    if cellule.part is None or cellule.exact is None:
        return cellule.part or "", ""
    return _pour_cent(cellule.exact, cellule.decimales)


def _pour_cent(exact: Fraction, decimales: int) -> Valeur:
    return float(arrondi.arrondir(exact, decimales) / 100), _decimales("0", decimales) + "%"


def _decimales(forme: str, decimales: int) -> str:
    return f"{forme}.{'0' * decimales}" if decimales else forme


def _ecrire(feuille: Any, rang: int, place: int, valeur: Valeur, feuilles: _Feuilles, gras: dict[str, bool]) -> None:
    lue, forme = valeur
    if isinstance(lue, str):
        if lue:
            feuille.write_string(rang, place, neutraliser(lue), feuilles.forme(align="right", **gras))
    else:
        feuille.write_number(rang, place, lue, feuilles.forme(num_format=forme, **gras))


def _definitions(feuilles: _Feuilles, edition: Edition) -> None:
    feuille = feuilles.ajouter("Définitions")
    for place, (titre, largeur) in enumerate(
        (("Indicateur", 36), ("Unité", 14), ("Ce qui est compté", 60), ("Rapporté à", 40), ("À quelle date", 60))
    ):
        feuille.set_column(place, place, largeur)
        feuille.write_string(0, place, titre, feuilles.forme(bold=True, bottom=1))
    feuille.freeze_panes(1, 1)
    for rang, d in enumerate(edition.definitions, 1):
        for place, dit in enumerate((d.nom, d.unite, d.population, d.denominateur, d.regle_de_date)):
            feuille.write_string(rang, place, neutraliser(dit), feuilles.forme(text_wrap=True))
