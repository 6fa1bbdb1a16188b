"""Les sessions de navigation et le frein aux essais de connexion."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Donnees, Identifiant, Instant


class SessionWeb(Base):
    """Une session. Avant la connexion, la structure n'est pas connue : `structure_id` est alors vide."""

    __tablename__ = "session_web"
    __table_args__ = (Index(None, "structure_id", "utilisateur_id"), Index(None, "expire_le"))

    structure_id: Mapped[str] = mapped_column(String(36), primary_key=True, default="")
    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="Empreinte du jeton, jamais le jeton")
    utilisateur_id: Mapped[Identifiant | None]
    appareil_id: Mapped[Identifiant | None]
    donnees: Mapped[Donnees]
    cree_le: Mapped[Instant]
    vue_le: Mapped[Instant]
    expire_le: Mapped[Instant]


class Tentative(Base):
    """Les échecs de connexion d'un compte ou d'une adresse, pour ralentir sans jamais bloquer."""

    __tablename__ = "tentative"
    __table_args__ = (Index(None, "derniere_le"),)

    structure_id: Mapped[str] = mapped_column(String(36), primary_key=True, default="")
    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="Empreinte du compte ou de l'adresse")
    echecs: Mapped[int] = mapped_column(Integer, default=0)
    premiere_le: Mapped[Instant]
    derniere_le: Mapped[Instant]
    attendre_jusqu_au: Mapped[Instant | None]
