"""Ce qu'un classeur XLSX demanderait de mémoire, compté dans son XML avant qu'il soit ouvert.

Deux cases éloignées font une feuille entière, un texte cité mille fois en fait mille, et quelques kilo-octets peuvent
en annoncer des milliards. Une feuille se reconnaît à ce qu'elle contient, où qu'elle soit rangée dans l'archive.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import IO, Final
from xml.parsers import expat

from app.importation.illisible import FichierIllisible

_ILLISIBLE: Final = "ce n'est pas un classeur XLSX lisible"
_TROP_GROS: Final = "le classeur est trop gros une fois décompressé"
_FEUILLE: Final = b"sheetData"
_TEXTES: Final = "sharedstrings.xml"
_CASE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NUMERO: Final = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True)
class Bornes:
    """`octets` : du classeur ouvert ; `cases` : de tous les rectangles remplis, vides compris ; `signes` : de toutes
    les cases.
    """

    octets: int
    lignes: int
    colonnes: int
    cases: int
    signes: int


def verifier(fichier: IO[bytes], bornes: Bornes) -> dict[str, bytes]:
    """Ce que contient l'archive, chaque membre une fois, vérifié ; lève `FichierIllisible`."""
    contenus: dict[str, bytes] = {}
    reste = bornes.octets
    try:
        with zipfile.ZipFile(fichier) as archive:
            for membre in archive.infolist():
                if membre.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise FichierIllisible(_ILLISIBLE)
                with archive.open(membre) as ouvert:
                    contenus[membre.filename] = contenu = ouvert.read(reste + 1)
                reste -= len(contenu)
                if reste < 0:
                    raise FichierIllisible(_TROP_GROS)
    # Un membre chiffré se dit par RuntimeError, une version d'archive inconnue par NotImplementedError.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as erreur:
        raise FichierIllisible(_ILLISIBLE) from erreur
    _verifier_le_xml(contenus, bornes)
    return contenus


def _verifier_le_xml(contenus: dict[str, bytes], bornes: Bornes) -> None:
    longueurs = [
        longueur
        for nom, contenu in contenus.items()
        if nom.lower().endswith(_TEXTES)
        for longueur in _Textes(contenu).longueurs
    ]
    cases = signes = 0
    for contenu in contenus.values():
        if _FEUILLE not in contenu:
            continue
        feuille = _Feuille(contenu, bornes, longueurs)
        cases, signes = cases + feuille.lignes * feuille.colonnes, signes + feuille.signes
        if cases > bornes.cases or signes > bornes.signes:
            raise FichierIllisible("ce classeur a trop de cases, ou trop de texte\u202f; gardez-en le tableau seul")


class _Lecture(ABC):
    """Un membre, balise par balise, comme le lecteur le lira : en UTF-8, sans espaces de noms ni entités à lui."""

    def __init__(self, contenu: bytes) -> None:
        lecteur = expat.ParserCreate("UTF-8")
        lecteur.buffer_text = True
        lecteur.StartElementHandler = lambda nom, attributs: self.ouvre(nom.rpartition(":")[2], attributs)
        lecteur.EndElementHandler = lambda nom: self.ferme(nom.rpartition(":")[2])
        lecteur.CharacterDataHandler = self.texte
        lecteur.StartDoctypeDeclHandler = self._doctype
        try:
            lecteur.Parse(contenu, True)
        except expat.ExpatError as erreur:
            raise FichierIllisible(_ILLISIBLE) from erreur

    def _doctype(self, *_: object) -> None:
        raise FichierIllisible(_ILLISIBLE)

    @abstractmethod
    def ouvre(self, balise: str, attributs: dict[str, str]) -> None: ...

    @abstractmethod
    def ferme(self, balise: str) -> None: ...

    @abstractmethod
    def texte(self, ecrit: str) -> None: ...


class _Textes(_Lecture):
    """Les textes que les cases citent par leur rang."""

    def __init__(self, contenu: bytes) -> None:
        self.longueurs: list[int] = []
        self._longueur = 0
        super().__init__(contenu)

    def ouvre(self, balise: str, attributs: dict[str, str]) -> None:
        if balise == "si":
            self._longueur = 0

    def ferme(self, balise: str) -> None:
        if balise == "si":
            self.longueurs.append(self._longueur)

    def texte(self, ecrit: str) -> None:
        self._longueur += len(ecrit)


class _Feuille(_Lecture):
    """Le rectangle qu'il faut pour ses cases remplies ; celles qui ne sont que mises en forme ne comptent pas."""

    def __init__(self, contenu: bytes, bornes: Bornes, longueurs: list[int]) -> None:
        self.lignes = self.colonnes = self.signes = 0
        self._bornes, self._longueurs = bornes, longueurs
        self._ligne, self._colonne = 1, 0
        self._cite, self._valeur = False, ""
        super().__init__(contenu)

    def ouvre(self, balise: str, attributs: dict[str, str]) -> None:
        if balise == "row":
            if "r" in attributs:
                self._ligne = _numero(attributs["r"])
            self._colonne = 0
        elif balise == "c":
            self._situer(attributs.get("r"))
            self._cite, self._valeur = attributs.get("t") == "s", ""
        elif balise in ("v", "is", "f"):
            self._remplir()

    def ferme(self, balise: str) -> None:
        if balise == "row":
            self._ligne += 1
        elif balise == "c" and self._cite and self._valeur.strip().isdecimal():
            rang = int(self._valeur.strip()[:9])
            self.signes += self._longueurs[rang] if rang < len(self._longueurs) else 0

    def texte(self, ecrit: str) -> None:
        self.signes += len(ecrit)
        if self._cite:
            self._valeur += ecrit

    def _situer(self, adresse: str | None) -> None:
        if adresse is None:
            self._colonne += 1
            return
        lue = _CASE.fullmatch(adresse)
        if lue is None:
            raise FichierIllisible(_ILLISIBLE)
        # Une case d'une autre ligne que la sienne : la plus lointaine des deux.
        self._colonne, self._ligne = _rang(lue[1]), max(self._ligne, int(lue[2]))

    def _remplir(self) -> None:
        if self._ligne > self._bornes.lignes or self._colonne > self._bornes.colonnes:
            case = f"{_lettres(self._colonne)}{self._ligne}"
            raise FichierIllisible(f"la case {case} est loin du tableau\u202f: effacez-la, puis recommencez")
        self.lignes, self.colonnes = max(self.lignes, self._ligne), max(self.colonnes, self._colonne)


def _numero(ecrit: str) -> int:
    if not _NUMERO.fullmatch(ecrit):
        raise FichierIllisible(_ILLISIBLE)
    return int(ecrit)


def _rang(lettres: str) -> int:
    rang = 0
    for lettre in lettres.upper():
        rang = rang * 26 + ord(lettre) - 64
    return rang


def _lettres(rang: int) -> str:
    return (_lettres((rang - 1) // 26) if rang > 26 else "") + chr(65 + (rang - 1) % 26)
