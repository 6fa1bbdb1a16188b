"""Le bilan remis au financeur s'écrit au journal de sa convention."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AVANT = ("chargee", "corrigee", "ajustee", "rendue")
BILANS = ("remis", "repris")
NOM = "ck_evenement_convention_genre"


def upgrade() -> None:
    _connaitre((*AVANT, *BILANS))


def downgrade() -> None:
    op.execute("DELETE FROM evenement_convention WHERE genre IN ('remis', 'repris')")
    _connaitre(AVANT)


def _connaitre(genres: Sequence[str]) -> None:
    with op.batch_alter_table("evenement_convention") as table:
        table.drop_constraint(op.f(NOM), type_="check")
        table.create_check_constraint(op.f(NOM), f"genre IN {tuple(genres)}")
