"""L'adresse par laquelle un autre calendrier lit les heures de quelqu'un."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, CleStructure, Identifiant, Instant, vers


class AbonnementAgenda(Base):
    """Une adresse au plus par compte ; en ouvrir une autre ferme la première."""

    __tablename__ = "abonnement_agenda"
    __table_args__ = (vers("utilisateur", "utilisateur_id"), UniqueConstraint("structure_id", "utilisateur_id"))

    structure_id: Mapped[CleStructure]
    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="Empreinte du jeton, jamais le jeton")
    utilisateur_id: Mapped[Identifiant]
    ouvert_le: Mapped[Instant]
