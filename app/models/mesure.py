"""La mesure : une personne accompagnée sous une convention."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import (
    Base,
    Cle,
    CleStructure,
    Code,
    Identifiant,
    Instant,
    Jour,
    Libelle,
    Reference,
    Sequence,
    Tardive,
    vers,
)


class Mesure(Base):
    """`convention` est le code, pas une version : une mesure survit au renouvellement de sa convention."""

    __tablename__ = "mesure"
    __table_args__ = (
        vers("personne", "personne_id"),
        UniqueConstraint("structure_id", "reference"),
        Index(None, "structure_id", "personne_id", "sequence"),
        Index(None, "structure_id", "convention"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    reference: Mapped[Reference]
    convention: Mapped[str] = mapped_column(String(20))
    orientee_le: Mapped[Jour | None] = mapped_column(comment="Réception de l'orientation")
    prescripteur: Mapped[Libelle | None]
    premier_contact_le: Mapped[Jour | None]
    entree_le: Mapped[Jour | None] = mapped_column(comment="Vide : en cours d'intégration")
    fin_prevue_le: Mapped[Jour | None]
    sortie_le: Mapped[Jour | None]
    sortie_motif: Mapped[Code | None]
    sortie_ecart: Mapped[str | None] = mapped_column(
        String(300), comment="Pourquoi la sortie n'est pas au jour de la règle"
    )
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
    tardive: Mapped[Tardive]


class MesureReferent(Base):
    """Le référent à partir d'un jour."""

    __tablename__ = "mesure_referent"
    __table_args__ = (
        vers("mesure", "mesure_id"),
        vers("utilisateur", "utilisateur_id"),
        Index(None, "structure_id", "utilisateur_id"),
    )

    structure_id: Mapped[CleStructure]
    mesure_id: Mapped[Cle]
    jour: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    utilisateur_id: Mapped[Identifiant]


class MesureModalite(Base):
    """La modalité d'accompagnement à partir d'un jour."""

    __tablename__ = "mesure_modalite"
    __table_args__ = (vers("mesure", "mesure_id"),)

    structure_id: Mapped[CleStructure]
    mesure_id: Mapped[Cle]
    jour: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    modalite: Mapped[Code]
