"""Les désaccords, et l'archive d'un dossier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("personne", sa.Column("archive_le", sa.Date(), nullable=True, comment="Vide : le dossier est ouvert"))
    op.add_column(
        "personne",
        sa.Column(
            "archive_sequence",
            sa.BigInteger(),
            nullable=True,
            comment="Le numéro de ce qui a archivé le dossier : ce qui a été noté sans le savoir se voit",
        ),
    )
    op.add_column(
        "personne",
        sa.Column(
            "desaccords",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Combien sont ouverts dans le dossier",
        ),
    )
    op.add_column(
        "operation",
        sa.Column(
            "contestes",
            DONNEES,
            nullable=True,
            comment=(
                "Les champs restés à leur valeur d'avant : un désaccord, ou une valeur plus récente du même appareil"
            ),
        ),
    )
    op.add_column(
        "operation",
        sa.Column(
            "note_touchee",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="La note personnelle est fixée par cette opération ; son texte n'est pas au journal",
        ),
    )
    op.create_table(
        "desaccord",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("fiche_type", sa.String(length=20), nullable=False),
        sa.Column("fiche_id", sa.String(length=36), nullable=False),
        sa.Column("champ", sa.String(length=40), nullable=False),
        sa.Column(
            "date_effet",
            sa.Date(),
            nullable=True,
            comment="Pour un champ daté : les deux valeurs prennent ce jour",
        ),
        *_valeur("vigueur"),
        *_valeur("propose"),
        sa.Column("etat", sa.String(length=10), nullable=False),
        sa.Column("choix", sa.String(length=10), nullable=True),
        sa.Column("regle_par_id", sa.String(length=36), nullable=True),
        sa.Column("regle_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ouvert_le",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="L'heure du serveur quand le désaccord est apparu",
        ),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.CheckConstraint("choix IN ('en_vigueur', 'propose')", name=op.f("ck_desaccord_choix")),
        sa.CheckConstraint("etat IN ('ouvert', 'regle')", name=op.f("ck_desaccord_etat")),
        sa.CheckConstraint(
            "fiche_type IN ('personne', 'mesure', 'rendez_vous', 'entretien')", name=op.f("ck_desaccord_fiche_type")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_desaccord_structure_id_personne_id_personne"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["structure_id", colonne],
                ["utilisateur.structure_id", "utilisateur.id"],
                name=op.f(f"fk_desaccord_structure_id_{colonne}_utilisateur"),
            )
            for colonne in ("vigueur_par_id", "propose_par_id", "regle_par_id")
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_desaccord_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_desaccord")),
    )
    with op.batch_alter_table("desaccord", schema=None) as batch_op:
        for colonnes in (["personne_id", "sequence"], ["fiche_id"], ["etat", "ouvert_le"]):
            nom = "_".join(["ix_desaccord_structure_id", *colonnes])
            batch_op.create_index(batch_op.f(nom), ["structure_id", *colonnes], unique=False)


def downgrade() -> None:
    op.drop_table("desaccord")
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_column("note_touchee")
        batch_op.drop_column("contestes")
    with op.batch_alter_table("personne", schema=None) as batch_op:
        batch_op.drop_column("desaccords")
        batch_op.drop_column("archive_sequence")
        batch_op.drop_column("archive_le")


def _valeur(prefixe: str) -> list[sa.Column[object]]:
    """Une des deux valeurs en présence, et d'où elle vient."""
    return [
        sa.Column(f"{prefixe}_valeur", DONNEES, nullable=True, comment="Telle qu'elle voyage : en JSON"),
        sa.Column(f"{prefixe}_par_id", sa.String(length=36), nullable=True),
        sa.Column(f"{prefixe}_le", sa.DateTime(timezone=True), nullable=False, comment="L'heure du serveur"),
        sa.Column(
            f"{prefixe}_heure",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="L'heure de l'appareil : une donnée",
        ),
        sa.Column(f"{prefixe}_appareil_id", sa.String(length=36), nullable=True, comment="Vide : notée au bureau"),
    ]
