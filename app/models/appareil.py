"""Les téléphones et postes enrôlés."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Identifiant, Instant, Nom, vers


class Appareil(Base):
    """Un appareil, nommé par sa propriétaire, dont on suit la fraîcheur et qu'on peut révoquer."""

    __tablename__ = "appareil"
    __table_args__ = (
        vers("utilisateur", "utilisateur_id"),
        # Un dépôt scellé ne dit que l'appareil : sa structure se retrouve par lui.
        Index(None, "id"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    utilisateur_id: Mapped[Identifiant]
    nom: Mapped[Nom]
    depot_empreinte: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 du secret qui n'autorise que le dépôt d'enveloppes scellées"
    )
    enrole_le: Mapped[Instant]
    vu_le: Mapped[Instant | None]
    revoque_le: Mapped[Instant | None]
    dernier_echange_le: Mapped[Instant | None]
    ecart_horloge: Mapped[int | None] = mapped_column(
        Integer, comment="Secondes d'avance (+) ou de retard (-) de l'appareil, mesurées au dernier échange"
    )
