"""Le désaccord : deux valeurs d'un même champ, notées chacune de son côté ; l'une est en vigueur, l'autre proposée."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Jour, Sequence, vers
from app.models.controle import FICHES

ETATS = ("ouvert", "regle")
CHOIX = ("en_vigueur", "propose")


class Desaccord(Base):
    """La valeur reçue la première reste en vigueur tant que personne n'a choisi. `regle` : quelqu'un a choisi."""

    __tablename__ = "desaccord"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("utilisateur", "vigueur_par_id"),
        vers("utilisateur", "propose_par_id"),
        vers("utilisateur", "regle_par_id"),
        Index(None, "structure_id", "personne_id", "sequence"),
        Index(None, "structure_id", "fiche_id"),
        Index(None, "structure_id", "etat", "ouvert_le"),
        CheckConstraint(f"fiche_type IN {FICHES}", name="fiche_type"),
        CheckConstraint(f"etat IN {ETATS}", name="etat"),
        CheckConstraint(f"choix IN {CHOIX}", name="choix"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    fiche_type: Mapped[str] = mapped_column(String(20))
    fiche_id: Mapped[Identifiant]
    champ: Mapped[str] = mapped_column(String(40))
    date_effet: Mapped[Jour | None] = mapped_column(comment="Pour un champ daté : les deux valeurs prennent ce jour")
    vigueur_valeur: Mapped[Donnees | None] = mapped_column(comment="Telle qu'elle voyage : en JSON")
    vigueur_par_id: Mapped[Identifiant | None]
    vigueur_le: Mapped[Instant] = mapped_column(comment="L'heure du serveur")
    vigueur_heure: Mapped[Instant | None] = mapped_column(comment="L'heure de l'appareil : une donnée")
    vigueur_appareil_id: Mapped[Identifiant | None] = mapped_column(comment="Vide : notée au bureau")
    propose_valeur: Mapped[Donnees | None] = mapped_column(comment="Telle qu'elle voyage : en JSON")
    propose_par_id: Mapped[Identifiant | None]
    propose_le: Mapped[Instant] = mapped_column(comment="L'heure du serveur")
    propose_heure: Mapped[Instant | None] = mapped_column(comment="L'heure de l'appareil : une donnée")
    propose_appareil_id: Mapped[Identifiant | None] = mapped_column(comment="Vide : notée au bureau")
    etat: Mapped[str] = mapped_column(String(10), default="ouvert")
    choix: Mapped[str | None] = mapped_column(String(10))
    regle_par_id: Mapped[Identifiant | None]
    regle_le: Mapped[Instant | None]
    ouvert_le: Mapped[Instant] = mapped_column(comment="L'heure du serveur quand le désaccord est apparu")
    sequence: Mapped[Sequence]
