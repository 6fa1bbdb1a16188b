"""Les numéros d'ordre : pris dans la transaction, sous le verrou de la structure gardé jusqu'à la validation.

Deux transactions de la même structure se suivent donc, et un lecteur qui voit le numéro N voit tous les précédents :
aucun ne peut apparaître plus tard derrière son curseur.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from app.instruction import Instruction, table
from app.models import Operation, Structure


@dataclass(frozen=True, slots=True)
class Repere:
    """La dernière opération jusqu'à un numéro, et le sien. Vide si la base n'en a aucune avant."""

    operation: str | None = None
    rang: int | None = None


@dataclass(frozen=True, slots=True)
class Tete:
    """Où en est la base. `repere` : sa dernière opération ; `a_la_borne` : celle d'un numéro plus ancien.

    `sauvegarde` : l'instant jusqu'où une sauvegarde vérifiée tient tout.
    """

    sequence: int
    generation: str
    repere: Repere
    a_la_borne: Repere
    sauvegarde: dt.datetime | None


def _dernier_rang(jusqu_a: ColumnElement[int]) -> Any:
    rangs = select(Operation.sequence).where(
        Operation.structure_id == bindparam("structure"), Operation.sequence <= jusqu_a
    )
    return rangs.order_by(Operation.sequence.desc()).limit(1).correlate(Structure).scalar_subquery()


def _a_ce_rang(rang: Any) -> Any:
    return (
        select(Operation.id)
        .where(Operation.structure_id == bindparam("structure"), Operation.sequence == rang)
        .limit(1)
        .correlate(Structure)
        .scalar_subquery()
    )


def _lire_la_tete() -> Any:
    fin, avant = _dernier_rang(table(Structure).c.sequence), _dernier_rang(bindparam("borne", type_=BigInteger))
    tete = (Structure.sequence, Structure.generation, Structure.sauvegarde_le)
    lues = (*tete, _a_ce_rang(fin), fin, _a_ce_rang(avant), avant)
    return select(*lues).where(Structure.id == bindparam("structure"))


_RESERVER = Instruction(
    lambda _: (
        update(Structure)
        .where(Structure.id == bindparam("structure"))
        .values(sequence=Structure.sequence + bindparam("nombre"))
        .returning(Structure.sequence)
    )
)
_DERNIERE = Instruction(lambda _: _lire_la_tete())


def reserver(session: Session, structure_id: str, nombre: int) -> int:
    """Prend `nombre` numéros et rend le premier. Les autres transactions de la structure attendent celle-ci."""
    ((dernier,),) = _RESERVER.lire(session, structure=structure_id, nombre=nombre)
    return int(dernier) - nombre + 1


def derniere(session: Session, structure_id: str, borne: int = 0) -> Tete:
    """La tête de la base et la dernière opération jusqu'à `borne`, d'une seule requête : le même instant pour tout."""
    ((sequence, generation, sauvegarde, *reperes),) = _DERNIERE.lire(session, structure=structure_id, borne=borne)
    return Tete(int(sequence), str(generation), Repere(*reperes[:2]), Repere(*reperes[2:]), sauvegarde)
