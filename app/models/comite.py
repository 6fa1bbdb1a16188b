"""Le comité technique : une réunion, les situations que l'on y regarde, ce que l'on y décide."""

from __future__ import annotations

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Jour, Libelle, vers


class Comite(Base):
    """`avec` : la SIAE, le service du Département, les partenaires réunis."""

    __tablename__ = "comite"
    __table_args__ = (vers("utilisateur", "par_id"), Index(None, "structure_id", "jour"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    jour: Mapped[Jour]
    titre: Mapped[Libelle]
    avec: Mapped[Libelle | None]
    par_id: Mapped[Identifiant] = mapped_column(comment="Qui le prépare")
    cree_le: Mapped[Instant]


class SituationComite(Base):
    """Un dossier à regarder, et la décision prise. Elle ne se retire de la liste qu'une fois sa décision effacée."""

    __tablename__ = "situation_comite"
    __table_args__ = (
        vers("comite", "comite_id"),
        vers("personne", "personne_id"),
        vers("utilisateur", "par_id"),
        Index(None, "structure_id", "personne_id"),
    )

    structure_id: Mapped[CleStructure]
    comite_id: Mapped[Cle]
    personne_id: Mapped[Cle]
    rang: Mapped[int] = mapped_column(Integer)
    decision: Mapped[str | None] = mapped_column(Text)
    par_id: Mapped[Identifiant | None] = mapped_column(comment="Qui a noté la décision")
    le: Mapped[Instant | None]
