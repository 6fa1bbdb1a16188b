"""Lire un fichier CSV ou XLSX en lignes de cellules, quel que soit le tableur qui l'a écrit.

CSV : UTF-8 avec ou sans marque, ou Windows-1252 ; séparateur « ; », « , » ou tabulation, reconnu à la ligne de titres.
XLSX : la première feuille ; les dates y sont de vraies dates, les nombres de vrais nombres.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from app.importation.classeur import Bornes, verifier
from app.importation.illisible import FichierIllisible

Cellule = str | int | float | bool | date | datetime | time | timedelta | None

OCTETS_MAX: Final = 256 * 1024 * 1024
COLONNES_MAX: Final = 200
# De quoi reprendre un million de rendez-vous d'un coup ; le fichier est de qui tient la machine.
BORNES: Final = Bornes(1024 * 1024 * 1024, 1_048_576, 5 * COLONNES_MAX, 50_000_000, 1_000_000_000)
_SEPARATEURS: Final = ";,\t"
_MARQUE_UTF8: Final = b"\xef\xbb\xbf"
_MARQUES_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Ligne:
    """Une ligne de données et son numéro dans le fichier, tel que le tableur le montre."""

    numero: int
    cellules: list[Cellule]


@dataclass(frozen=True)
class Feuille:
    titres: list[str]
    lignes: Iterator[Ligne]


def lire(chemin: Path) -> Feuille:
    """Les titres et les lignes non vides. `FichierIllisible` peut aussi être levée en parcourant les lignes."""
    if chemin.stat().st_size > OCTETS_MAX:
        raise FichierIllisible(f"le fichier dépasse {OCTETS_MAX // 1024 // 1024} Mio")
    return _lire_xlsx(chemin) if chemin.suffix.lower() == ".xlsx" else _lire_csv(chemin)


def lignes_estimees(chemin: Path) -> int | None:
    """À peu près le nombre de lignes d'un CSV, pour dire où on en est ; None pour un classeur, qui se lit d'un bloc."""
    if chemin.suffix.lower() == ".xlsx":
        return None
    with chemin.open("rb") as fichier:
        return sum(morceau.count(b"\n") for morceau in iter(lambda: fichier.read(1 << 20), b""))


def _lire_csv(chemin: Path) -> Feuille:
    texte = decoder(chemin.read_bytes())
    titres_bruts = texte.split("\n", 1)[0]
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(titres_bruts), strict=True)
    try:
        titres = next(lecteur, [])
    except csv.Error as erreur:
        raise FichierIllisible("guillemets mal fermés", 1) from erreur
    return Feuille(_titres(list(titres)), _lignes_csv(lecteur))


def _lignes_csv(lecteur: Iterator[list[str]]) -> Iterator[Ligne]:
    # Une cellule peut tenir sur plusieurs lignes du fichier : le numéro montré est celui du début de l'enregistrement.
    while True:
        numero = lecteur.line_num + 1  # type: ignore[attr-defined]  # csv.reader n'a pas de type public
        try:
            cellules = next(lecteur)
        except StopIteration:
            return
        except csv.Error as erreur:
            trop_longue = "field larger" in str(erreur)
            message = "une cellule est trop longue" if trop_longue else "guillemets mal placés ou mal fermés"
            raise FichierIllisible(message, numero) from erreur
        if any(c and not c.isspace() for c in cellules):
            yield Ligne(numero, list(cellules))


def decoder(octets: bytes) -> str:
    """Le texte d'un CSV, quel que soit le tableur ; lève `FichierIllisible`."""
    if octets.startswith(_MARQUES_UTF16) or b"\x00" in octets[:4096]:
        raise FichierIllisible("ce n'est pas un CSV en UTF-8 ni en Windows-1252 ; enregistrez-le en « CSV UTF-8 »")
    sans_marque = octets.removeprefix(_MARQUE_UTF8)
    try:
        return sans_marque.decode("utf-8")
    except UnicodeDecodeError as erreur:
        if octets.startswith(_MARQUE_UTF8):
            ligne = sans_marque.count(b"\n", 0, erreur.start) + 1
            raise FichierIllisible("caractère illisible dans un fichier annoncé en UTF-8", ligne) from erreur
    try:
        return octets.decode("cp1252")
    except UnicodeDecodeError as erreur:
        ligne = octets.count(b"\n", 0, erreur.start) + 1
        raise FichierIllisible("caractère illisible ; enregistrez le fichier en « CSV UTF-8 »", ligne) from erreur


def _separateur(titres: str) -> str:
    return max(_SEPARATEURS, key=titres.count)


def _titres(cellules: list[Cellule]) -> list[str]:
    if len(cellules) > COLONNES_MAX:
        raise FichierIllisible(f"plus de {COLONNES_MAX} colonnes", 1)
    return ["" if c is None else str(c).strip().lower() for c in cellules]


def _lire_xlsx(chemin: Path) -> Feuille:
    try:
        with chemin.open("rb") as fichier:
            verifier(fichier, BORNES)
        rangees = CalamineWorkbook.from_path(chemin).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as erreur:
        raise FichierIllisible("ce n'est pas un classeur XLSX lisible") from erreur
    if not rangees:
        return Feuille([], iter(()))
    return Feuille(_titres(list(rangees[0])), _lignes_xlsx(rangees[1:]))


def _lignes_xlsx(rangees: Sequence[Sequence[Cellule]]) -> Iterator[Ligne]:
    for numero, cellules in enumerate(rangees, start=2):
        if any(c not in ("", None) and not (isinstance(c, str) and c.isspace()) for c in cellules):
            yield Ligne(numero, list(cellules))
