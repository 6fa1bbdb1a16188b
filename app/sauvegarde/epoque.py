"""Ce qu'une sauvegarde confirme, et ce qu'une restauration change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.models import Appareil, Structure, Utilisateur

# Une demande dit à l'appareil l'heure où elle a commencé, et s'écrit un peu après : prise entre les deux, la photo ne
# la contient pas. Aucune ne dure aussi longtemps.
MARGE = dt.timedelta(minutes=15)


def confirmer(session: Session, instant: dt.datetime) -> None:
    """Tout ce qui a été acquitté jusqu'à `instant` est en lieu sûr. Ne recule jamais."""
    session.execute(
        update(Structure)
        .where(or_(Structure.sauvegarde_le.is_(None), Structure.sauvegarde_le < instant))
        .values(sauvegarde_le=instant)
        .execution_options(synchronize_session=False)
    )


def renouveler(session: Session, maintenant: dt.datetime) -> None:
    """Une génération neuve par structure : tous les curseurs donnés jusqu'ici repartent du début."""
    for structure_id in session.scalars(select(Structure.id)).all():
        session.execute(
            update(Structure)
            .where(Structure.id == structure_id)
            .values(generation=str(uuid7()), restauree_le=maintenant)
            .execution_options(synchronize_session=False)
        )


def derniere_confirmee(session: Session) -> dt.datetime | None:
    return session.scalar(select(func.max(Structure.sauvegarde_le)))


@dataclass
class Fermetures:
    """Ce qui a été fermé et ne doit pas se rouvrir : un téléphone volé, le compte de qui est parti."""

    appareils: list[tuple[str, str, dt.datetime]] = field(default_factory=list)
    comptes: list[tuple[str, str, dt.datetime | None]] = field(default_factory=list)


def lire_fermetures(session: Session) -> Fermetures:
    """De la base qui va s'en aller. Illisible, ou d'avant ces colonnes, elle n'apprend rien."""
    try:
        appareils = session.execute(
            select(Appareil.structure_id, Appareil.id, Appareil.revoque_le).where(Appareil.revoque_le.is_not(None))
        ).all()
        comptes = session.execute(
            select(Utilisateur.structure_id, Utilisateur.id, Utilisateur.desactive_le).where(
                Utilisateur.actif.is_(False)
            )
        ).all()
    except DatabaseError:
        session.rollback()
        return Fermetures()
    return Fermetures([(a, b, c) for a, b, c in appareils if c is not None], [(a, b, c) for a, b, c in comptes])


def reporter(session: Session, fermetures: Fermetures) -> None:
    """Dans la base revenue, ce qui était fermé le reste."""
    for structure_id, identifiant, revoque_le in fermetures.appareils:
        session.execute(
            update(Appareil)
            .where(Appareil.structure_id == structure_id, Appareil.id == identifiant, Appareil.revoque_le.is_(None))
            .values(revoque_le=revoque_le)
            .execution_options(synchronize_session=False)
        )
    for structure_id, identifiant, desactive_le in fermetures.comptes:
        session.execute(
            update(Utilisateur)
            .where(Utilisateur.structure_id == structure_id, Utilisateur.id == identifiant, Utilisateur.actif)
            .values(actif=False, desactive_le=desactive_le)
            .execution_options(synchronize_session=False)
        )
