"""Le journal des conventions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "evenement_convention",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("genre", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("regle", sa.String(length=40), nullable=True, comment="Vide : toute la version"),
        sa.Column("effet", sa.Date(), nullable=True, comment="Le jour où un ajustement prend effet"),
        sa.Column("avant", DONNEES, nullable=True),
        sa.Column("apres", DONNEES, nullable=True),
        sa.Column("raison", sa.String(length=200), nullable=True),
        sa.Column(
            "auteur_id", sa.String(length=36), nullable=True, comment="Qui l'a fait ; vide : la ligne de commande"
        ),
        sa.Column("survenu_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "genre IN ('chargee', 'corrigee', 'ajustee', 'rendue')", name=op.f("ck_evenement_convention_genre")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_evenement_convention_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "auteur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_evenement_convention_structure_id_auteur_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_evenement_convention")),
    )
    op.create_index(
        op.f("ix_evenement_convention_structure_id_code_survenu_le"),
        "evenement_convention",
        ["structure_id", "code", "survenu_le"],
    )


def downgrade() -> None:
    op.drop_table("evenement_convention")
