"""Un entretien se coche pour le binôme, comme une pièce."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "entretien",
        sa.Column(
            "partagee",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Coché pour le binôme, si la personne l'accepte",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("entretien", schema=None) as batch_op:
        batch_op.drop_column("partagee")
