"""L'annuaire : les partenaires, et les services qu'ils rendent. Il n'y est question de personne."""

from __future__ import annotations

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Jour, Libelle, vers

LONGUEUR_SOURCE, LONGUEUR_CODE = 80, 200


class Partenaire(Base):
    """Une structure de l'annuaire, importée ou saisie. Rien ne s'efface : ce qui n'y est plus le dit."""

    __tablename__ = "partenaire"
    __table_args__ = (UniqueConstraint("structure_id", "source", "code"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    source: Mapped[str] = mapped_column(String(LONGUEUR_SOURCE), comment="Le producteur de la donnée")
    code: Mapped[str] = mapped_column(String(LONGUEUR_CODE), comment="Son identifiant chez le producteur")
    nom: Mapped[Libelle]
    donnees: Mapped[Donnees] = mapped_column(comment="Ses autres champs du schéma data·inclusion v1")
    maj_le: Mapped[Jour] = mapped_column(comment="Mise à jour chez le producteur")
    recu_le: Mapped[Instant] = mapped_column(comment="Le dernier import, ou la dernière saisie, où il était")
    absent_le: Mapped[Instant | None] = mapped_column(comment="L'import où il n'était plus")


class ServicePartenaire(Base):
    """Ce qu'un partenaire propose, et la note de l'équipe."""

    __tablename__ = "service_partenaire"
    __table_args__ = (vers("partenaire", "partenaire_id"), UniqueConstraint("structure_id", "source", "code"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    partenaire_id: Mapped[Identifiant]
    source: Mapped[str] = mapped_column(String(LONGUEUR_SOURCE), comment="Le producteur de la donnée")
    code: Mapped[str] = mapped_column(String(LONGUEUR_CODE), comment="Son identifiant chez le producteur")
    nom: Mapped[Libelle]
    donnees: Mapped[Donnees] = mapped_column(comment="Ses autres champs du schéma data·inclusion v1")
    maj_le: Mapped[Jour] = mapped_column(comment="Mise à jour chez le producteur")
    recu_le: Mapped[Instant] = mapped_column(comment="Le dernier import, ou la dernière saisie, où il était")
    absent_le: Mapped[Instant | None] = mapped_column(comment="L'import où il n'était plus, ou son retrait")
    note: Mapped[str | None] = mapped_column(Text, comment="Ce que l'équipe en sait ; aucun import n'y touche")
