"""Deux homonymes, une fois regardés, ne reviennent plus parmi les doublons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doublon_ecarte",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("autre_id", sa.String(length=36), nullable=False),
        sa.Column(
            "raison",
            sa.String(length=200),
            nullable=False,
            comment="Ce qui les rapprochait quand on les a regardées",
        ),
        sa.Column("par_id", sa.String(length=36), nullable=False),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_doublon_ecarte_structure_id_structure")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                [f"{table}.structure_id", f"{table}.id"],
                name=op.f(f"fk_doublon_ecarte_structure_id_{colonne}_{table}"),
            )
            for colonne, table in (("personne_id", "personne"), ("autre_id", "personne"), ("par_id", "utilisateur"))
        ),
        sa.PrimaryKeyConstraint("structure_id", "personne_id", "autre_id", name=op.f("pk_doublon_ecarte")),
    )


def downgrade() -> None:
    op.drop_table("doublon_ecarte")
