"""Les pièces d'un dossier ; un contrôle et un désaccord peuvent porter sur elles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
AVANT = "fiche_type IN ('personne', 'mesure', 'rendez_vous', 'entretien')"
APRES = "fiche_type IN ('personne', 'mesure', 'rendez_vous', 'entretien', 'piece')"


def upgrade() -> None:
    op.create_table(
        "piece",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("mesure_id", sa.String(length=36), nullable=True),
        sa.Column("forme", sa.String(length=30), nullable=False, comment="Un code de app/domain/formes"),
        sa.Column(
            "reference",
            sa.String(length=80),
            nullable=True,
            comment="La référence de l'utilisateur, clé d'un nouvel import",
        ),
        sa.Column("jour", sa.Date(), nullable=True, comment="La valeur du champ qui la date"),
        sa.Column("valeurs", DONNEES, nullable=False, comment="Ses champs remplis, tels qu'ils voyagent"),
        sa.Column(
            "partagee",
            sa.Boolean(),
            nullable=False,
            comment="Cochée pour le binôme, si la personne l'accepte",
        ),
        sa.Column(
            "revisions",
            DONNEES,
            nullable=False,
            comment="Les valeurs d'avant, la dernière d'abord : [{le, par, champs}]",
        ),
        sa.Column("auteur_id", sa.String(length=36), nullable=False),
        sa.Column("note_le", sa.DateTime(timezone=True), nullable=False, comment="L'heure de l'appareil : une donnée"),
        sa.Column(
            "retiree_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="L'heure de l'appareil quand elle a été retirée",
        ),
        sa.Column("retrait_motif", sa.Text(), nullable=True),
        sa.Column(
            "tardive",
            sa.String(length=10),
            nullable=True,
            comment="Pourquoi une part de la fiche est arrivée tard : referent, pret, appareil",
        ),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_piece_structure_id_structure")),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", f"{nom}_id"],
                [f"{table}.structure_id", f"{table}.id"],
                name=op.f(f"fk_piece_structure_id_{nom}_id_{table}"),
            )
            for nom, table in (("personne", "personne"), ("mesure", "mesure"), ("auteur", "utilisateur"))
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_piece")),
    )
    op.create_index(
        op.f("ix_piece_structure_id_personne_id_sequence"), "piece", ["structure_id", "personne_id", "sequence"]
    )
    op.create_index(op.f("ix_piece_structure_id_forme_jour"), "piece", ["structure_id", "forme", "jour"])
    _fiches_permises(APRES)


def downgrade() -> None:
    for table in ("controle", "desaccord"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE fiche_type = 'piece'"))  # noqa: S608  # noms écrits ici
    _fiches_permises(AVANT)
    op.drop_table("piece")


def _fiches_permises(condition: str) -> None:
    for table in ("controle", "desaccord"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_fiche_type"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_fiche_type"), condition)
