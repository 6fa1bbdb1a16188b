"""Les numéros d'ordre : pris dans la transaction, sous le verrou de la structure gardé jusqu'à la validation.

Deux transactions de la même structure se suivent donc, et un lecteur qui voit le numéro N voit tous les précédents :
aucun ne peut apparaître plus tard derrière son curseur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal, select, update
from sqlalchemy.orm import Session

from app.models import Operation, Structure


@dataclass(frozen=True, slots=True)
class Repere:
    """La dernière opération jusqu'à un numéro, et le sien. Vide si la base n'en a aucune avant."""

    operation: str | None = None
    rang: int | None = None


@dataclass(frozen=True, slots=True)
class Tete:
    """Où en est la base. `repere` : sa dernière opération ; `a_la_borne` : celle d'un numéro plus ancien."""

    sequence: int
    generation: str
    repere: Repere
    a_la_borne: Repere


def reserver(session: Session, structure_id: str, nombre: int) -> int:
    """Prend `nombre` numéros et rend le premier. Les autres transactions de la structure attendent celle-ci."""
    dernier = session.execute(
        update(Structure)
        .where(Structure.id == structure_id)
        .values(sequence=Structure.sequence + nombre)
        .returning(Structure.sequence)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(dernier) - nombre + 1


def derniere(session: Session, structure_id: str, borne: int = 0) -> Tete:
    """La tête de la base et la dernière opération jusqu'à `borne`, d'une seule requête : le même instant pour tout."""
    fin, avant = _dernier_rang(structure_id, Structure.sequence), _dernier_rang(structure_id, literal(borne))
    requete = select(
        Structure.sequence,
        Structure.generation,
        _a_ce_rang(structure_id, fin),
        fin,
        _a_ce_rang(structure_id, avant),
        avant,
    ).where(Structure.id == structure_id)
    sequence, generation, *reperes = session.execute(requete).one()
    return Tete(int(sequence), str(generation), Repere(*reperes[:2]), Repere(*reperes[2:]))


def _dernier_rang(structure_id: str, jusqu_a: ColumnElement[int]) -> Any:
    rangs = select(Operation.sequence).where(Operation.structure_id == structure_id, Operation.sequence <= jusqu_a)
    return rangs.order_by(Operation.sequence.desc()).limit(1).correlate(Structure).scalar_subquery()


def _a_ce_rang(structure_id: str, rang: Any) -> Any:
    return (
        select(Operation.id)
        .where(Operation.structure_id == structure_id, Operation.sequence == rang)
        .limit(1)
        .correlate(Structure)
        .scalar_subquery()
    )
