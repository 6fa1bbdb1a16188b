"""Les partages, la cause d'une arrivée tardive, et l'instant de la dernière sauvegarde vérifiée."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partage",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False, comment="À qui le dossier est ouvert"),
        sa.Column("du", sa.Date(), nullable=True, comment="Premier jour ; vide : tout de suite"),
        sa.Column(
            "jusqu_au", sa.Date(), nullable=True, comment="Dernier jour d'un prêt ; vide : en binôme, sans terme"
        ),
        sa.Column("motif", sa.String(length=20), nullable=True),
        sa.Column("par_id", sa.String(length=36), nullable=False, comment="Qui a partagé"),
        sa.Column("fin_le", sa.Date(), nullable=True, comment="Le jour où quelqu'un y a mis fin avant son terme"),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("motif IN ('binome', 'remplacement', 'visite')", name=op.f("ck_partage_motif")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_partage_structure_id_structure")),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_partage_structure_id_personne_id_personne"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                ["utilisateur.structure_id", "utilisateur.id"],
                name=op.f(f"fk_partage_structure_id_{colonne}_utilisateur"),
            )
            for colonne in ("utilisateur_id", "par_id")
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_partage")),
    )
    for colonne in ("personne_id", "utilisateur_id"):
        op.create_index(
            op.f(f"ix_partage_structure_id_{colonne}_sequence"), "partage", ["structure_id", colonne, "sequence"]
        )
    op.add_column(
        "acces",
        sa.Column(
            "jusqu_au",
            sa.Date(),
            nullable=True,
            comment="Dernier jour, quand la suite est déjà confiée",
        ),
    )
    op.add_column(
        "structure",
        sa.Column(
            "sauvegarde_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Tout ce qui a été acquitté jusque-là est dans une sauvegarde vérifiée",
        ),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("retard", sa.String(length=10), nullable=True, comment="D'une opération tardive : pourquoi")
        )
        batch_op.create_check_constraint(op.f("ck_operation_retard"), "retard IN ('referent', 'pret', 'appareil')")
    op.create_index(op.f("ix_operation_structure_id_sequence"), "operation", ["structure_id", "sequence"])
    op.create_index(
        "ix_operation_tardives",
        "operation",
        ["structure_id", "recue_le"],
        sqlite_where=sa.text("tardive"),
        postgresql_where=sa.text("tardive"),
    )


def downgrade() -> None:
    op.drop_index("ix_operation_tardives", table_name="operation")
    op.drop_index(op.f("ix_operation_structure_id_sequence"), table_name="operation")
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_operation_retard"), type_="check")
        batch_op.drop_column("retard")
    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.drop_column("sauvegarde_le")
    with op.batch_alter_table("acces", schema=None) as batch_op:
        batch_op.drop_column("jusqu_au")
    op.drop_table("partage")
