"""D'un lieu : son adresse, quand il ouvre, qui le prête."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("lieu") as lieu:
        lieu.add_column(sa.Column("adresse", sa.String(length=200), nullable=True))
        lieu.add_column(
            sa.Column(
                "horaires", DONNEES, nullable=True, comment="Sept textes, du lundi au dimanche ; vide : pas connus"
            )
        )
        lieu.add_column(
            sa.Column(
                "preteur", sa.String(length=200), nullable=True, comment="Qui prête la salle : la personne à appeler"
            )
        )
        lieu.add_column(sa.Column("preteur_telephone", sa.String(length=20), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lieu") as lieu:
        for colonne in ("preteur_telephone", "preteur", "horaires", "adresse"):
            lieu.drop_column(colonne)
