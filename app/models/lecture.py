"""Jusqu'où quelqu'un a lu une liste du bureau : ce qui est arrivé depuis est « nouveau » pour lui."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Instant, vers


class Lecture(Base):
    """`sujet` : « fiches_recues »."""

    __tablename__ = "lecture"
    __table_args__ = (vers("utilisateur", "utilisateur_id"),)

    structure_id: Mapped[CleStructure]
    utilisateur_id: Mapped[Cle]
    sujet: Mapped[str] = mapped_column(String(30), primary_key=True)
    jusqu_au: Mapped[Instant]
