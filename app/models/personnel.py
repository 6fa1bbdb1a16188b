"""Le personnel de la structure : qui y travaille, à quelle fonction, pour quel temps, depuis quand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import Date, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Jour, Libelle, Nom, vers


class Agent(Base):
    """Quelqu'un de l'équipe, avec ou sans compte. Seul le chef de service l'écrit, et le lit."""

    __tablename__ = "agent"
    __table_args__ = (vers("utilisateur", "utilisateur_id"), vers("utilisateur", "par_id"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    utilisateur_id: Mapped[Identifiant | None] = mapped_column(comment="Son compte ; vide : il n'en a pas")
    nom: Mapped[Nom]
    prenom: Mapped[Nom]
    fonction: Mapped[Libelle]
    diplome: Mapped[Libelle | None]
    valide_le: Mapped[Jour | None] = mapped_column(comment="Quand le financeur a validé ce recrutement")
    parti_le: Mapped[Jour | None] = mapped_column(comment="Son dernier jour ; vide : il travaille ici")
    par_id: Mapped[Identifiant] = mapped_column(comment="Qui l'a écrit en dernier")
    le: Mapped[Instant]


class TempsDeTravail(Base):
    """Son temps de travail à partir d'un jour, sur une convention. Zéro : il n'y est plus."""

    __tablename__ = "temps_de_travail"
    __table_args__ = (vers("agent", "agent_id"),)

    structure_id: Mapped[CleStructure]
    agent_id: Mapped[Cle]
    convention: Mapped[str] = mapped_column(
        String(20), primary_key=True, comment="Son code ; vide : hors de toute convention"
    )
    jour: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    etp: Mapped[Decimal] = mapped_column(Numeric(3, 2))
