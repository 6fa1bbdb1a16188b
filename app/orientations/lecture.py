"""Lire en mémoire le fichier d'une liste : des lignes de textes, avec leur numéro dans le fichier.

Rien n'en est écrit sur le disque. Le genre du fichier se voit à ses premiers octets, non à son nom.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from app.importation.lecture import Cellule, FichierIllisible, decoder
from app.importation.valeurs import en_texte

OCTETS_MAX: Final = 3 * 1024 * 1024
DECOMPRESSES_MAX: Final = 48 * 1024 * 1024
LIGNES_MAX: Final = 2_000
COLONNES_MAX: Final = 80
SIGNES_MAX: Final = 500

_CLASSEUR: Final = b"PK\x03\x04"
_AUTRES: Final = {
    b"\xd0\xcf\x11\xe0": "Ce classeur vient d’un ancien Excel\u202f: enregistrez-le au format «\u202f.xlsx\u202f».",
    b"%PDF": "C’est un PDF\u202f: demandez la liste en tableau, ou enregistrez-la depuis un tableur.",
    b"{\\rtf": "C’est un document de traitement de texte\u202f: enregistrez la liste en tableau.",
}
_FEUILLE: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
# Une cellule qui contient quelque chose ; les cases seulement mises en forme ne comptent pas.
_REMPLIE: Final = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,4})([0-9]{1,9})[\"'][^>]*?>\s*<(?:\w+:)?(?:v|is|f)\b"
)
_ENTETE_LOCAL: Final = 30


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
        raise FichierIllisible(f"{refus.message[:1].upper()}{refus.message[1:]}.", refus.ligne) from refus


def _separateur(texte: str) -> str:
    """Celui qui découpe le plus de lignes en autant de colonnes : des lignes de titre peuvent n'en avoir aucun."""
    lignes = [ligne for ligne in texte.splitlines()[:60] if ligne.strip()]

    def regularite(separateur: str) -> int:
        comptes = Counter(ligne.count(separateur) for ligne in lignes)
        return max((colonnes * combien for colonnes, combien in comptes.items()), default=0)

    return max(";\t,|", key=regularite)


def _classeur(octets: bytes) -> list[Brutes]:
    illisible = FichierIllisible("Ce n’est pas un classeur XLSX lisible.")
    try:
        _verifier_les_tailles(octets)
        with CalamineWorkbook.from_filelike(io.BytesIO(octets)) as classeur:
            rangees = [
                classeur.get_sheet_by_index(rang).to_python(skip_empty_area=False)
                for rang in range(len(classeur.sheet_names))
            ]
    except (zipfile.BadZipFile, CalamineError, IndexError, zlib.error) as erreur:
        raise illisible from erreur
    except Exception as erreur:  # calamine dit par des classes à lui, non publiées, qu'un classeur est abîmé
        if isinstance(erreur, FichierIllisible):
            raise
        raise illisible from erreur
    return [list(enumerate(feuille, start=1)) for feuille in rangees]


def _verifier_les_tailles(octets: bytes) -> None:
    """Quelques kilo-octets peuvent en annoncer des milliards, et deux cellules, une feuille entière."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        membres = archive.infolist()
    if not any(membre.filename == "xl/workbook.xml" for membre in membres):
        raise FichierIllisible(
            "Ce n’est pas un classeur XLSX\u202f: enregistrez la liste en «\u202fClasseur Excel (.xlsx)\u202f»."
        )
    reste = DECOMPRESSES_MAX
    for membre in membres:
        contenu = _decompresser(octets, membre, reste)
        reste -= len(contenu)
        if _FEUILLE.fullmatch(membre.filename):
            _verifier_la_feuille(contenu)


def _decompresser(octets: bytes, membre: zipfile.ZipInfo, limite: int) -> bytes:
    """Ce que le membre contient vraiment : la taille qu'il annonce n'engage que lui."""
    debut = membre.header_offset
    noms = int.from_bytes(octets[debut + 26 : debut + 28], "little")
    ajouts = int.from_bytes(octets[debut + 28 : debut + 30], "little")
    debut += _ENTETE_LOCAL + noms + ajouts
    brut = octets[debut : debut + membre.compress_size]
    contenu = (
        brut if membre.compress_type == zipfile.ZIP_STORED else zlib.decompressobj(-15).decompress(brut, limite + 1)
    )
    if len(contenu) > limite:
        raise FichierIllisible("Ce classeur est trop gros une fois décompressé.")
    return contenu


def _verifier_la_feuille(contenu: bytes) -> None:
    for colonne, ligne in _REMPLIE.findall(contenu):
        if int(ligne) > 20 * LIGNES_MAX or _rang(colonne) > 5 * COLONNES_MAX:
            raise FichierIllisible(
                f"La case {colonne.decode()}{ligne.decode()} est loin du tableau\u202f: effacez-la, puis recommencez."
            )


def _rang(colonne: bytes) -> int:
    rang = 0
    for lettre in colonne:
        rang = rang * 26 + lettre - 64
    return rang
