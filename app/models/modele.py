"""Les modèles des papiers que la structure a écrits ; ceux qu'elle n'a pas touchés sont dans `app/domain/modeles`."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Jour, Libelle, Texte, vers


class Modele(Base):
    """Une version datée. Son texte ne se récrit pas : un papier d'hier garde les mots d'hier."""

    __tablename__ = "modele"
    __table_args__ = (
        vers("utilisateur", "auteur_id"),
        vers("utilisateur", "valide_par"),
        Index(None, "structure_id", "code", "depuis"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    code: Mapped[str] = mapped_column(String(30), comment="Un fichier de app/domain/modeles")
    langue: Mapped[str] = mapped_column(String(10))
    titre: Mapped[Libelle]
    corps: Mapped[Texte]
    depuis: Mapped[Jour] = mapped_column(comment="Le premier jour des papiers qui le suivent")
    auteur_id: Mapped[Identifiant]
    cree_le: Mapped[Instant]
    valide_le: Mapped[Instant | None] = mapped_column(comment="Vide : chaque papier porte « Modèle à valider »")
    valide_par: Mapped[Identifiant | None]
