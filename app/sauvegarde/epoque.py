"""Ce qu'une sauvegarde confirme, et ce qu'une restauration change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.models import Appareil, Structure, Utilisateur

_APPAREIL = Appareil.__table__

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

    # Chaque ligne entière : enrôlé après la sauvegarde, le téléphone n'est pas dans la base qui revient.
    appareils: list[dict[str, Any]] = field(default_factory=list)
    comptes: list[tuple[str, str, dt.datetime | None]] = field(default_factory=list)


def lire_fermetures(session: Session) -> Fermetures:
    """De la base qui va s'en aller. Illisible, ou d'avant ces colonnes, elle n'apprend rien."""
    try:
        appareils = session.execute(select(_APPAREIL).where(_APPAREIL.c.revoque_le.is_not(None))).mappings().all()
        comptes = session.execute(
            select(Utilisateur.structure_id, Utilisateur.id, Utilisateur.desactive_le).where(
                Utilisateur.actif.is_(False)
            )
        ).all()
    except DatabaseError:
        session.rollback()
        return Fermetures()
    return Fermetures([dict(ligne) for ligne in appareils], [(a, b, c) for a, b, c in comptes])


def reporter(session: Session, fermetures: Fermetures) -> None:
    """Dans la base revenue, ce qui était fermé le reste."""
    for ligne in fermetures.appareils:
        connu = session.get(Appareil, (ligne["structure_id"], ligne["id"]))
        if connu is not None:
            connu.revoque_le = connu.revoque_le or ligne["revoque_le"]
        elif session.get(Utilisateur, (ligne["structure_id"], ligne["utilisateur_id"])) is not None:
            session.add(Appareil(**ligne))
    for structure_id, identifiant, desactive_le in fermetures.comptes:
        session.execute(
            update(Utilisateur)
            .where(Utilisateur.structure_id == structure_id, Utilisateur.id == identifiant, Utilisateur.actif)
            .values(actif=False, desactive_le=desactive_le)
            .execution_options(synchronize_session=False)
        )
