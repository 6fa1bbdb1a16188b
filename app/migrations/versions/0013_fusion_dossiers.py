"""Deux dossiers d'une même personne se réunissent, et se séparent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
JSON = {
    "deplacees": "Les fiches venues de l'autre dossier : {table: [identifiants]}",
    "valeurs": "Ce que la réunion a écrit de la personne : [{champ, jour, avant, apres, absente}]",
    "partages": "Les partages de l'autre dossier et leurs copies : [[id, id]]",
    "acces": "Qui suivait chaque dossier : {personne_id: [utilisateur_id]}",
}
NUMERO = "Numéro pris sous le verrou de la structure : la version de la fiche"


def upgrade() -> None:
    op.create_table(
        "fusion_dossiers",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False, comment="Le dossier qui reste"),
        sa.Column("absorbee_id", sa.String(length=36), nullable=False, comment="Celui dont les fiches s'y lisent"),
        *(sa.Column(nom, DONNEES, nullable=False, comment=comment) for nom, comment in JSON.items()),
        sa.Column("rendues", DONNEES, nullable=True, comment="Ce que la séparation a rendu : {table: [identifiants]}"),
        sa.Column("par_id", sa.String(length=36), nullable=False),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment=NUMERO),
        sa.Column("defaite_par_id", sa.String(length=36), nullable=True),
        sa.Column("defaite_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("defaite_sequence", sa.BigInteger(), nullable=True, comment="Vide : les dossiers sont réunis"),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_fusion_dossiers_structure_id_structure")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                [f"{vers}.structure_id", f"{vers}.id"],
                name=op.f(f"fk_fusion_dossiers_structure_id_{colonne}_{vers}"),
            )
            for colonne, vers in (
                ("personne_id", "personne"),
                ("absorbee_id", "personne"),
                ("par_id", "utilisateur"),
                ("defaite_par_id", "utilisateur"),
            )
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_fusion_dossiers")),
    )
    for colonne in ("personne_id", "absorbee_id"):
        op.create_index(
            op.f(f"ix_fusion_dossiers_structure_id_{colonne}"), "fusion_dossiers", ["structure_id", colonne]
        )
    op.add_column(
        "personne",
        sa.Column(
            "fusionnee_dans",
            sa.String(length=36),
            nullable=True,
            comment="Réunie à cette autre personne, qui la remplace",
        ),
    )
    op.add_column(
        "personne",
        sa.Column(
            "fusion_sequence",
            sa.BigInteger(),
            nullable=True,
            comment="La dernière réunion ou séparation où ce dossier a pris part",
        ),
    )
    op.add_column(
        "operation",
        sa.Column(
            "origine_personne_id",
            sa.String(length=36),
            nullable=True,
            comment="Le dossier réuni, ou séparé, que l'opération nommait",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_column("origine_personne_id")
    with op.batch_alter_table("personne", schema=None) as batch_op:
        batch_op.drop_column("fusion_sequence")
        batch_op.drop_column("fusionnee_dans")
    op.drop_table("fusion_dossiers")
