"""Les lieux dont le nom en dit trop se taisent dans les listes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lieu_masque",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "nom", sa.String(length=200), nullable=False, comment="Les mots qui, dans un texte, le font reconnaître"
        ),
        sa.Column("par_id", sa.String(length=36), nullable=False),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rendu_par_id", sa.String(length=36), nullable=True),
        sa.Column("rendu_le", sa.DateTime(timezone=True), nullable=True, comment="Vide : les listes le taisent"),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_lieu_masque_structure_id_structure")),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                ["utilisateur.structure_id", "utilisateur.id"],
                name=op.f(f"fk_lieu_masque_structure_id_{colonne}_utilisateur"),
            )
            for colonne in ("par_id", "rendu_par_id")
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_lieu_masque")),
    )


def downgrade() -> None:
    op.drop_table("lieu_masque")
