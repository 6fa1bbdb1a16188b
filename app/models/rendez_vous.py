"""Le rendez-vous proposé, et ce qu'il en est advenu."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import (
    Base,
    Cle,
    CleStructure,
    Identifiant,
    Instant,
    Libelle,
    Reference,
    Sequence,
    Tardive,
    vers,
)

STATUTS = ("propose", "honore", "absence_excusee", "absence_non_excusee", "annule_service")


class RendezVous(Base):
    """Une absence reste un rendez-vous proposé ; « à préciser » n'est pas un statut, c'est un proposé passé."""

    __tablename__ = "rendez_vous"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("mesure", "mesure_id"),
        UniqueConstraint("structure_id", "reference"),
        Index(None, "structure_id", "personne_id", "sequence"),
        Index(None, "structure_id", "mesure_id", "debut"),
        Index(None, "structure_id", "debut", "mesure_id", "statut", "lieu"),
        # Ceux qui attendent leur issue, sans relire les années passées.
        Index(None, "structure_id", "statut", "debut"),
        CheckConstraint(f"statut IN {STATUTS}", name="statut"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    mesure_id: Mapped[Identifiant]
    reference: Mapped[Reference]
    debut: Mapped[Instant]
    duree: Mapped[int | None] = mapped_column(Integer, comment="Minutes")
    lieu: Mapped[Libelle | None]
    statut: Mapped[str] = mapped_column(String(20), default="propose")
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
    tardive: Mapped[Tardive]
