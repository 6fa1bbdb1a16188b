"""Quatre index que rien ne lit s'en vont : chaque fiche reçue les récrivait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INUTILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("demarche", ("famille",)),
    ("entretien", ("mesure_id", "date")),
    ("entretien", ("rendez_vous_id",)),
    ("operation", ("appareil_id", "compteur")),
)


def upgrade() -> None:
    for table, colonnes in INUTILES:
        op.drop_index(_nom(table, colonnes), table_name=table)


def downgrade() -> None:
    for table, colonnes in INUTILES:
        op.create_index(_nom(table, colonnes), table, ["structure_id", *colonnes])


def _nom(table: str, colonnes: tuple[str, ...]) -> sa.sql.elements.conv:
    nom: sa.sql.elements.conv = op.f("_".join(("ix", table, "structure_id", *colonnes)))
    return nom
