"""Un lieu, une structure, dont le nom en dit trop : les listes le taisent."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Libelle, vers


class LieuMasque(Base):
    """De `le` à `rendu_le`. Aucune ligne ne s'efface : qui a masqué quoi, et quand, reste lisible."""

    __tablename__ = "lieu_masque"
    __table_args__ = (vers("utilisateur", "par_id"), vers("utilisateur", "rendu_par_id"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    nom: Mapped[Libelle] = mapped_column(comment="Les mots qui, dans un texte, le font reconnaître")
    par_id: Mapped[Identifiant]
    le: Mapped[Instant]
    rendu_par_id: Mapped[Identifiant | None]
    rendu_le: Mapped[Instant | None] = mapped_column(comment="Vide : les listes le taisent")
