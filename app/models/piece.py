"""La pièce : ce que l'accompagnement ajoute à un dossier, d'une forme décrite par des données."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import (
    Base,
    Cle,
    CleStructure,
    Donnees,
    Identifiant,
    Instant,
    Jour,
    Reference,
    Sequence,
    Tardive,
    vers,
)


class Piece(Base):
    """Une seule table pour toutes les formes (docs/adr/0012-pieces.md). Retirée, elle reste, avec son motif."""

    __tablename__ = "piece"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("mesure", "mesure_id"),
        vers("utilisateur", "auteur_id"),
        Index(None, "structure_id", "personne_id", "sequence"),
        Index(None, "structure_id", "forme", "jour"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    mesure_id: Mapped[Identifiant | None]
    forme: Mapped[str] = mapped_column(String(30), comment="Un code de app/domain/formes")
    reference: Mapped[Reference]
    jour: Mapped[Jour | None] = mapped_column(comment="La valeur du champ qui la date")
    valeurs: Mapped[Donnees] = mapped_column(comment="Ses champs remplis, tels qu'ils voyagent")
    partagee: Mapped[bool] = mapped_column(Boolean, comment="Cochée pour le binôme, si la personne l'accepte")
    revisions: Mapped[Donnees] = mapped_column(comment="Les valeurs d'avant, la dernière d'abord : [{le, par, champs}]")
    auteur_id: Mapped[Identifiant]
    note_le: Mapped[Instant] = mapped_column(comment="L'heure de l'appareil : une donnée")
    retiree_le: Mapped[Instant | None] = mapped_column(comment="L'heure de l'appareil quand elle a été retirée")
    retrait_motif: Mapped[str | None] = mapped_column(Text)
    tardive: Mapped[Tardive]
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
