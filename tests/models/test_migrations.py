"""Les migrations mènent exactement à ce que les modèles décrivent."""

from __future__ import annotations

from sqlalchemy import inspect

from app.migrations import ecarts, migrer
from app.models import Base
from app.moteur import ouvrir_moteur


def test_the_migrations_lead_to_the_models(adresse_nue: str) -> None:
    moteur = ouvrir_moteur(adresse_nue)
    migrer(moteur)
    assert ecarts(moteur) is None
    moteur.dispose()


def test_the_first_migration_can_be_undone_and_done_again(adresse_nue: str) -> None:
    moteur = ouvrir_moteur(adresse_nue)
    migrer(moteur)
    migrer(moteur, "head")
    assert set(Base.metadata.tables) <= set(inspect(moteur).get_table_names())
    moteur.dispose()


def test_every_table_belongs_to_a_structure_by_its_primary_key() -> None:
    for nom, table in Base.metadata.tables.items():
        if nom == "structure":
            continue
        cle = [colonne.name for colonne in table.primary_key.columns]
        assert cle[0] == "structure_id", nom
        for contrainte in table.constraints | set(table.indexes):
            colonnes = [colonne.name for colonne in getattr(contrainte, "columns", [])]
            if getattr(contrainte, "unique", False) or type(contrainte).__name__ == "UniqueConstraint":
                assert colonnes[0] == "structure_id", (nom, colonnes)


def test_a_foreign_key_never_leaves_the_structure() -> None:
    for nom, table in Base.metadata.tables.items():
        for cle in table.foreign_key_constraints:
            if cle.referred_table.name != "structure":
                assert cle.column_keys[0] == "structure_id", (nom, cle.name)
