"""Ce qui arrive à un compte : le lien qui lui fait choisir son mot de passe, et le journal de ses changements."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, vers

GENRES = (
    "compte_cree",
    "lien_donne",
    "mot_de_passe_choisi",
    "mot_de_passe_change",
    "compte_ferme",
    "compte_rouvert",
    "appareil_retire",
    "agenda_ouvert",
    "agenda_ferme",
)


class LienMotDePasse(Base):
    """Une invitation, ou un mot de passe oublié : un lien à usage unique. Un seul à la fois par compte."""

    __tablename__ = "lien_mot_de_passe"
    __table_args__ = (vers("utilisateur", "utilisateur_id"), Index(None, "structure_id", "utilisateur_id"))

    structure_id: Mapped[CleStructure]
    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="Empreinte du jeton, jamais le jeton")
    utilisateur_id: Mapped[Identifiant]
    cree_le: Mapped[Instant]
    expire_le: Mapped[Instant]


class EvenementCompte(Base):
    """Une ligne du journal des comptes : on en ajoute, on n'en change aucune."""

    __tablename__ = "evenement_compte"
    __table_args__ = (
        vers("utilisateur", "utilisateur_id"),
        vers("utilisateur", "auteur_id"),
        Index(None, "structure_id", "survenu_le"),
        CheckConstraint(f"genre IN {GENRES}", name="genre"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    genre: Mapped[str] = mapped_column(String(30))
    utilisateur_id: Mapped[Identifiant] = mapped_column(comment="Le compte dont il s'agit")
    auteur_id: Mapped[Identifiant | None] = mapped_column(comment="Qui l'a fait ; vide : la ligne de commande")
    survenu_le: Mapped[Instant]
