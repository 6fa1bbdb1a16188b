"""L'annuaire : les partenaires, leurs services, et ce que la structure en dit aux téléphones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _creer("partenaire", [], [])
    _creer(
        "service_partenaire",
        [sa.Column("partenaire_id", sa.String(length=36), nullable=False)],
        [
            sa.Column("note", sa.Text(), nullable=True, comment="Ce que l'équipe en sait ; aucun import n'y touche"),
            sa.ForeignKeyConstraint(
                ["structure_id", "partenaire_id"],
                ["partenaire.structure_id", "partenaire.id"],
                name=op.f("fk_service_partenaire_structure_id_partenaire_id_partenaire"),
            ),
        ],
    )
    with op.batch_alter_table("structure") as table:
        table.add_column(
            sa.Column(
                "annuaire",
                sa.String(length=32),
                nullable=True,
                comment="L'empreinte de son annuaire : un téléphone ne le redemande que si elle a changé",
            )
        )
        table.add_column(
            sa.Column(
                "territoire",
                sa.String(length=400),
                nullable=True,
                comment="Les départements et communes dont l'annuaire garde les services",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("structure") as table:
        table.drop_column("territoire")
        table.drop_column("annuaire")
    op.drop_table("service_partenaire")
    op.drop_table("partenaire")


def _creer(nom: str, propres: list[sa.Column[str]], autres: list[sa.schema.SchemaItem]) -> None:
    absent = "L'import où il n'était plus" + (", ou son retrait" if propres else "")
    op.create_table(
        nom,
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        *propres,
        sa.Column("source", sa.String(length=80), nullable=False, comment="Le producteur de la donnée"),
        sa.Column("code", sa.String(length=200), nullable=False, comment="Son identifiant chez le producteur"),
        sa.Column("nom", sa.String(length=200), nullable=False),
        sa.Column("donnees", _JSON, nullable=False, comment="Ses autres champs du schéma data·inclusion v1"),
        sa.Column("maj_le", sa.Date(), nullable=False, comment="Mise à jour chez le producteur"),
        sa.Column(
            "recu_le",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Le dernier import, ou la dernière saisie, où il était",
        ),
        sa.Column("absent_le", sa.DateTime(timezone=True), nullable=True, comment=absent),
        *autres,
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f(f"fk_{nom}_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f(f"pk_{nom}")),
        sa.UniqueConstraint("structure_id", "source", "code", name=op.f(f"uq_{nom}_structure_id_source_code")),
    )
