"""Où une structure compte un motif de sortie dans la grille d'un financeur, quand ce n'est pas où elle le livre."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Libelle, vers


class RangementMotif(Base):
    """Une décision. On en ajoute, on n'en change aucune : la dernière d'un motif est celle qui vaut."""

    __tablename__ = "rangement_motif"
    __table_args__ = (vers("utilisateur", "par_id"), Index(None, "structure_id", "grille", "le"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    grille: Mapped[str] = mapped_column(String(40))
    motif: Mapped[str] = mapped_column(String(40))
    case: Mapped[str | None] = mapped_column("ligne", String(40), comment="Vide : le motif revient où la grille le met")
    raison: Mapped[Libelle]
    par_id: Mapped[Identifiant]
    le: Mapped[Instant]
