"""Le temps de travail de l'équipe un jour donné, tel que le personnel le dit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.roles import ACCOMPAGNANTS
from app.models import Agent, TempsDeTravail, Utilisateur


@dataclass
class Temps:
    """En équivalents temps plein : par convention, de ceux qui accompagnent ; et par compte, de chacun."""

    par_convention: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    par_compte: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def temps_au(session: Session, structure_id: str, jour: str) -> Temps:
    temps = Temps()
    roles = _roles(session, structure_id)
    for (_, convention), (etp, compte, _) in _derniers(session, structure_id, dt.date.fromisoformat(jour)).items():
        # Sans compte, rien ne dit qu'il n'accompagne pas.
        if compte is None or roles[compte] in ACCOMPAGNANTS:
            temps.par_convention[convention] += etp
        if compte:
            temps.par_compte[compte] += etp
    return temps


def _roles(session: Session, structure_id: str) -> dict[str, str]:
    lus = session.execute(select(Utilisateur.id, Utilisateur.role).where(Utilisateur.structure_id == structure_id))
    return {ligne.id: ligne.role for ligne in lus}


def temps_par_fonction(session: Session, structure_id: str, jour: dt.date) -> dict[tuple[str, str], Fraction]:
    """Le temps de travail ce jour-là, par fonction et code de convention, exact."""
    temps: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (_, convention), (etp, _, fonction) in _derniers(session, structure_id, jour).items():
        temps[fonction, convention] += Fraction(etp)
    return temps


def _derniers(
    session: Session, structure_id: str, le: dt.date
) -> dict[tuple[str, str], tuple[Decimal, str | None, str]]:
    """Par personne et convention, ce qui vaut ce jour-là : son temps, son compte, sa fonction."""
    requete = (
        select(
            TempsDeTravail.agent_id, TempsDeTravail.convention, TempsDeTravail.etp, Agent.utilisateur_id, Agent.fonction
        )
        .join(Agent, and_(Agent.structure_id == TempsDeTravail.structure_id, Agent.id == TempsDeTravail.agent_id))
        .where(
            TempsDeTravail.structure_id == structure_id,
            TempsDeTravail.jour <= le,
            or_(Agent.parti_le.is_(None), Agent.parti_le >= le),
        )
        .order_by(TempsDeTravail.jour)
    )
    # La dernière ligne de chacun sur chaque convention est celle qui vaut.
    return {
        (agent, convention): (etp, compte, fonction)
        for agent, convention, etp, compte, fonction in session.execute(requete)
    }


def etp_en_mots(etp: Decimal | None) -> str:
    """« 0,8 ETP »."""
    return f"{_virgule(etp)}\u202fETP" if etp else ""


def par_etp(nombre: int, etp: Decimal | None) -> str:
    """Combien pour un temps plein, à l'unité ; rien sans temps de travail."""
    return str(int((nombre / etp).to_integral_value())) if etp else ""


def _virgule(valeur: Decimal) -> str:
    return f"{valeur.normalize():f}".replace(".", ",")
