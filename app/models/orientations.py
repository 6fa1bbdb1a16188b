"""Une liste d'orientations reçue : son fichier, ses lignes le temps de les vérifier, ce que l'on sait de sa source."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.colonnes import Base, Cle, CleStructure, Donnees, Identifiant, Instant, Libelle, vers


class ImportOrientations(Base):
    """Un fichier déposé. Il n'est écrit nulle part : ses lignes sont dans `ligne_orientation`, jusqu'à la fin."""

    __tablename__ = "import_orientations"
    __table_args__ = (vers("utilisateur", "par_id"), Index(None, "structure_id", "touche_le"))

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    source: Mapped[Libelle] = mapped_column(comment="Qui envoie cette liste, dans les mots de la structure")
    fichier: Mapped[Libelle] = mapped_column(comment="Le nom du fichier")
    empreinte: Mapped[str] = mapped_column(String(64), comment="SHA-256 du fichier : le même, redonné, se reconnaît")
    par_id: Mapped[Identifiant]
    cree_le: Mapped[Instant]
    touche_le: Mapped[Instant] = mapped_column(comment="Sept jours après, les lignes qui restent sont effacées")
    fini_le: Mapped[Instant | None] = mapped_column(comment="Vide : des lignes attendent encore")
    reglages: Mapped[Donnees] = mapped_column(
        comment="Ligne des titres, champ de chaque colonne, convention, date et prescripteur à défaut"
    )
    bilan: Mapped[Donnees] = mapped_column(comment="Combien de lignes reçues, connues, écartées, effacées")


class LigneOrientation(Base):
    """Une ligne du fichier. Reçue, elle ne dit plus rien de la personne ; l'import fini, elle est effacée."""

    __tablename__ = "ligne_orientation"
    __table_args__ = (vers("import_orientations", "import_id"),)

    structure_id: Mapped[CleStructure]
    import_id: Mapped[Cle]
    numero: Mapped[int] = mapped_column(Integer, primary_key=True, comment="Son numéro dans le fichier")
    cellules: Mapped[Donnees] = mapped_column(comment="Les textes des cellules, dans l'ordre des colonnes")
    corrections: Mapped[Donnees] = mapped_column(comment="Les textes récrits sur place, par champ")
    decision: Mapped[str | None] = mapped_column(
        String(36), comment="« nouvelle », « ecartee », ou la personne connue à qui elle revient"
    )
    referent_id: Mapped[str | None] = mapped_column(String(36))
    personne_id: Mapped[Identifiant] = mapped_column(comment="Celui d'une personne nouvelle, choisi d'avance")
    mesure_id: Mapped[Identifiant]
    recue_le: Mapped[Instant | None]


class SourceOrientations(Base):
    """Ce que l'on a retenu des listes d'une source : ses titres, sa convention, qui suit quel lieu."""

    __tablename__ = "source_orientations"
    __table_args__ = (UniqueConstraint("structure_id", "nom"),)

    structure_id: Mapped[CleStructure]
    id: Mapped[Cle]
    nom: Mapped[Libelle]
    reglages: Mapped[Donnees]
    utilisee_le: Mapped[Instant]
