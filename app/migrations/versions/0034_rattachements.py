"""Quelqu'un de connu d'un secteur, rattaché à un dossier avec son accord."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
CITEES = (("personne", "personne_id"), ("cahier", "cahier_id"), ("feuille", "connu_id"), ("utilisateur", "par_id"))


def upgrade() -> None:
    op.create_table(
        "rattachement",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("cahier_id", sa.String(length=36), nullable=False),
        sa.Column("connu_id", sa.String(length=36), nullable=False),
        sa.Column(
            "etendue",
            sa.String(length=10),
            nullable=False,
            comment="Ce qu'elle laisse lire : les jours, ou aussi l'aide",
        ),
        sa.Column("accord_le", sa.Date(), nullable=False, comment="Le jour où elle l'a dit"),
        sa.Column("par_id", sa.String(length=36), nullable=False, comment="Qui a recueilli son accord"),
        sa.Column(
            "rencontres", DONNEES, nullable=False, comment="[{le, …}], la dernière d'abord ; vide une fois détachée"
        ),
        sa.Column("fin_le", sa.Date(), nullable=True, comment="Le jour où elle a été détachée"),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("etendue IN ('jours', 'aide')", name=op.f("ck_rattachement_etendue")),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                [f"{table}.structure_id", f"{table}.id"],
                name=op.f(f"fk_rattachement_structure_id_{colonne}_{table}"),
            )
            for table, colonne in CITEES
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_rattachement_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_rattachement")),
    )
    for colonne in ("personne_id", "cahier_id"):
        op.create_index(
            op.f(f"ix_rattachement_structure_id_{colonne}"), "rattachement", ["structure_id", colonne], unique=False
        )


def downgrade() -> None:
    op.drop_table("rattachement")
