"""Index des rapports : les rendez-vous et les entretiens d'une année se comptent sans ouvrir leurs lignes."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_RENDEZ_VOUS = "ix_rendez_vous_structure_id_debut"
_ENTRETIEN = "ix_entretien_structure_id_date_personne_id"


def upgrade() -> None:
    op.drop_index(_RENDEZ_VOUS, "rendez_vous")
    op.create_index(f"{_RENDEZ_VOUS}_mesure_id_statut", "rendez_vous", ["structure_id", "debut", "mesure_id", "statut"])
    op.drop_index(_ENTRETIEN, "entretien")
    op.create_index(
        "ix_entretien_structure_id_date_mesure_id_personne_id_id",
        "entretien",
        ["structure_id", "date", "mesure_id", "personne_id", "id"],
    )


def downgrade() -> None:
    op.drop_index("ix_entretien_structure_id_date_mesure_id_personne_id_id", "entretien")
    op.create_index(_ENTRETIEN, "entretien", ["structure_id", "date", "personne_id"])
    op.drop_index(f"{_RENDEZ_VOUS}_mesure_id_statut", "rendez_vous")
    op.create_index(_RENDEZ_VOUS, "rendez_vous", ["structure_id", "debut"])
