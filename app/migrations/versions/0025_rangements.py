"""Où une structure compte un motif de sortie, dans la grille d'un financeur."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rangement_motif",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("grille", sa.String(length=40), nullable=False),
        sa.Column("motif", sa.String(length=40), nullable=False),
        sa.Column("ligne", sa.String(length=40), nullable=True, comment="Vide : le motif revient où la grille le met"),
        sa.Column("raison", sa.String(length=200), nullable=False),
        sa.Column("par_id", sa.String(length=36), nullable=False),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_rangement_motif_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "par_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_rangement_motif_structure_id_par_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_rangement_motif")),
    )
    op.create_index(
        op.f("ix_rangement_motif_structure_id_grille_le"), "rangement_motif", ["structure_id", "grille", "le"]
    )


def downgrade() -> None:
    op.drop_table("rangement_motif")
