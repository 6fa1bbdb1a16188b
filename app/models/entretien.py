"""L'entretien : un contact qui a eu lieu, ses démarches, et la note de son auteur."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Date, Index, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import (
    Base,
    Cle,
    CleStructure,
    Code,
    Identifiant,
    Instant,
    Libelle,
    Reference,
    Sequence,
    Tardive,
    Texte,
    vers,
)

MOYENS = ("presentiel", "telephone", "visio", "courriel", "sms", "visite")


class Entretien(Base):
    """Un contact. La synthèse fait partie du dossier."""

    __tablename__ = "entretien"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("mesure", "mesure_id"),
        vers("rendez_vous", "rendez_vous_id"),
        vers("utilisateur", "auteur_id"),
        UniqueConstraint("structure_id", "reference"),
        Index(None, "structure_id", "personne_id", "sequence"),
        # Les dossiers qui ont bougé depuis un jour, les contacts d'une année.
        Index(
            "ix_entretien_par_jour",
            *("structure_id", "date", "mesure_id", "personne_id", "id", "moyen", "rendez_vous_id"),
        ),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    mesure_id: Mapped[Identifiant | None]
    rendez_vous_id: Mapped[Identifiant | None]
    reference: Mapped[Reference]
    date: Mapped[dt.date] = mapped_column(Date)
    heure: Mapped[str | None] = mapped_column(String(5), comment="HH:MM, heure de Paris")
    duree: Mapped[int | None] = mapped_column(Integer, comment="Minutes")
    moyen: Mapped[str] = mapped_column(String(20))
    lieu: Mapped[Libelle | None]
    synthese: Mapped[Texte | None]
    partagee: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=false(), comment="Coché pour le binôme, si la personne l'accepte"
    )
    auteur_id: Mapped[Identifiant]
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
    tardive: Mapped[Tardive]


class Demarche(Base):
    """Une démarche faite pendant l'entretien, rangée par famille."""

    __tablename__ = "demarche"
    __table_args__ = (
        vers("entretien", "entretien_id"),
        # Celles d'une année, dans l'ordre où elles se lisent.
        Index("ix_demarche_par_jour", "structure_id", "date", "entretien_id", "rang", "famille", "mesure_id"),
    )

    structure_id: Mapped[CleStructure]
    entretien_id: Mapped[Cle]
    rang: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    personne_id: Mapped[Identifiant] = mapped_column(comment="Répété de l'entretien : le flux lit par dossier")
    famille: Mapped[Code]
    nature: Mapped[Libelle | None]
    date: Mapped[dt.date] = mapped_column(Date, comment="Répété de l'entretien")
    mesure_id: Mapped[Identifiant | None] = mapped_column(comment="Répété de l'entretien")


class NotePersonnelle(Base):
    """La note de travail de l'auteur ; personne d'autre ne la reçoit tant qu'elle n'est pas transmise. Table à part :
    cela se voit.
    """

    __tablename__ = "note_personnelle"
    __table_args__ = (
        vers("entretien", "entretien_id"),
        vers("utilisateur", "auteur_id"),
        Index(None, "structure_id", "personne_id", "auteur_id"),
    )

    structure_id: Mapped[CleStructure]
    entretien_id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    auteur_id: Mapped[Identifiant]
    texte: Mapped[Texte]
    modifiee_le: Mapped[Instant]
    transmise_le: Mapped[Instant | None] = mapped_column(comment="Vide : elle n'est qu'à son auteur")
