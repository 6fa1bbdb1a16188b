"""Les numéros d'ordre : pris dans la transaction, sous le verrou de la structure gardé jusqu'à la validation.

Deux transactions de la même structure se suivent donc, et un lecteur qui voit le numéro N voit tous les précédents :
aucun ne peut apparaître plus tard derrière son curseur.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import Structure


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


def derniere(session: Session, structure_id: str) -> tuple[int, str]:
    """Le dernier numéro validé et la génération de la base."""
    ligne = session.execute(select(Structure.sequence, Structure.generation).where(Structure.id == structure_id)).one()
    return int(ligne.sequence), str(ligne.generation)
