"""Les conventions, chargées de leurs fichiers datés, et les lieux de rendez-vous."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Jour, Libelle


class Convention(Base):
    """Une version datée d'une convention ; les règles sont dans `donnees`, chaque valeur avec sa source."""

    __tablename__ = "convention"
    __table_args__ = (UniqueConstraint("structure_id", "code", "version"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    libelle: Mapped[Libelle]
    debut: Mapped[Jour]
    fin: Mapped[Jour | None]
    donnees: Mapped[Donnees]


class Lieu(Base):
    """Un lieu où l'on reçoit, proposé dans les formulaires."""

    __tablename__ = "lieu"
    __table_args__ = (UniqueConstraint("structure_id", "nom"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    nom: Mapped[Libelle]
    commune: Mapped[str | None] = mapped_column(String(80))
    actif: Mapped[bool] = mapped_column(default=True)
