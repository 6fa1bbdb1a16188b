"""Deux dossiers d'une même personne, réunis ; et de quoi les séparer à nouveau, exactement."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Sequence, vers


class FusionDossiers(Base):
    """Une réunion (docs/adr/0013-fusion-de-dossiers.md). Son identifiant est celui de l'opération qui l'a faite."""

    __tablename__ = "fusion_dossiers"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("personne", "absorbee_id"),
        vers("utilisateur", "par_id"),
        vers("utilisateur", "defaite_par_id"),
        Index(None, "structure_id", "personne_id"),
        Index(None, "structure_id", "absorbee_id"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant] = mapped_column(comment="Le dossier qui reste")
    absorbee_id: Mapped[Identifiant] = mapped_column(comment="Celui dont les fiches s'y lisent")
    deplacees: Mapped[Donnees] = mapped_column(comment="Les fiches venues de l'autre dossier : {table: [identifiants]}")
    valeurs: Mapped[Donnees] = mapped_column(
        comment="Ce que la réunion a écrit de la personne : [{champ, jour, avant, apres, absente}]"
    )
    partages: Mapped[Donnees] = mapped_column(comment="Les partages de l'autre dossier et leurs copies : [[id, id]]")
    acces: Mapped[Donnees] = mapped_column(comment="Qui suivait chaque dossier : {personne_id: [utilisateur_id]}")
    rendues: Mapped[Donnees | None] = mapped_column(comment="Ce que la séparation a rendu : {table: [identifiants]}")
    par_id: Mapped[Identifiant]
    le: Mapped[Instant]
    sequence: Mapped[Sequence]
    defaite_par_id: Mapped[Identifiant | None]
    defaite_le: Mapped[Instant | None]
    defaite_sequence: Mapped[int | None] = mapped_column(BigInteger, comment="Vide : les dossiers sont réunis")
