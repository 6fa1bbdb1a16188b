"""Les conventions, chargées de leurs fichiers datés, et les lieux de rendez-vous."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Jour, Libelle, vers

GENRES = ("chargee", "corrigee", "ajustee", "rendue", "remis", "repris")


class Convention(Base):
    """Une version datée d'une convention ; les règles sont dans `donnees`, chaque valeur avec sa source.

    `donnees.ajustements` : ce que la structure en a ajusté, dans l'ordre (`app/domain/convention/ajustements.py`).
    """

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


class EvenementConvention(Base):
    """Une ligne du journal d'une convention : on en ajoute, on n'en change aucune.

    Un bilan « remis » au financeur, ou « repris » : `apres` est son année, `effet` le jour où il l'a été.
    """

    __tablename__ = "evenement_convention"
    __table_args__ = (
        vers("utilisateur", "auteur_id"),
        Index(None, "structure_id", "code", "survenu_le"),
        CheckConstraint(f"genre IN {GENRES}", name="genre"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    genre: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    regle: Mapped[str | None] = mapped_column(String(40), comment="Vide : toute la version")
    effet: Mapped[Jour | None] = mapped_column(comment="Le jour où un ajustement prend effet")
    avant: Mapped[Donnees | None]
    apres: Mapped[Donnees | None]
    raison: Mapped[Libelle | None]
    auteur_id: Mapped[Identifiant | None] = mapped_column(comment="Qui l'a fait ; vide : la ligne de commande")
    survenu_le: Mapped[Instant]


class Lieu(Base):
    """Un lieu où l'on reçoit, proposé dans les formulaires : où il est, quand il ouvre, qui le prête."""

    __tablename__ = "lieu"
    __table_args__ = (UniqueConstraint("structure_id", "nom"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    nom: Mapped[Libelle]
    commune: Mapped[str | None] = mapped_column(String(80))
    adresse: Mapped[Libelle | None]
    horaires: Mapped[Donnees | None] = mapped_column(comment="Sept textes, du lundi au dimanche ; vide : pas connus")
    preteur: Mapped[Libelle | None] = mapped_column(comment="Qui prête la salle : la personne à appeler")
    preteur_telephone: Mapped[str | None] = mapped_column(String(20))
    actif: Mapped[bool] = mapped_column(default=True)
