"""Pourquoi une sortie n'est pas au jour de la règle : sur la mesure, à côté de sa date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "mesure",
        sa.Column(
            "sortie_ecart",
            sa.String(length=300),
            nullable=True,
            comment="Pourquoi la sortie n'est pas au jour de la règle",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("mesure", schema=None) as batch_op:
        batch_op.drop_column("sortie_ecart")
