"""Une fiche dit qu'une part d'elle est arrivée tard, et pourquoi : qui la relit le voit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FICHES = ("personne", "mesure", "rendez_vous", "entretien")
COMMENTAIRE = "Pourquoi une part de la fiche est arrivée tard : referent, pret, appareil"


def upgrade() -> None:
    for fiche in FICHES:
        op.add_column(fiche, sa.Column("tardive", sa.String(length=10), nullable=True, comment=COMMENTAIRE))


def downgrade() -> None:
    for fiche in FICHES:
        with op.batch_alter_table(fiche, schema=None) as batch_op:
            batch_op.drop_column("tardive")
