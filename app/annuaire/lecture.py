"""Lire un fichier au format data·inclusion v1 : ce qui est juste passe, ce qui ne l'est pas est dit, ligne par ligne.

Une liste de structures, une liste de services, ou `{"structures": […], "services": […]}`, tels qu'ils sont publiés. Un
champ facultatif mal écrit est laissé, et dit ; sans un champ exigé, la ligne entière l'est.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.annuaire import schema
from app.annuaire.poche import SOURCE_EQUIPE
from app.domain.saisie.lecture import est_courriel, numero_de_telephone
from app.importation.illisible import FichierIllisible
from app.models.annuaire import LONGUEUR_CODE, LONGUEUR_SOURCE

LISTES: Final = ("structures", "services")
NOM_MIN, NOM_MAX = 3, 150
_SIECLE: Final = dt.date(2000, 1, 1)
_ZONE = re.compile(r"france|\d[\dAB]\d{0,3}|\d{9}")
_COURT = re.compile(r"[\d +.]{2,14}")


@dataclass(frozen=True)
class Anomalie:
    """`refusee` : toute la ligne est laissée ; sinon seul le champ l'est."""

    liste: str
    ligne: int
    nom: str
    dit: str
    refusee: bool

    def __str__(self) -> str:
        qui = f" («\u202f{self.nom}\u202f»)" if self.nom else ""
        suite = "\u202f: ligne laissée de côté" if self.refusee else "\u202f: champ laissé vide"
        return f"{self.liste}, ligne {self.ligne}{qui}\u202f: {self.dit}{suite}."


@dataclass(frozen=True)
class Fiche:
    """Une structure ou un service. `de` : le code de la structure d'un service ; `ligne` : son rang dans le fichier."""

    ligne: int
    source: str
    code: str
    nom: str
    maj_le: dt.date
    donnees: dict[str, Any]
    de: str = ""


@dataclass
class Lu:
    """`laissees` : (liste, source, identifiant) des lignes fausses ; la fiche est dans le fichier, même mal écrite."""

    structures: list[Fiche] = field(default_factory=list)
    services: list[Fiche] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    laissees: set[tuple[str, str, str]] = field(default_factory=set)

    def joindre(self, autre: Lu) -> None:
        self.structures += autre.structures
        self.services += autre.services
        self.anomalies += autre.anomalies
        self.laissees |= autre.laissees


class _Refus(Exception):
    """Un champ exigé qui manque ou ne se lit pas."""


def lire(octets: bytes, aujourd_hui: dt.date) -> Lu:
    """Lève `FichierIllisible` si ce n'est pas du JSON de cette forme."""
    try:
        recu = msgspec.json.decode(octets)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise FichierIllisible("Ce fichier n’est pas du JSON lisible.") from None
    lu = Lu()
    for liste, elements in _listes(recu):
        fiches: list[Fiche] = getattr(lu, liste)
        connus: set[tuple[str, str]] = set()
        for rang, element in enumerate(elements, 1):
            fiche = _lire_un(liste, rang, element, aujourd_hui, lu.anomalies)
            if fiche is None:
                if isinstance(element, dict):
                    lu.laissees.add((liste, str(element.get("source")), str(element.get("id"))))
                continue
            if (fiche.source, fiche.code) in connus:
                lu.anomalies.append(Anomalie(liste, rang, fiche.nom, "cet identifiant est déjà plus haut", True))
                continue
            connus.add((fiche.source, fiche.code))
            fiches.append(fiche)
    return lu


def _listes(recu: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(recu, dict) and isinstance(recu.get("items"), list):
        recu = recu["items"]
    if isinstance(recu, list):
        services = any(isinstance(element, dict) and "structure_id" in element for element in recu[:20])
        recu = {"services" if services else "structures": recu}
    trouvees = [(nom, recu[nom]) for nom in LISTES if isinstance(recu, dict) and isinstance(recu.get(nom), list)]
    if not trouvees:
        raise FichierIllisible("Ce fichier ne contient ni structures ni services au format data·inclusion.")
    yield from trouvees


def _lire_un(liste: str, rang: int, element: Any, jour: dt.date, anomalies: list[Anomalie]) -> Fiche | None:
    nom = element.get("nom") if isinstance(element, dict) else ""
    nom = " ".join(nom.split())[:80] if isinstance(nom, str) else ""
    try:
        if not isinstance(element, dict):
            raise _Refus("ce n’est pas une fiche")
        if any(isinstance(lu, str) and "\x00" in lu for lu in element.values()):
            raise _Refus("un signe n’en est pas lisible")
        return _fiche(liste, rang, element, jour, lambda dit: anomalies.append(Anomalie(liste, rang, nom, dit, False)))
    except _Refus as refus:
        anomalies.append(Anomalie(liste, rang, nom, str(refus), True))
        return None


def _fiche(liste: str, rang: int, element: dict[str, Any], jour: dt.date, dire: Any) -> Fiche:
    source, code = _exige(element, "source", LONGUEUR_SOURCE), _exige(element, "id", LONGUEUR_CODE)
    if source == SOURCE_EQUIPE:
        raise _Refus(f"la source «\u202f{source}\u202f» est celle de vos propres fiches")
    nom = _exige(element, "nom", NOM_MAX)
    if len(nom) < NOM_MIN:
        raise _Refus(f"«\u202fnom\u202f» demande au moins {NOM_MIN} signes")
    de = _exige(element, "structure_id", LONGUEUR_CODE) if liste == "services" else ""
    if liste == "services":
        _exige(element, "description", schema.TEXTES[liste]["description"])
    return Fiche(rang, source, code, nom, _jour(element, jour), _donnees(liste, element, dire), de)


def _exige(element: dict[str, Any], nom: str, longueur: int) -> str:
    lu = element.get(nom)
    if not isinstance(lu, str) or not lu.strip():
        raise _Refus(f"«\u202f{nom}\u202f» manque")
    if len(lu) > longueur:
        raise _Refus(f"«\u202f{nom}\u202f» dépasse {longueur} signes")
    return " ".join(lu.split())


def _jour(element: dict[str, Any], aujourd_hui: dt.date) -> dt.date:
    try:
        lu = dt.date.fromisoformat(str(element.get("date_maj") or "")[:10])
    except ValueError:
        raise _Refus("«\u202fdate_maj\u202f» manque, ou n’est pas une date") from None
    if not _SIECLE <= lu <= aujourd_hui:
        raise _Refus("«\u202fdate_maj\u202f» n’est pas entre 2000 et aujourd’hui")
    return lu


def _donnees(liste: str, element: dict[str, Any], dire: Any) -> dict[str, Any]:
    """Les champs facultatifs bien écrits. Ce que le schéma ne nomme pas est ignoré sans un mot."""
    lues: dict[str, Any] = {}

    def garder(nom: str, lue: Any, pourquoi: str) -> None:
        if lue:
            lues[nom] = lue
        else:
            dire(f"«\u202f{nom}\u202f» {pourquoi}")

    presents = {nom: lu for nom, lu in element.items() if lu not in (None, "", [])}
    for nom, longueur in schema.TEXTES[liste].items():
        if nom in presents:
            faute = "n’est pas un numéro" if nom == "telephone" else f"n’est pas un texte de {longueur} signes au plus"
            garder(nom, _texte(nom, presents[nom], longueur), faute)
    for nom, motif in schema.MOTIFS.items():
        if nom in presents:
            lu = presents[nom]
            garder(nom, lu if isinstance(lu, str) and re.fullmatch(motif, lu) else None, "n’a pas cinq signes")
    for nom in schema.LIENS[liste]:
        if nom in presents:
            lu = presents[nom]
            juste = isinstance(lu, str) and re.fullmatch(r"https?://[^\s\"'<>]{3,490}", lu)
            garder(nom, lu if juste else None, "n’est pas une adresse du web")
    if "courriel" in presents:
        lu = presents["courriel"]
        garder("courriel", lu if isinstance(lu, str) and est_courriel(lu) else None, "n’est pas un courriel")
    for nom in schema.CODES[liste]:
        if nom in presents:
            lu = presents[nom]
            garder(nom, lu if isinstance(lu, str) and lu in schema.LISTES[nom] else None, "n’est pas de la liste v1")
    for nom in schema.CHOIX[liste]:
        if nom in presents:
            _choisis(lues, nom, presents[nom], dire)
    if liste == "services" and "zone_eligibilite" in presents:
        zone = [code for code in _en_liste(presents["zone_eligibilite"]) if _ZONE.fullmatch(code)]
        garder("zone_eligibilite", zone, "ne contient aucun code connu")
    return lues


def _texte(nom: str, lu: Any, longueur: int) -> str | None:
    if not isinstance(lu, str) or len(lu) > longueur:
        return None
    if nom == "telephone":
        return numero_de_telephone(lu) or (lu.strip() if _COURT.fullmatch(lu.strip()) else None)
    return lu.strip()


def _en_liste(lu: Any) -> list[str]:
    return [str(code) for code in lu] if isinstance(lu, list) else []


def _choisis(lues: dict[str, Any], nom: str, lu: Any, dire: Any) -> None:
    codes = _en_liste(lu)
    connus = [code for code in schema.LISTES[nom] if code in codes]
    if inconnus := [code for code in codes if code not in schema.LISTES[nom]] or ([] if codes else [""]):
        dire(f"«\u202f{nom}\u202f»\u202f: {', '.join(inconnus) or 'sa forme'} n’est pas de la liste v1")
    if connus:
        lues[nom] = connus
