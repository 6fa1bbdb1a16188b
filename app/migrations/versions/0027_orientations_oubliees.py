"""D'une liste finie, le nom du fichier s'efface ; d'une source, les titres que l'on ne reprend pas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
IMPORT = sa.table("import_orientations", sa.column("fichier", sa.String), sa.column("fini_le", sa.DateTime))
SOURCE = sa.table(
    "source_orientations",
    sa.column("structure_id", sa.String),
    sa.column("id", sa.String),
    sa.column("reglages", DONNEES),
)


def upgrade() -> None:
    base = op.get_bind()
    base.execute(sa.update(IMPORT).where(IMPORT.c.fini_le.is_not(None)).values(fichier=""))
    for source in base.execute(sa.select(SOURCE)).all():
        colonnes = {titre: champ for titre, champ in source.reglages.get("colonnes", {}).items() if champ}
        base.execute(
            sa.update(SOURCE)
            .where(SOURCE.c.structure_id == source.structure_id, SOURCE.c.id == source.id)
            .values(reglages=source.reglages | {"colonnes": colonnes})
        )


def downgrade() -> None:
    """Ce qui est effacé l'est."""
