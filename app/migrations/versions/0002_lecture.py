"""Jusqu'où chacun a lu les listes du bureau."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lecture",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("sujet", sa.String(length=30), nullable=False),
        sa.Column("jusqu_au", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_lecture_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_lecture_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "utilisateur_id", "sujet", name=op.f("pk_lecture")),
    )


def downgrade() -> None:
    op.drop_table("lecture")
