"""Une démarche dit son jour et sa mesure ; démarches et contacts d'une année se comptent sans ouvrir leurs lignes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

DEMARCHE = sa.table(
    "demarche",
    sa.column("structure_id", sa.String),
    sa.column("entretien_id", sa.String),
    sa.column("date", sa.Date),
    sa.column("mesure_id", sa.String),
)
ENTRETIEN = sa.table(
    "entretien",
    sa.column("structure_id", sa.String),
    sa.column("id", sa.String),
    sa.column("date", sa.Date),
    sa.column("mesure_id", sa.String),
)
CONTACTS = ["structure_id", "date", "mesure_id", "personne_id", "id"]
_AVANT, _APRES = "ix_entretien_structure_id_date_mesure_id_personne_id_id", "ix_entretien_par_jour"
_DEMARCHES = "ix_demarche_par_jour"


def upgrade() -> None:
    op.add_column("demarche", sa.Column("date", sa.Date(), comment="Répété de l'entretien"))
    op.add_column("demarche", sa.Column("mesure_id", sa.String(36), comment="Répété de l'entretien"))
    sien = (ENTRETIEN.c.structure_id == DEMARCHE.c.structure_id) & (ENTRETIEN.c.id == DEMARCHE.c.entretien_id)
    repetes = {nom: sa.select(ENTRETIEN.c[nom]).where(sien).scalar_subquery() for nom in ("date", "mesure_id")}
    op.get_bind().execute(sa.update(DEMARCHE).values(repetes))
    with op.batch_alter_table("demarche") as table:
        table.alter_column("date", existing_type=sa.Date(), nullable=False)
    op.create_index(_DEMARCHES, "demarche", ["structure_id", "date", "entretien_id", "rang", "famille", "mesure_id"])
    op.drop_index(_AVANT, "entretien")
    op.create_index(_APRES, "entretien", [*CONTACTS, "moyen", "rendez_vous_id"])


def downgrade() -> None:
    op.drop_index(_APRES, "entretien")
    op.create_index(_AVANT, "entretien", CONTACTS)
    op.drop_index(_DEMARCHES, "demarche")
    with op.batch_alter_table("demarche") as table:
        table.drop_column("mesure_id")
        table.drop_column("date")
