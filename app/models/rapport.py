"""Ce qui est gardé d'un rapport : ses textes, ses clôtures, et le journal de ce qui en sort."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Libelle, Texte, vers

GENRES = ("sorti", "clos", "rouvert")


def _conventions() -> Mapped[str]:
    return mapped_column(String(400), comment="Les codes demandés, reliés par « + »")


def _periode() -> Mapped[str]:
    return mapped_column(String(25), comment="2022, 2015-2016 ou 2022-03-01_2022-06-30")


class EvenementRapport(Base):
    """Une ligne du journal des rapports : on en ajoute, la base refuse d'en changer ou d'en effacer une."""

    __tablename__ = "evenement_rapport"
    __table_args__ = (
        vers("utilisateur", "auteur_id"),
        Index(None, "structure_id", "survenu_le"),
        CheckConstraint(f"genre IN {GENRES}", name="genre"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    genre: Mapped[str] = mapped_column(String(10))
    conventions: Mapped[str] = _conventions()
    periode: Mapped[str] = _periode()
    format: Mapped[str | None] = mapped_column(String(20), comment="De ce qui est sorti : pdf, xlsx, csv, json, fse")
    masque: Mapped[bool] = mapped_column(Boolean, default=False, comment="Les petits comptes y étaient tus")
    motif: Mapped[str | None] = mapped_column(String(30), comment="Une ligne de la liste motif_de_sortie_de_rapport")
    precision: Mapped[Libelle | None]
    auteur_id: Mapped[Identifiant | None] = mapped_column(comment="Qui l'a fait ; vide : la ligne de commande")
    survenu_le: Mapped[Instant]


class TexteRapport(Base):
    """Une version d'un texte libre du rapport. Rien ne se récrit : la dernière est celle qui s'imprime."""

    __tablename__ = "texte_rapport"
    __table_args__ = (vers("utilisateur", "auteur_id"), Index(None, "structure_id", "conventions", "periode"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    conventions: Mapped[str] = _conventions()
    periode: Mapped[str] = _periode()
    bloc: Mapped[str] = mapped_column(String(36), comment="contexte, analyse… ou l'identifiant d'une vignette")
    titre: Mapped[Libelle]
    texte: Mapped[Texte] = mapped_column(comment="Vide : le bloc est retiré")
    auteur_id: Mapped[Identifiant]
    ecrit_le: Mapped[Instant]


class RapportClos(Base):
    """Les chiffres d'un rapport tels qu'ils ont été arrêtés, et ce qui les explique, sans personne.

    Rien n'y mène d'un pseudonyme à un dossier (docs/adr/0014-rapports-clos.md).
    """

    __tablename__ = "rapport_clos"
    __table_args__ = (
        vers("utilisateur", "clos_par"),
        vers("utilisateur", "rouvert_par"),
        Index(None, "structure_id", "conventions", "periode"),
        Index(
            "ix_rapport_clos_en_vigueur",
            "structure_id",
            "conventions",
            "periode",
            unique=True,
            sqlite_where=text("rouvert_le IS NULL"),
            postgresql_where=text("rouvert_le IS NULL"),
        ),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    conventions: Mapped[str] = _conventions()
    periode: Mapped[str] = _periode()
    chiffres: Mapped[Donnees] = mapped_column(comment="Les tableaux tels qu'imprimés")
    textes: Mapped[Donnees] = mapped_column(comment="Les textes libres de ce jour")
    listes: Mapped[Donnees] = mapped_column(comment="Par case qui a une liste : si elle est réservée")
    faits: Mapped[Donnees] = mapped_column(comment="Par case : pseudonyme, mois, situation, combien")
    clos_le: Mapped[Instant]
    clos_par: Mapped[Identifiant]
    rouvert_le: Mapped[Instant | None] = mapped_column(comment="Vide : le rapport est clos")
    rouvert_par: Mapped[Identifiant | None]
