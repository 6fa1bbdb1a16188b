"""L'instant de la dernière restauration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "structure",
        sa.Column(
            "restauree_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="La dernière restauration : ce qui ouvrait un dossier peut encore revenir d'un appareil",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.drop_column("restauree_le")
