"""Le personnel et son temps de travail, les comités techniques, et de quoi trouver ce qui attend ou ne bouge plus."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEX = (("rendez_vous", ("statut", "debut")), ("entretien", ("date", "personne_id")))


def _structure() -> sa.Column[str]:
    return sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire")


def _vers(table: str, colonne: str, cible: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["structure_id", colonne],
        [f"{cible}.structure_id", f"{cible}.id"],
        name=op.f(f"fk_{table}_structure_id_{colonne}_{cible}"),
    )


def _cles(table: str, *colonnes: str) -> tuple[sa.Constraint, sa.Constraint]:
    return (
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f(f"fk_{table}_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", *colonnes, name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "agent",
        _structure(),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=True, comment="Son compte ; vide : il n'en a pas"),
        sa.Column("nom", sa.String(length=120), nullable=False),
        sa.Column("prenom", sa.String(length=120), nullable=False),
        sa.Column("fonction", sa.String(length=200), nullable=False),
        sa.Column("diplome", sa.String(length=200), nullable=True),
        sa.Column("valide_le", sa.Date(), nullable=True, comment="Quand le financeur a validé ce recrutement"),
        sa.Column("parti_le", sa.Date(), nullable=True, comment="Son dernier jour ; vide : il travaille ici"),
        sa.Column("par_id", sa.String(length=36), nullable=False, comment="Qui l'a écrit en dernier"),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        _vers("agent", "utilisateur_id", "utilisateur"),
        _vers("agent", "par_id", "utilisateur"),
        *_cles("agent", "id"),
    )
    op.create_table(
        "temps_de_travail",
        _structure(),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column(
            "convention", sa.String(length=20), nullable=False, comment="Son code ; vide : hors de toute convention"
        ),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("etp", sa.Numeric(precision=3, scale=2), nullable=False),
        _vers("temps_de_travail", "agent_id", "agent"),
        *_cles("temps_de_travail", "agent_id", "convention", "jour"),
    )
    op.create_table(
        "comite",
        _structure(),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("titre", sa.String(length=200), nullable=False),
        sa.Column("avec", sa.String(length=200), nullable=True),
        sa.Column("par_id", sa.String(length=36), nullable=False, comment="Qui le prépare"),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        _vers("comite", "par_id", "utilisateur"),
        *_cles("comite", "id"),
    )
    op.create_index(op.f("ix_comite_structure_id_jour"), "comite", ["structure_id", "jour"])
    op.create_table(
        "situation_comite",
        _structure(),
        sa.Column("comite_id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("par_id", sa.String(length=36), nullable=True, comment="Qui a noté la décision"),
        sa.Column("le", sa.DateTime(timezone=True), nullable=True),
        _vers("situation_comite", "comite_id", "comite"),
        _vers("situation_comite", "personne_id", "personne"),
        _vers("situation_comite", "par_id", "utilisateur"),
        *_cles("situation_comite", "comite_id", "personne_id"),
    )
    op.create_index(
        op.f("ix_situation_comite_structure_id_personne_id"), "situation_comite", ["structure_id", "personne_id"]
    )
    for table, colonnes in INDEX:
        op.create_index(_nom(table, colonnes), table, ["structure_id", *colonnes])


def downgrade() -> None:
    for table, colonnes in INDEX:
        op.drop_index(_nom(table, colonnes), table_name=table)
    for table in ("situation_comite", "comite", "temps_de_travail", "agent"):
        op.drop_table(table)


def _nom(table: str, colonnes: tuple[str, ...]) -> sa.sql.elements.conv:
    nom: sa.sql.elements.conv = op.f("_".join(("ix", table, "structure_id", *colonnes)))
    return nom
