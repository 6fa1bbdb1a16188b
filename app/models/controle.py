"""Le contrôle d'une fiche reçue par le chef de service."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Sequence, vers

ETATS = ("recue", "validee", "retournee")
FICHES = ("personne", "mesure", "rendez_vous", "entretien", "piece")


class Controle(Base):
    """Un contrôle par fiche, sous le même identifiant ; une fiche modifiée après coup redevient « reçue »."""

    __tablename__ = "controle"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("utilisateur", "auteur_id"),
        vers("utilisateur", "par_id"),
        UniqueConstraint("structure_id", "fiche_type", "fiche_id"),
        Index(None, "structure_id", "personne_id", "sequence"),
        Index(None, "structure_id", "etat", "recue_le"),
        CheckConstraint(f"etat IN {ETATS}", name="etat"),
        CheckConstraint(f"fiche_type IN {FICHES}", name="fiche_type"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    fiche_type: Mapped[str] = mapped_column(String(20))
    fiche_id: Mapped[Identifiant]
    etat: Mapped[str] = mapped_column(String(10), default="recue")
    remarque: Mapped[str | None] = mapped_column(Text)
    auteur_id: Mapped[Identifiant] = mapped_column(comment="Qui a envoyé la fiche en dernier")
    recue_le: Mapped[Instant] = mapped_column(comment="Heure du serveur au dernier envoi de la fiche")
    par_id: Mapped[Identifiant | None] = mapped_column(comment="Qui a contrôlé")
    le: Mapped[Instant | None] = mapped_column(comment="Quand le contrôle a été fait")
    sequence: Mapped[Sequence]
