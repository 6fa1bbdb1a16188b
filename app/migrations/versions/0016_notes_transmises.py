"""La note personnelle que son auteur a transmise avec le dossier se lit de qui le suit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "note_personnelle",
        sa.Column(
            "transmise_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Vide : elle n'est qu'à son auteur",
        ),
    )


def downgrade() -> None:
    # Sans cette colonne, une note transmise redevient celle de son seul auteur : rien de plus ne se lit.
    with op.batch_alter_table("note_personnelle", schema=None) as batch_op:
        batch_op.drop_column("transmise_le")
