"""Le cahier d'une équipe, qui le tient, et ses feuilles : docs/adr/0015-cahiers.md."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import (
    Base,
    Cle,
    CleStructure,
    Donnees,
    Identifiant,
    Instant,
    Jour,
    Nom,
    Sequence,
    Tardive,
    vers,
)

GENRES = ("secteur", "action", "comite", "annuaire")


class Cahier(Base):
    """Maraude, action collective, comité, annuaire. `sequence_cahier` est le plus grand numéro pris chez lui."""

    __tablename__ = "cahier"
    __table_args__ = (CheckConstraint(f"genre IN {GENRES}", name="genre"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    genre: Mapped[str] = mapped_column(String(20))
    nom: Mapped[Nom]
    valeurs: Mapped[Donnees] = mapped_column(comment="Les champs de son genre, remplis, tels qu'ils voyagent")
    revisions: Mapped[Donnees] = mapped_column(comment="Comme celles d'une feuille")
    ferme_le: Mapped[Jour | None] = mapped_column(comment="Vide : on y note encore")
    jusqu_au: Mapped[Jour | None] = mapped_column(
        comment="Le dernier jour où les téléphones le tiennent ; vide : toujours"
    )
    sequence: Mapped[Sequence]
    sequence_cahier: Mapped[Sequence]
    cree_le: Mapped[Instant]


class CahierMembre(Base):
    """Qui tient le cahier, ou l'a tenu, depuis ce numéro."""

    __tablename__ = "cahier_membre"
    __table_args__ = (
        vers("cahier", "cahier_id"),
        vers("utilisateur", "utilisateur_id"),
        # Ce que lit chaque échange : les cahiers d'une personne, et eux seuls.
        Index(None, "structure_id", "utilisateur_id"),
    )

    structure_id: Mapped[CleStructure]
    cahier_id: Mapped[Cle]
    utilisateur_id: Mapped[Cle]
    actif: Mapped[bool] = mapped_column(default=True)
    depuis: Mapped[Instant] = mapped_column(comment="Quand il l'a reçu, la dernière fois")
    perdu_le: Mapped[Instant | None] = mapped_column(comment="Le travail non envoyé d'avant ce jour est encore reçu")
    sequence: Mapped[Sequence]


class Feuille(Base):
    """Une page d'un cahier, d'une forme décrite par des données. Retirée, elle reste, avec son motif."""

    __tablename__ = "feuille"
    __table_args__ = (
        vers("cahier", "cahier_id"),
        vers("utilisateur", "auteur_id"),
        Index(None, "structure_id", "cahier_id", "sequence"),
        Index(None, "structure_id", "forme", "jour"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    cahier_id: Mapped[Identifiant]
    forme: Mapped[str] = mapped_column(String(30), comment="Un code de app/domain/feuilles")
    jour: Mapped[Jour | None] = mapped_column(comment="La valeur du champ qui la date")
    valeurs: Mapped[Donnees] = mapped_column(comment="Ses champs remplis, tels qu'ils voyagent")
    revisions: Mapped[Donnees] = mapped_column(
        comment="Les valeurs d'avant, la dernière d'abord : [{le, par, champs, version}]"
    )
    resume: Mapped[Donnees | None] = mapped_column(
        comment="Ce que le bureau prépare d'un dossier pour le comité ; s'efface après lui"
    )
    auteur_id: Mapped[Identifiant]
    note_le: Mapped[Instant] = mapped_column(comment="L'heure de l'appareil : une donnée")
    retiree_le: Mapped[Instant | None] = mapped_column(comment="L'heure de l'appareil quand elle a été retirée")
    retrait_motif: Mapped[str | None] = mapped_column(Text)
    tardive: Mapped[Tardive]
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
