"""Les cahiers d'équipe, qui les tient, leurs feuilles ; ce qui arrive après que l'on a quitté un cahier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
NUMERO = "Numéro pris sous le verrou de la structure : la version de la fiche"
AVANT = "retard IN ('referent', 'pret', 'appareil')"
APRES = "retard IN ('referent', 'pret', 'appareil', 'membre')"


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
        "cahier",
        _structure(),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("genre", sa.String(length=20), nullable=False),
        sa.Column("nom", sa.String(length=120), nullable=False),
        sa.Column("valeurs", DONNEES, nullable=False, comment="Les champs de son genre, remplis, tels qu'ils voyagent"),
        sa.Column("revisions", DONNEES, nullable=False, comment="Comme celles d'une feuille"),
        sa.Column("ferme_le", sa.Date(), nullable=True, comment="Vide : on y note encore"),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment=NUMERO),
        sa.Column("sequence_cahier", sa.BigInteger(), nullable=False, comment=NUMERO),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("genre IN ('secteur', 'action', 'comite')", name=op.f("ck_cahier_genre")),
        *_cles("cahier", "id"),
    )
    op.create_table(
        "cahier_membre",
        _structure(),
        sa.Column("cahier_id", sa.String(length=36), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column("depuis", sa.DateTime(timezone=True), nullable=False, comment="Quand il l'a reçu, la dernière fois"),
        sa.Column(
            "perdu_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Le travail non envoyé d'avant ce jour est encore reçu",
        ),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment=NUMERO),
        _vers("cahier_membre", "cahier_id", "cahier"),
        _vers("cahier_membre", "utilisateur_id", "utilisateur"),
        *_cles("cahier_membre", "cahier_id", "utilisateur_id"),
    )
    op.create_index(
        op.f("ix_cahier_membre_structure_id_utilisateur_id"), "cahier_membre", ["structure_id", "utilisateur_id"]
    )
    op.create_table(
        "feuille",
        _structure(),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cahier_id", sa.String(length=36), nullable=False),
        sa.Column("forme", sa.String(length=30), nullable=False, comment="Un code de app/domain/feuilles"),
        sa.Column("jour", sa.Date(), nullable=True, comment="La valeur du champ qui la date"),
        sa.Column("valeurs", DONNEES, nullable=False, comment="Ses champs remplis, tels qu'ils voyagent"),
        sa.Column(
            "revisions",
            DONNEES,
            nullable=False,
            comment="Les valeurs d'avant, la dernière d'abord : [{le, par, champs, version}]",
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
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment=NUMERO),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        _vers("feuille", "cahier_id", "cahier"),
        _vers("feuille", "auteur_id", "utilisateur"),
        *_cles("feuille", "id"),
    )
    op.create_index(
        op.f("ix_feuille_structure_id_cahier_id_sequence"), "feuille", ["structure_id", "cahier_id", "sequence"]
    )
    op.create_index(op.f("ix_feuille_structure_id_forme_jour"), "feuille", ["structure_id", "forme", "jour"])
    _causes(APRES)


def downgrade() -> None:
    op.execute(sa.text("UPDATE operation SET retard = 'referent' WHERE retard = 'membre'"))
    _causes(AVANT)
    for table in ("feuille", "cahier_membre", "cahier"):
        op.drop_table(table)


def _causes(condition: str) -> None:
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_operation_retard"), type_="check")
        batch_op.create_check_constraint(op.f("ck_operation_retard"), condition)
