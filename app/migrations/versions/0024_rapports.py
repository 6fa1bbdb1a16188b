"""Ce qui est gardé d'un rapport : ses textes, ses clôtures, et le journal de ce qui en sort."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
JOURNAL = "evenement_rapport"


def _demande() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conventions", sa.String(length=400), nullable=False, comment="Les codes demandés, reliés par « + »"),
        sa.Column("periode", sa.String(length=25), nullable=False, comment="2022, 2015-2016 ou 2022-03-01_2022-06-30"),
    )


def _cles(table: str, *auteurs: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f(f"fk_{table}_structure_id_structure")),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", auteur],
                ["utilisateur.structure_id", "utilisateur.id"],
                name=op.f(f"fk_{table}_structure_id_{auteur}_utilisateur"),
            )
            for auteur in auteurs
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        JOURNAL,
        *_demande(),
        sa.Column("genre", sa.String(length=10), nullable=False),
        sa.Column(
            "format", sa.String(length=20), nullable=True, comment="De ce qui est sorti : pdf, xlsx, csv, json, fse"
        ),
        sa.Column("masque", sa.Boolean(), nullable=False, comment="Les petits comptes y étaient tus"),
        sa.Column(
            "motif", sa.String(length=30), nullable=True, comment="Une ligne de la liste motif_de_sortie_de_rapport"
        ),
        sa.Column("precision", sa.String(length=200), nullable=True),
        sa.Column(
            "auteur_id", sa.String(length=36), nullable=True, comment="Qui l'a fait ; vide : la ligne de commande"
        ),
        sa.Column("survenu_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("genre IN ('sorti', 'clos', 'rouvert')", name=op.f("ck_evenement_rapport_genre")),
        *_cles(JOURNAL, "auteur_id"),
    )
    op.create_index(op.f("ix_evenement_rapport_structure_id_survenu_le"), JOURNAL, ["structure_id", "survenu_le"])
    op.create_table(
        "texte_rapport",
        *_demande(),
        sa.Column(
            "bloc", sa.String(length=36), nullable=False, comment="contexte, analyse… ou l'identifiant d'une vignette"
        ),
        sa.Column("titre", sa.String(length=200), nullable=False),
        sa.Column("texte", sa.Text(), nullable=False, comment="Vide : le bloc est retiré"),
        sa.Column("auteur_id", sa.String(length=36), nullable=False),
        sa.Column("ecrit_le", sa.DateTime(timezone=True), nullable=False),
        *_cles("texte_rapport", "auteur_id"),
    )
    op.create_table(
        "rapport_clos",
        *_demande(),
        sa.Column("chiffres", DONNEES, nullable=False, comment="Les tableaux tels qu'imprimés"),
        sa.Column("textes", DONNEES, nullable=False, comment="Les textes libres de ce jour"),
        sa.Column("faits", DONNEES, nullable=False, comment="Par case : pseudonyme, mois, situation, combien"),
        sa.Column("clos_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clos_par", sa.String(length=36), nullable=False),
        sa.Column("rouvert_le", sa.DateTime(timezone=True), nullable=True, comment="Vide : le rapport est clos"),
        sa.Column("rouvert_par", sa.String(length=36), nullable=True),
        *_cles("rapport_clos", "clos_par", "rouvert_par"),
    )
    for table in ("texte_rapport", "rapport_clos"):
        op.create_index(
            op.f(f"ix_{table}_structure_id_conventions_periode"), table, ["structure_id", "conventions", "periode"]
        )
    _figer(JOURNAL)


def _figer(table: str) -> None:
    """La base elle-même refuse qu'une ligne du journal soit changée ou effacée."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION jalon_journal_fige() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'une ligne de journal ne change pas'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_fige BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION jalon_journal_fige()"
        )
        return
    for geste in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_fige_{geste.lower()} BEFORE {geste} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'une ligne de journal ne change pas'); END"
        )


def downgrade() -> None:
    for table in ("rapport_clos", "texte_rapport", JOURNAL):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION jalon_journal_fige()")
