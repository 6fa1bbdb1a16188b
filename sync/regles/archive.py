"""Archiver un dossier, le rouvrir. Rien n'y est effacé, et ce qui arrive après est reçu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from sync import champs as lire
from sync import desaccords
from sync.champs import Forme, en_json
from sync.desaccords import ARCHIVE
from sync.etat import PERSONNE, Ligne
from sync.fusion import SANS_TRAVAIL, departager
from sync.operation import Operation
from sync.regles.regle import DOSSIERS, TERRAIN, Contexte, Regle, refuser

PAS_REFERENT = "Seuls le référent et le chef de service archivent ou rouvrent ce dossier."


def archiver(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    personne = _dossier(contexte, operation)
    jour = valeurs.get("le") or contexte.aujourd_hui
    if jour > contexte.aujourd_hui:
        raise refuser("le", "Un dossier ne s’archive pas d’avance.")
    ignores = _travail_ignore(contexte, operation)
    ecrites = departager(contexte, operation, "personne", personne, {ARCHIVE: jour})
    poser(contexte, personne, ecrites)
    if ecrites and ignores:
        # L'archive vaut, mais quelqu'un travaillait encore là : le référent ou le chef dira s'il faut rouvrir.
        verdict, courant = contexte.verdict, desaccords.passage_courant(contexte, operation)
        verdict.issue = "merged"
        verdict.gestes.append(
            desaccords.a_ouvrir(
                contexte, operation, "personne", (ARCHIVE, None), (en_json(jour), courant), None, ignores[-1]
            )
        )


def rouvrir(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Le secrétariat ne rouvre que ce qu'une liste d'orientations ramène."""
    if contexte.acteur.role not in TERRAIN and not contexte.acteur.recoit_pour_d_autres:
        raise refuser("personne", PAS_REFERENT)
    personne = _dossier(contexte, operation)
    poser(contexte, personne, departager(contexte, operation, "personne", personne, {ARCHIVE: None}))


def poser(contexte: Contexte, personne: Ligne, valeurs: Mapping[str, Any]) -> None:
    archive = {}
    if ARCHIVE in valeurs:
        archive = {ARCHIVE: valeurs[ARCHIVE], "archive_sequence": contexte.version if valeurs[ARCHIVE] else None}
    contexte.etat.changer(PERSONNE, personne["id"], sequence=contexte.version, **archive)


def _dossier(contexte: Contexte, operation: Operation) -> Ligne:
    personne = contexte.personne(operation, meme_perdu=False)
    if operation.entite != operation.personne:
        raise refuser("entite", "C’est le dossier d’une personne qui s’archive.")
    if not contexte.acteur.voit_tout and not contexte.est_a_lui(operation.personne):
        raise refuser("personne", PAS_REFERENT)
    return personne


def _travail_ignore(contexte: Contexte, operation: Operation) -> list[desaccords.Passage]:
    """Ce que d'autres ont fait dans le dossier et que l'auteur n'avait pas reçu."""
    if operation.base is None:
        return []
    return [
        passage
        for passage in contexte.fusion.dossiers.get(operation.personne, [])
        if passage.version > operation.base
        and passage.source != contexte.acteur.source
        and passage.genre not in SANS_TRAVAIL
    ]


def _archive(valeurs: Mapping[str, Any], jour: dt.date) -> dict[str, Any]:
    return {ARCHIVE: valeurs.get("le") or jour}


def _ouvert(valeurs: Mapping[str, Any], jour: dt.date) -> dict[str, Any]:
    return {ARCHIVE: None}


@cache
def formes() -> Mapping[str, Forme]:
    return {"le": lire.jour}


@cache
def sans_champ() -> Mapping[str, Forme]:
    return {}


GENRES = {
    "archiver_dossier": Regle(archiver, formes, TERRAIN, "personne", fusionne=True, ecrit=_archive),
    "rouvrir_dossier": Regle(rouvrir, sans_champ, DOSSIERS, "personne", fusionne=True, ecrit=_ouvert),
}
