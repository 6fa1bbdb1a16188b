"""Les permanences : où quelqu'un reçoit, et quand cela revient."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "permanence",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False, comment="Qui reçoit"),
        sa.Column("lieu_id", sa.String(length=36), nullable=False),
        sa.Column("jour", sa.Integer(), nullable=False, comment="0 lundi, 6 dimanche"),
        sa.Column(
            "semaines",
            sa.Integer(),
            nullable=False,
            comment="1 toutes les semaines, 2 une sur deux depuis la première",
        ),
        sa.Column("de", sa.String(length=5), nullable=False, comment="L'heure de Paris"),
        sa.Column("a", sa.String(length=5), nullable=False),
        sa.Column("pas", sa.Integer(), nullable=False, comment="Minutes d'un créneau"),
        sa.Column("du", sa.Date(), nullable=False),
        sa.Column("au", sa.Date(), nullable=True, comment="Vide : sans fin prévue"),
        sa.Column("par_id", sa.String(length=36), nullable=False, comment="Qui l'a écrite en dernier"),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("jour BETWEEN 0 AND 6", name=op.f("ck_permanence_jour")),
        sa.CheckConstraint("semaines IN (1, 2)", name=op.f("ck_permanence_semaines")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_permanence_structure_id_structure")),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_permanence_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "lieu_id"],
            ["lieu.structure_id", "lieu.id"],
            name=op.f("fk_permanence_structure_id_lieu_id_lieu"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "par_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_permanence_structure_id_par_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_permanence")),
    )


def downgrade() -> None:
    op.drop_table("permanence")
