"""La structure : l'association, et tout ce qui n'appartient qu'à elle."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, Instant, Libelle


class Structure(Base):
    """Une association. Sa ligne porte le verrou et le compteur de toutes ses écritures."""

    __tablename__ = "structure"

    id: Mapped[Cle]
    nom: Mapped[Libelle]
    sequence: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default="0", comment="Le dernier numéro pris ; verrouillé jusqu'à la validation"
    )
    generation: Mapped[str] = mapped_column(
        String(36), comment="Tirée au sort à la création et à chaque restauration : un ancien curseur ne vaut plus"
    )
    grace_minutes: Mapped[int] = mapped_column(Integer, default=5, server_default="5")
    grace_max_minutes: Mapped[int] = mapped_column(Integer, default=60, server_default="60")
    bail_jours: Mapped[int] = mapped_column(
        Integer, default=7, server_default="7", comment="Sans échange au-delà, le coffre du téléphone se ferme"
    )
    sauvegarde_le: Mapped[Instant | None] = mapped_column(
        comment="Tout ce qui a été acquitté jusque-là est dans une sauvegarde vérifiée"
    )
    restauree_le: Mapped[Instant | None] = mapped_column(
        comment="La dernière restauration : ce qui ouvrait un dossier peut encore revenir d'un appareil"
    )
    annuaire: Mapped[str | None] = mapped_column(
        String(32), comment="L'empreinte de son annuaire : un téléphone ne le redemande que si elle a changé"
    )
    territoire: Mapped[str | None] = mapped_column(
        String(400), comment="Les départements et communes dont l'annuaire garde les services"
    )
    cree_le: Mapped[Instant]
