"""Les mesures ouvertes un jour donné, et qui suit chacune ce jour-là : une lecture, pour la charge et les listes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Mesure, MesureReferent


@dataclass(frozen=True, slots=True)
class Suivie:
    """`en_cours` : entrée, et non seulement orientée. Sans `referent_id`, personne ne la suit."""

    id: str
    personne_id: str
    convention: str
    referent_id: str | None
    en_cours: bool


def mesures_suivies(session: Session, structure_id: str, jour: str) -> list[Suivie]:
    le = dt.date.fromisoformat(jour)
    referent = (
        select(MesureReferent.utilisateur_id)
        .where(
            MesureReferent.structure_id == structure_id,
            MesureReferent.mesure_id == Mesure.id,
            MesureReferent.jour <= le,
        )
        .order_by(MesureReferent.jour.desc())
        .limit(1)
        .correlate(Mesure)
        .scalar_subquery()
    )
    requete = select(Mesure.id, Mesure.personne_id, Mesure.convention, referent, Mesure.entree_le).where(
        Mesure.structure_id == structure_id, or_(Mesure.sortie_le.is_(None), Mesure.sortie_le > le)
    )
    return [
        Suivie(identifiant, personne, convention, qui, entree is not None and entree <= le)
        for identifiant, personne, convention, qui, entree in session.execute(requete)
    ]
