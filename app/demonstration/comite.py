"""Un comité technique que le chef de service prépare : sa date, avec qui, les situations à y regarder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.demonstration.agenda import jour_ouvre
from app.demonstration.invention import Invention
from app.reunions import comites

SITUATIONS: Final = 6


def preparer_comite(
    session: Session,
    structure_id: str,
    chef_id: str,
    personnes: Sequence[str],
    invention: Invention,
    maintenant: datetime,
    aujourd_hui: date,
) -> None:
    """Dans une dizaine de jours ; une première situation a déjà sa décision, prise au téléphone."""
    identifiant = invention.identifiant()
    lus = {
        "jour": jour_ouvre(aujourd_hui + timedelta(10), apres=True),
        "titre": "Comité technique de suivi",
        "avec": "Service insertion du Val-de-Fable, France Travail",
    }
    comites.enregistrer(session, structure_id, identifiant, lus, chef_id, maintenant)
    session.flush()
    if comites.ajouter(session, structure_id, identifiant, personnes[:SITUATIONS]) != SITUATIONS:
        raise ValueError("La démonstration devait préparer un comité.")
    session.flush()
    decision = "Relais confirmé avec le service insertion. À revoir dans deux mois."
    comites.decider(session, structure_id, identifiant, personnes[0], decision, chef_id, maintenant)
    session.flush()
