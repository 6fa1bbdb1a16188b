"""Les modèles des papiers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "modele",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False, comment="Un fichier de app/domain/modeles"),
        sa.Column("langue", sa.String(length=10), nullable=False),
        sa.Column("titre", sa.String(length=200), nullable=False),
        sa.Column("corps", sa.Text(), nullable=False),
        sa.Column("depuis", sa.Date(), nullable=False, comment="Le premier jour des papiers qui le suivent"),
        sa.Column("auteur_id", sa.String(length=36), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "valide_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Vide : chaque papier porte « Modèle à valider »",
        ),
        sa.Column("valide_par", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_modele_structure_id_structure")),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                ["utilisateur.structure_id", "utilisateur.id"],
                name=op.f(f"fk_modele_structure_id_{colonne}_utilisateur"),
            )
            for colonne in ("auteur_id", "valide_par")
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_modele")),
    )
    op.create_index(op.f("ix_modele_structure_id_code_depuis"), "modele", ["structure_id", "code", "depuis"])


def downgrade() -> None:
    op.drop_table("modele")
