"""Le partage : un dossier ouvert à un collègue, en binôme ou pour un temps."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Jour, Sequence, vers

MOTIFS = ("binome", "remplacement", "visite")


class Partage(Base):
    """Vaut de `du` à `jusqu_au`, ces deux jours compris, tant que `fin_le` est vide. Rien ne s'écrit quand il finit."""

    __tablename__ = "partage"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("utilisateur", "utilisateur_id"),
        vers("utilisateur", "par_id"),
        Index(None, "structure_id", "personne_id", "sequence"),
        # Ce que lit chaque échange : les partages d'une personne, et eux seuls.
        Index(None, "structure_id", "utilisateur_id", "sequence"),
        CheckConstraint(f"motif IN {MOTIFS}", name="motif"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    utilisateur_id: Mapped[Identifiant] = mapped_column(comment="À qui le dossier est ouvert")
    du: Mapped[Jour | None] = mapped_column(comment="Premier jour ; vide : tout de suite")
    jusqu_au: Mapped[Jour | None] = mapped_column(comment="Dernier jour d'un prêt ; vide : en binôme, sans terme")
    motif: Mapped[str | None] = mapped_column(String(20))
    par_id: Mapped[Identifiant] = mapped_column(comment="Qui a partagé")
    fin_le: Mapped[Jour | None] = mapped_column(comment="Le jour où quelqu'un y a mis fin avant son terme")
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
