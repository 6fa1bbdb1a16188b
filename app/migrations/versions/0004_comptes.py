"""Les liens de mot de passe, et le journal des comptes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lien_mot_de_passe",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=64), nullable=False, comment="Empreinte du jeton, jamais le jeton"),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_lien_mot_de_passe_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_lien_mot_de_passe_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_lien_mot_de_passe")),
    )
    op.create_index(
        op.f("ix_lien_mot_de_passe_structure_id_utilisateur_id"),
        "lien_mot_de_passe",
        ["structure_id", "utilisateur_id"],
    )
    op.create_table(
        "evenement_compte",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("genre", sa.String(length=30), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False, comment="Le compte dont il s'agit"),
        sa.Column(
            "auteur_id", sa.String(length=36), nullable=True, comment="Qui l'a fait ; vide : la ligne de commande"
        ),
        sa.Column("survenu_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "genre IN ('compte_cree', 'lien_donne', 'mot_de_passe_choisi', 'mot_de_passe_change', 'compte_ferme', "
            "'compte_rouvert', 'appareil_retire')",
            name=op.f("ck_evenement_compte_genre"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_evenement_compte_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "auteur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_evenement_compte_structure_id_auteur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_evenement_compte_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_evenement_compte")),
    )
    op.create_index(
        op.f("ix_evenement_compte_structure_id_survenu_le"), "evenement_compte", ["structure_id", "survenu_le"]
    )


def downgrade() -> None:
    op.drop_table("evenement_compte")
    op.drop_table("lien_mot_de_passe")
