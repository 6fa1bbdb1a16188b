"""Deux dossiers qui se ressemblent et qui sont à deux personnes."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Libelle, vers


class DoublonEcarte(Base):
    """Une paire regardée, la plus ancienne personne d'abord. Elle revient si autre chose les rapproche."""

    __tablename__ = "doublon_ecarte"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("personne", "autre_id"),
        vers("utilisateur", "par_id"),
    )

    structure_id: Mapped[CleStructure]
    personne_id: Mapped[Cle]
    autre_id: Mapped[Cle]
    raison: Mapped[Libelle] = mapped_column(comment="Ce qui les rapprochait quand on les a regardées")
    par_id: Mapped[Identifiant]
    le: Mapped[Instant]
