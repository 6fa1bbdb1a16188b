"""Les listes d'orientations : le fichier en cours de vérification, ses lignes, et ce que l'on retient de sa source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_PROPRIETAIRE = "La structure propriétaire"


def upgrade() -> None:
    op.create_table(
        "import_orientations",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment=_PROPRIETAIRE),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "source",
            sa.String(length=200),
            nullable=False,
            comment="Qui envoie cette liste, dans les mots de la structure",
        ),
        sa.Column("fichier", sa.String(length=200), nullable=False, comment="Le nom du fichier"),
        sa.Column(
            "empreinte",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 du fichier : le même, redonné, se reconnaît",
        ),
        sa.Column("par_id", sa.String(length=36), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "touche_le",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Sept jours après, les lignes qui restent sont effacées",
        ),
        sa.Column("fini_le", sa.DateTime(timezone=True), nullable=True, comment="Vide : des lignes attendent encore"),
        sa.Column(
            "reglages",
            DONNEES,
            nullable=False,
            comment="Ligne des titres, champ de chaque colonne, convention, date et prescripteur à défaut",
        ),
        sa.Column("bilan", DONNEES, nullable=False, comment="Combien de lignes reçues, connues, écartées, effacées"),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_import_orientations_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "par_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_import_orientations_structure_id_par_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_import_orientations")),
    )
    op.create_index(
        op.f("ix_import_orientations_structure_id_touche_le"), "import_orientations", ["structure_id", "touche_le"]
    )
    op.create_table(
        "ligne_orientation",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment=_PROPRIETAIRE),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False, comment="Son numéro dans le fichier"),
        sa.Column("cellules", DONNEES, nullable=False, comment="Les textes des cellules, dans l'ordre des colonnes"),
        sa.Column("corrections", DONNEES, nullable=False, comment="Les textes récrits sur place, par champ"),
        sa.Column(
            "decision",
            sa.String(length=36),
            nullable=True,
            comment="« nouvelle », « ecartee », ou la personne connue à qui elle revient",
        ),
        sa.Column("referent_id", sa.String(length=36), nullable=True),
        sa.Column(
            "personne_id",
            sa.String(length=36),
            nullable=False,
            comment="Celui d'une personne nouvelle, choisi d'avance",
        ),
        sa.Column("mesure_id", sa.String(length=36), nullable=False),
        sa.Column("recue_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_ligne_orientation_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "import_id"],
            ["import_orientations.structure_id", "import_orientations.id"],
            name=op.f("fk_ligne_orientation_structure_id_import_id_import_orientations"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "import_id", "numero", name=op.f("pk_ligne_orientation")),
    )
    op.create_table(
        "source_orientations",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment=_PROPRIETAIRE),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(length=200), nullable=False),
        sa.Column("reglages", DONNEES, nullable=False),
        sa.Column("utilisee_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_source_orientations_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_source_orientations")),
        sa.UniqueConstraint("structure_id", "nom", name=op.f("uq_source_orientations_structure_id_nom")),
    )


def downgrade() -> None:
    op.drop_table("source_orientations")
    op.drop_table("ligne_orientation")
    op.drop_table("import_orientations")
