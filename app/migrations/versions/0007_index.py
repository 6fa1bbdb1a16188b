"""Un contrôle porte l'identifiant de sa fiche ; deux index que rien ne lit s'en vont.

Chaque fiche reçue écrivait une page au hasard pour l'identifiant calculé de son contrôle, et une par index inutile.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INUTILES = (("demarche", "personne_id"), ("personne", "sequence_dossier"))


def upgrade() -> None:
    op.execute(sa.text("UPDATE controle SET id = fiche_id"))
    for table, colonne in INUTILES:
        op.drop_index(op.f(f"ix_{table}_structure_id_{colonne}"), table_name=table)


def downgrade() -> None:
    for table, colonne in INUTILES:
        op.create_index(op.f(f"ix_{table}_structure_id_{colonne}"), table, ["structure_id", colonne])
