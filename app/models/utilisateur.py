"""Les professionnels et leur rôle."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.roles import ROLES
from app.models.colonnes import Base, Cle, CleStructure, Courriel, Instant, Nom


class Utilisateur(Base):
    """Une personne qui se connecte. Le courriel est l'identifiant de connexion, en minuscules."""

    __tablename__ = "utilisateur"
    __table_args__ = (
        UniqueConstraint("structure_id", "courriel"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    nom: Mapped[Nom]
    prenom: Mapped[Nom]
    courriel: Mapped[Courriel]
    mot_de_passe: Mapped[str | None] = mapped_column(
        String(255), comment="Empreinte Argon2id ; vide avant l'invitation"
    )
    role: Mapped[str] = mapped_column(String(20))
    actif: Mapped[bool] = mapped_column(default=True)
    cree_le: Mapped[Instant]
    desactive_le: Mapped[Instant | None]
    connecte_le: Mapped[Instant | None]
