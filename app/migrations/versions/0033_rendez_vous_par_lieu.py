"""Index des rapports : les rendez-vous d'une année se comptent par lieu sans ouvrir leurs lignes."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_AVANT = ("structure_id", "debut", "mesure_id", "statut")


def upgrade() -> None:
    _remplacer(_AVANT, (*_AVANT, "lieu"))


def downgrade() -> None:
    _remplacer((*_AVANT, "lieu"), _AVANT)


def _remplacer(avant: tuple[str, ...], apres: tuple[str, ...]) -> None:
    op.drop_index(_nom(avant), "rendez_vous")
    op.create_index(_nom(apres), "rendez_vous", list(apres))


def _nom(colonnes: tuple[str, ...]) -> str:
    return f"ix_rendez_vous_{'_'.join(colonnes)}"
