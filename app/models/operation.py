"""Le journal des opérations : ce qui a été demandé, par qui, d'où, et la réponse donnée."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, vers

STATUTS_FINAUX = ("applied", "merged", "conflict", "refused")
ORIGINES = ("echange", "scelle", "bureau", "import")
# Pourquoi une opération est arrivée tard : changement de référent, fin d'un prêt, appareil retiré ou compte fermé,
# cahier quitté.
RETARDS = ("referent", "pret", "appareil", "membre")


class Operation(Base):
    """Une opération traitée une fois pour toutes. Une opération retenue n'y entre pas : elle n'a pas de réponse.

    `champs` ne garde pas la note personnelle : le journal survit à la note.
    """

    __tablename__ = "operation"
    __table_args__ = (
        vers("utilisateur", "utilisateur_id"),
        Index(None, "structure_id", "entite"),
        Index(None, "structure_id", "personne_id", "sequence"),
        # La dernière opération avant un numéro : un curseur la nomme, pour reconnaître sa base.
        Index(None, "structure_id", "sequence"),
        # Les arrivées tardives sont rares : leur liste ne lit pas tout le journal.
        Index(
            "ix_operation_tardives",
            "structure_id",
            "recue_le",
            sqlite_where=text("tardive"),
            postgresql_where=text("tardive"),
        ),
        CheckConstraint(f"statut IN {STATUTS_FINAUX}", name="statut"),
        CheckConstraint(f"origine IN {ORIGINES}", name="origine"),
        CheckConstraint(f"retard IN {RETARDS}", name="retard"),
    )

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    genre: Mapped[str] = mapped_column(String(40))
    entite: Mapped[Identifiant]
    personne_id: Mapped[Identifiant]
    base: Mapped[int | None] = mapped_column(BigInteger)
    champs: Mapped[Donnees]
    compteur: Mapped[int] = mapped_column(BigInteger, comment="Le compteur de l'appareil")
    heure: Mapped[Instant] = mapped_column(comment="L'heure de l'appareil : une donnée, jamais un ordre")
    remplace: Mapped[Identifiant | None] = mapped_column(comment="L'opération refusée que celle-ci corrige")
    protocole: Mapped[int] = mapped_column(Integer, default=1)
    empreinte: Mapped[str] = mapped_column(String(64), comment="SHA-256 du contenu : même id, autre contenu se voit")
    statut: Mapped[str] = mapped_column(String(10))
    erreurs: Mapped[Donnees | None]
    sequence: Mapped[int | None] = mapped_column(BigInteger, comment="La version donnée ; vide si refusée")
    contestes: Mapped[Donnees | None] = mapped_column(
        comment="Les champs restés à leur valeur d'avant : un désaccord, ou une valeur plus récente du même appareil"
    )
    note_touchee: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),
        comment="La note personnelle est fixée par cette opération ; son texte n'est pas au journal",
    )
    utilisateur_id: Mapped[Identifiant]
    role: Mapped[str] = mapped_column(String(20), comment="Le rôle au moment de l'opération")
    appareil_id: Mapped[Identifiant | None]
    origine: Mapped[str] = mapped_column(String(10))
    tardive: Mapped[bool] = mapped_column(
        default=False, comment="Venue d'un ancien référent ou d'un appareil révoqué : reçue, et signalée"
    )
    retard: Mapped[str | None] = mapped_column(String(10), comment="D'une opération tardive : pourquoi")
    origine_personne_id: Mapped[Identifiant | None] = mapped_column(
        comment="Le dossier réuni, ou séparé, que l'opération nommait"
    )
    recue_le: Mapped[Instant] = mapped_column(comment="L'heure du serveur")
