"""Lire en mémoire le fichier d'une liste : des lignes de textes, avec leur numéro dans le fichier.

Rien n'en est écrit sur le disque. Le genre du fichier se voit à ses premiers octets, non à son nom.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from python_calamine import CalamineWorkbook

from app.importation.classeur import Bornes, verifier
from app.importation.illisible import FichierIllisible
from app.importation.lecture import Cellule, decoder
from app.importation.valeurs import en_texte

OCTETS_MAX: Final = 3 * 1024 * 1024
LIGNES_MAX: Final = 2_000
COLONNES_MAX: Final = 80
SIGNES_MAX: Final = 500
FEUILLES_MAX: Final = 40
# Une liste du mois, largement, et ce que l'on peut lire d'un coup sans gêner personne.
BORNES: Final = Bornes(48 * 1024 * 1024, 20 * LIGNES_MAX, 5 * COLONNES_MAX, 1_000_000, 20_000_000)

_CLASSEUR: Final = b"PK\x03\x04"
_AUTRES: Final = {
    b"\xd0\xcf\x11\xe0": "Ce classeur vient d’un ancien Excel\u202f: enregistrez-le au format «\u202f.xlsx\u202f».",
    b"%PDF": "C’est un PDF\u202f: demandez la liste en tableau, ou enregistrez-la depuis un tableur.",
    b"{\\rtf": "C’est un document de traitement de texte\u202f: enregistrez la liste en tableau.",
}

# Les lignes d'une feuille, avec leur numéro, avant toute vérification.
Brutes = Iterable[tuple[int, Sequence[Cellule]]]


@dataclass(frozen=True)
class Ligne:
    numero: int
    cellules: list[str]


def lire(octets: bytes) -> list[list[Ligne]]:
    """Les feuilles du fichier, chacune avec ses lignes non vides ; un CSV en a une. Lève `FichierIllisible`."""
    if not octets.strip():
        raise FichierIllisible("Ce fichier est vide.")
    if len(octets) > OCTETS_MAX:
        raise FichierIllisible(
            f"Ce fichier dépasse {OCTETS_MAX // 1024 // 1024} Mio\u202f: ce n’est pas une liste du mois."
        )
    for debut, message in _AUTRES.items():
        if octets.startswith(debut):
            raise FichierIllisible(message)
    brutes: Iterable[Brutes] = _classeur(octets) if octets.startswith(_CLASSEUR) else (_csv(octets),)
    feuilles = [lignes for feuille in brutes if (lignes := list(_bornees(feuille)))]
    if not feuilles:
        raise FichierIllisible("Ce fichier ne contient aucune ligne.")
    return feuilles


def _bornees(lignes: Brutes) -> Iterator[Ligne]:
    rendues = 0
    for numero, cellules in lignes:
        textes = [_texte(cellule) for cellule in cellules]
        while textes and not textes[-1]:
            textes.pop()
        if not textes:
            continue
        rendues += 1
        if rendues > LIGNES_MAX:
            raise FichierIllisible(
                f"Plus de {LIGNES_MAX} lignes\u202f: une liste d’orientations se reçoit mois par mois."
            )
        if len(textes) > COLONNES_MAX:
            raise FichierIllisible(f"Plus de {COLONNES_MAX} colonnes à la ligne {numero}.", numero)
        yield Ligne(numero, textes)


def _texte(cellule: Cellule) -> str:
    """Ce que la cellule montre ; sans les signes qu'aucun clavier n'écrit, que la base refuserait."""
    lisible = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", en_texte(cellule)))
    texte = " ".join(lisible.split())
    # Une date de tableur porte une heure : minuit n'en est pas une.
    return texte.removesuffix(" 00:00")[:SIGNES_MAX]


def _csv(octets: bytes) -> Iterator[tuple[int, list[str]]]:
    texte = _decoder(octets)
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte))
    try:
        while True:
            numero = lecteur.line_num + 1
            yield numero, next(lecteur)
    except StopIteration:
        return
    except csv.Error as erreur:
        raise FichierIllisible("Une cellule est trop longue, ou ses guillemets ne se ferment pas.", numero) from erreur


def _decoder(octets: bytes) -> str:
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return octets.decode("utf-16")
        except UnicodeDecodeError as erreur:
            raise FichierIllisible(
                "Ce fichier ne se lit pas\u202f: enregistrez-le en «\u202fCSV UTF-8\u202f»."
            ) from erreur
    if b"\x00" in octets:
        raise FichierIllisible("Ce n’est ni un CSV ni un classeur XLSX.")
    try:
        return decoder(octets)
    except FichierIllisible as refus:
        raise _dit(refus) from refus


def _separateur(texte: str) -> str:
    """Celui qui découpe le plus de lignes en autant de colonnes : des lignes de titre peuvent n'en avoir aucun."""
    lignes = [ligne for ligne in texte.splitlines()[:60] if ligne.strip()]

    def regularite(separateur: str) -> int:
        comptes = Counter(ligne.count(separateur) for ligne in lignes)
        return max((colonnes * combien for colonnes, combien in comptes.items()), default=0)

    return max(";\t,|", key=regularite)


def _classeur(octets: bytes) -> Iterator[Brutes]:
    """Les feuilles une à une. Ce qui est lu est ce qui vient d'être vérifié, remis dans une archive neuve."""
    try:
        contenus = verifier(io.BytesIO(octets), BORNES)
    except FichierIllisible as refus:
        raise _dit(refus) from refus
    if "xl/workbook.xml" not in contenus:
        raise FichierIllisible(
            "Ce n’est pas un classeur XLSX\u202f: enregistrez la liste en «\u202fClasseur Excel (.xlsx)\u202f»."
        )
    try:
        with CalamineWorkbook.from_filelike(_archive(contenus)) as classeur:
            noms = classeur.sheet_names
            if len(noms) > FEUILLES_MAX:
                raise FichierIllisible(f"Plus de {FEUILLES_MAX} feuilles\u202f: gardez celle de la liste.")
            for rang in range(len(noms)):
                feuille = classeur.get_sheet_by_index(rang)
                yield enumerate(feuille.to_python(skip_empty_area=False), start=1)
    except FichierIllisible:
        raise
    except Exception as erreur:  # calamine dit par des classes à lui, non publiées, qu'un classeur est abîmé
        raise FichierIllisible("Ce n’est pas un classeur XLSX lisible.") from erreur


def _archive(contenus: Mapping[str, bytes]) -> io.BytesIO:
    recomposee = io.BytesIO()
    with zipfile.ZipFile(recomposee, "w") as archive:
        for nom, contenu in contenus.items():
            archive.writestr(nom, contenu)
    recomposee.seek(0)
    return recomposee


def _dit(refus: FichierIllisible) -> FichierIllisible:
    """Le même refus, en une phrase."""
    return FichierIllisible(f"{refus.message[:1].upper()}{refus.message[1:]}.".replace("'", "’"), refus.ligne)
