"""L'adresse d'un agenda, et ce que le journal des comptes en garde."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NOM = "ck_evenement_compte_genre"
AVANT = (
    "compte_cree",
    "lien_donne",
    "mot_de_passe_choisi",
    "mot_de_passe_change",
    "compte_ferme",
    "compte_rouvert",
    "appareil_retire",
)
AGENDA = ("agenda_ouvert", "agenda_ferme")


def upgrade() -> None:
    op.create_table(
        "abonnement_agenda",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=64), nullable=False, comment="Empreinte du jeton, jamais le jeton"),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("ouvert_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_abonnement_agenda_structure_id_structure")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_abonnement_agenda_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_abonnement_agenda")),
        sa.UniqueConstraint(
            "structure_id", "utilisateur_id", name=op.f("uq_abonnement_agenda_structure_id_utilisateur_id")
        ),
    )
    _connaitre((*AVANT, *AGENDA))


def downgrade() -> None:
    op.drop_table("abonnement_agenda")
    op.execute("DELETE FROM evenement_compte WHERE genre IN ('agenda_ouvert', 'agenda_ferme')")
    _connaitre(AVANT)


def _connaitre(genres: Sequence[str]) -> None:
    with op.batch_alter_table("evenement_compte") as table:
        table.drop_constraint(op.f(NOM), type_="check")
        table.create_check_constraint(op.f(NOM), f"genre IN {tuple(genres)}")
