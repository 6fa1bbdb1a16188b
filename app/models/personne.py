"""La personne accompagnée et l'historique daté de sa situation."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import (
    Base,
    Cle,
    CleStructure,
    Code,
    Donnees,
    Identifiant,
    Instant,
    Jour,
    Nom,
    Reference,
    Sequence,
    Tardive,
    vers,
)


class Personne(Base):
    """L'identité. `sequence_dossier` est le plus grand numéro pris par une fiche de son dossier."""

    __tablename__ = "personne"
    __table_args__ = (
        UniqueConstraint("structure_id", "reference"),
        Index(None, "structure_id", "nom", "prenom"),
        CheckConstraint("naissance_precision IN ('jour', 'annee', 'estimee')", name="naissance_precision"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    reference: Mapped[Reference]
    nom: Mapped[Nom]
    prenom: Mapped[Nom]
    nom_usage: Mapped[Nom | None]
    pseudonymes: Mapped[Donnees] = mapped_column(comment="Liste de textes", default=list)
    date_naissance: Mapped[Jour | None]
    naissance_precision: Mapped[str | None] = mapped_column(String(10))
    sequence: Mapped[Sequence]
    sequence_dossier: Mapped[Sequence]
    archive_le: Mapped[Jour | None] = mapped_column(comment="Vide : le dossier est ouvert")
    archive_sequence: Mapped[int | None] = mapped_column(
        BigInteger, comment="Le numéro de ce qui a archivé le dossier : ce qui a été noté sans le savoir se voit"
    )
    desaccords: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="Combien sont ouverts dans le dossier"
    )
    cree_le: Mapped[Instant]
    tardive: Mapped[Tardive]
    fusionnee_dans: Mapped[Identifiant | None] = mapped_column(comment="Réunie à cette autre personne, qui la remplace")
    fusion_sequence: Mapped[int | None] = mapped_column(
        BigInteger, comment="La dernière réunion ou séparation où ce dossier a pris part"
    )


class PersonneValeur(Base):
    """Une valeur à sa date d'effet : les statistiques d'un jour lisent l'état de ce jour."""

    __tablename__ = "personne_valeur"
    __table_args__ = (vers("personne", "personne_id"),)

    structure_id: Mapped[CleStructure]
    personne_id: Mapped[Cle]
    champ: Mapped[str] = mapped_column(String(40), primary_key=True)
    jour: Mapped[dt.date] = mapped_column(Date, primary_key=True, comment="Date d'effet")
    valeur: Mapped[Donnees | None] = mapped_column(comment="NULL : la valeur n'est plus connue à partir de ce jour")


class PersonneIdentifiant(Base):
    """Numéros d'autres administrations. Table à part : le flux des téléphones ne la lit pas."""

    __tablename__ = "personne_identifiant"
    __table_args__ = (vers("personne", "personne_id"),)

    structure_id: Mapped[CleStructure]
    personne_id: Mapped[Cle]
    genre: Mapped[Code] = mapped_column(primary_key=True, comment="caf, msa, france_travail")
    valeur: Mapped[str] = mapped_column(String(40))


class Acces(Base):
    """Le dossier est (ou n'est plus) dans la file active d'un utilisateur, depuis ce numéro.

    Ce qui lui est prêté n'est pas ici : voir `Partage`.
    """

    __tablename__ = "acces"
    __table_args__ = (
        vers("utilisateur", "utilisateur_id"),
        vers("personne", "personne_id"),
        Index(None, "structure_id", "utilisateur_id", "sequence"),
        Index(None, "structure_id", "personne_id"),
    )

    structure_id: Mapped[CleStructure]
    utilisateur_id: Mapped[Cle]
    personne_id: Mapped[Cle]
    sequence: Mapped[Sequence]
    actif: Mapped[bool] = mapped_column(default=True)
    jusqu_au: Mapped[Jour | None] = mapped_column(comment="Dernier jour, quand la suite est déjà confiée")
    perdu_le: Mapped[Instant | None] = mapped_column(comment="Le travail non envoyé d'avant ce jour est encore reçu")
