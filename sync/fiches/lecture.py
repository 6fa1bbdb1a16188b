"""Lire les lignes d'une table de fiches : de la base au dictionnaire JSON, sans objet par ligne."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.orm import Session

from app.instruction import Instruction, Parmi
from sync.etat import CAHIER, FEUILLE, PERSONNE

Fiche = dict[str, Any]

# L'ordre des fiches d'un genre : ce que disent leurs premières colonnes.
PREMIER, DEUX_PREMIERS, TROIS_PREMIERS = itemgetter(0), itemgetter(0, 1), itemgetter(0, 1, 2)


@dataclass(frozen=True, slots=True)
class Choix:
    """Quelles lignes lire : des dossiers entiers, et d'autres seulement depuis un numéro.

    `bascules` : parmi les seconds, ceux où le calendrier a changé ce que la personne lit, sans laisser de numéro.
    """

    structure_id: str
    entiers: Collection[str]
    partiels: Collection[str] = ()
    depuis: int = 0
    bascules: Collection[str] = ()

    def elargi(self, voulus: set[str]) -> Choix:
        """Le même choix, ces dossiers-là lus en entier."""
        if not voulus:
            return self
        entiers, partiels = set(self.entiers), set(self.partiels)
        return replace(self, entiers=entiers | voulus, partiels=partiels - voulus)


class Lecture:
    """Les lignes d'un `Choix` dans une table de fiches.

    Deux instructions plutôt qu'un OU, et aucun ordre demandé à la base : l'un et l'autre lui faisaient quitter l'index
    des dossiers pour parcourir toute la structure.
    """

    def __init__(self, fiche: Table, *colonnes: ColumnElement[Any]) -> None:
        dossier = dossier_de(fiche)
        de_la_structure = fiche.c.structure_id == bindparam("structure")
        entieres = select(*colonnes).where(de_la_structure, Parmi(dossier, "dossiers"))
        self._entieres = Instruction(lambda _: entieres)
        self._changees = Instruction(lambda _: entieres.where(fiche.c.sequence > bindparam("depuis")))

    def lire(self, session: Session, choix: Choix) -> list[tuple[Any, ...]]:
        lues: list[tuple[Any, ...]] = []
        if choix.entiers:
            lues += self._entieres.lire(session, structure=choix.structure_id, dossiers=choix.entiers)
        if choix.partiels:
            lues += self._changees.lire(
                session, structure=choix.structure_id, dossiers=choix.partiels, depuis=choix.depuis
            )
        return lues


def dossier_de(fiche: Table) -> ColumnElement[str]:
    """La colonne qui dit de quel dossier, ou de quel cahier, est cette fiche."""
    if fiche in (PERSONNE, CAHIER):
        return fiche.c.id
    return fiche.c.cahier_id if fiche is FEUILLE else fiche.c.personne_id


def lecture(fiche: Table, *colonnes: str) -> Lecture:
    """La lecture de ces colonnes, dans cet ordre."""
    return Lecture(fiche, *(fiche.c[nom] for nom in colonnes))


def suite(table: Table, cle: str, *colonnes: str) -> Instruction:
    """Des lignes retrouvées par leur clé, une liste à la fois.

    Les chercher par jointure dépendrait de statistiques que PostgreSQL n'a pas encore après un import.
    """
    return Instruction(
        lambda _: select(*(table.c[nom] for nom in colonnes)).where(
            table.c.structure_id == bindparam("structure"), Parmi(table.c[cle], "cles")
        )
    )


def dire_tardive(fiche: Fiche, cause: str | None) -> Fiche:
    """Rare : la clé n'est là que si une part de la fiche est arrivée tard."""
    if cause is not None:
        fiche["tardive"] = cause
    return fiche


def jour(valeur: dt.date | None) -> str | None:
    return None if valeur is None else valeur.isoformat()
