"""Choisir la structure sur laquelle porte une commande."""

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.cloison import ANNUAIRE, changer
from app.models import Structure


def choisir_structure(session: Session, demandee: str | None) -> Structure:
    """La structure de ce nom ou de cet identifiant ; la seule de la base quand rien n'est demandé.

    La suite de la session se passe dans cette structure.
    """
    choisie = _trouver(session, demandee)
    changer(session, choisie.id)
    return choisie


def _trouver(session: Session, demandee: str | None) -> Structure:
    changer(session, ANNUAIRE)
    try:
        structures = session.scalars(select(Structure).order_by(Structure.nom)).all()
    except (OperationalError, ProgrammingError) as erreur:
        raise click.ClickException(
            "la base n'est pas prête : lancez d'abord « jalon serve » ou « jalon demo »"
        ) from erreur
    if demandee is not None:
        for structure in structures:
            if demandee in (structure.id, structure.nom):
                return structure
        raise click.BadParameter("aucune structure n'a ce nom", param_hint="--structure")
    if len(structures) != 1:
        noms = ", ".join(f"« {s.nom} »" for s in structures) or "aucune"
        raise click.UsageError(f"dites quelle structure avec --structure (dans la base : {noms})")
    return structures[0]
