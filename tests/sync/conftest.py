"""Une base neuve par essai, avec deux structures qui ne doivent jamais se voir."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.migrations import migrer
from app.models import Base
from app.moteur import ouvrir_moteur
from tests.sync.fabrique import ADRESSE_POSTGRESQL, Monde


@pytest.fixture(scope="session")
def base_vierge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Un fichier SQLite migré une fois, recopié pour chaque essai."""
    fichier = tmp_path_factory.mktemp("base") / "vierge.sqlite"
    moteur = ouvrir_moteur(f"sqlite:///{fichier}")
    migrer(moteur)
    with moteur.connect() as connexion:
        connexion.exec_driver_sql("PRAGMA query_only = 0")
        connexion.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    moteur.dispose()
    return fichier


BASES = ["sqlite", "postgresql"] if ADRESSE_POSTGRESQL else ["sqlite"]


@pytest.fixture(params=BASES)
def moteur(request: pytest.FixtureRequest, tmp_path: Path, base_vierge: Path) -> Iterator[Engine]:
    """Le même essai sur les deux bases ; PostgreSQL seulement si JALON_ESSAIS_POSTGRESQL donne son adresse."""
    if request.param == "postgresql":
        base = ouvrir_moteur(ADRESSE_POSTGRESQL)
        with base.begin() as connexion:
            Base.metadata.drop_all(connexion)
            connexion.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        migrer(base)
    else:
        shutil.copy(base_vierge, tmp_path / "jalon.sqlite")
        base = ouvrir_moteur(f"sqlite:///{tmp_path / 'jalon.sqlite'}")
    yield base
    base.dispose()


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)
