"""Le temps de travail de l'équipe un jour donné, tel que le personnel le dit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models import Agent, TempsDeTravail


@dataclass
class Temps:
    """En équivalents temps plein : par convention, et par compte."""

    par_convention: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    par_compte: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def temps_au(session: Session, structure_id: str, jour: str) -> Temps:
    le = dt.date.fromisoformat(jour)
    requete = (
        select(TempsDeTravail.agent_id, TempsDeTravail.convention, TempsDeTravail.etp, Agent.utilisateur_id)
        .join(Agent, and_(Agent.structure_id == TempsDeTravail.structure_id, Agent.id == TempsDeTravail.agent_id))
        .where(
            TempsDeTravail.structure_id == structure_id,
            TempsDeTravail.jour <= le,
            or_(Agent.parti_le.is_(None), Agent.parti_le >= le),
        )
        .order_by(TempsDeTravail.jour)
    )
    # La dernière ligne de chacun sur chaque convention est celle qui vaut.
    derniers = {(agent, convention): (etp, compte) for agent, convention, etp, compte in session.execute(requete)}
    temps = Temps()
    for (_, convention), (etp, compte) in derniers.items():
        temps.par_convention[convention] += etp
        if compte:
            temps.par_compte[compte] += etp
    return temps


def etp_en_mots(etp: Decimal | None) -> str:
    """« 0,8 ETP »."""
    return f"{_virgule(etp)}\u202fETP" if etp else ""


def par_etp(nombre: int, etp: Decimal | None) -> str:
    """Combien pour un temps plein, à l'unité ; rien sans temps de travail."""
    return str(int((nombre / etp).to_integral_value())) if etp else ""


def _virgule(valeur: Decimal) -> str:
    return f"{valeur.normalize():f}".replace(".", ",")
