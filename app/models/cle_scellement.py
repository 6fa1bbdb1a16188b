"""La paire de clés d'une structure, pour ce qui quitte un téléphone verrouillé."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Instant


class CleScellement(Base):
    """Clé publique en JWK, clé privée chiffrée par une clé dérivée du secret de l'application."""

    __tablename__ = "cle_scellement"
    __table_args__ = (Index(None, "structure_id", "retiree_le"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    publique: Mapped[Donnees]
    privee: Mapped[bytes] = mapped_column(LargeBinary)
    cree_le: Mapped[Instant]
    retiree_le: Mapped[Instant | None] = mapped_column(comment="Ne scelle plus, ouvre encore")
