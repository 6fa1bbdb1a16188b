"""Ce qui relie quelqu'un de connu d'un secteur à un dossier, avec son accord : docs/adr/0016-rattachements.md."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Jour, Sequence, vers

ETENDUES = ("jours", "aide")


class Rattachement(Base):
    """Vaut tant que `fin_le` est vide. Les rencontres restent au cahier ; ici, ce que la personne en laisse lire."""

    __tablename__ = "rattachement"
    __table_args__ = (
        vers("personne", "personne_id"),
        vers("cahier", "cahier_id"),
        vers("feuille", "connu_id"),
        vers("utilisateur", "par_id"),
        Index(None, "structure_id", "personne_id"),
        Index(None, "structure_id", "cahier_id"),
        CheckConstraint(f"etendue IN {ETENDUES}", name="etendue"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    personne_id: Mapped[Identifiant]
    cahier_id: Mapped[Identifiant]
    connu_id: Mapped[Identifiant]
    etendue: Mapped[str] = mapped_column(String(10), comment="Ce qu'elle laisse lire : les jours, ou aussi l'aide")
    accord_le: Mapped[Jour] = mapped_column(comment="Le jour où elle l'a dit")
    par_id: Mapped[Identifiant] = mapped_column(comment="Qui a recueilli son accord")
    rencontres: Mapped[Donnees] = mapped_column(comment="[{le, …}], la dernière d'abord ; vide une fois détachée")
    fin_le: Mapped[Jour | None] = mapped_column(comment="Le jour où elle a été détachée")
    sequence: Mapped[Sequence]
    cree_le: Mapped[Instant]
