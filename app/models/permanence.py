"""Les permanences : où quelqu'un reçoit, et quand cela revient."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Jour, vers


class Permanence(Base):
    """Un lieu, un jour de la semaine, une plage. Ses créneaux se calculent (`app/domain/permanence.py`)."""

    __tablename__ = "permanence"
    __table_args__ = (
        vers("utilisateur", "utilisateur_id"),
        vers("lieu", "lieu_id"),
        vers("utilisateur", "par_id"),
        CheckConstraint("jour BETWEEN 0 AND 6", name="jour"),
        CheckConstraint("semaines IN (1, 2)", name="semaines"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    utilisateur_id: Mapped[Identifiant] = mapped_column(comment="Qui reçoit")
    lieu_id: Mapped[Identifiant]
    jour: Mapped[int] = mapped_column(Integer, comment="0 lundi, 6 dimanche")
    semaines: Mapped[int] = mapped_column(Integer, comment="1 toutes les semaines, 2 une sur deux depuis la première")
    de: Mapped[str] = mapped_column(String(5), comment="L'heure de Paris")
    a: Mapped[str] = mapped_column(String(5))
    pas: Mapped[int] = mapped_column(Integer, comment="Minutes d'un créneau")
    du: Mapped[Jour]
    au: Mapped[Jour | None] = mapped_column(comment="Vide : sans fin prévue")
    par_id: Mapped[Identifiant] = mapped_column(comment="Qui l'a écrite en dernier")
    le: Mapped[Instant]
