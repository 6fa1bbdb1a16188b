"""Réglages de tous les essais, et les bases sur lesquelles ils tournent."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.bases import BASES, RACINE, Postgresql, copier_sqlite, postgresql_jetable, sqlite_vierge

# Les mêmes tirages à chaque passage, sur une machine lente comme sur une rapide : un échec se rejoue.
settings.register_profile(
    "jalon", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("jalon")


@pytest.fixture(scope="session")
def actifs_construits() -> None:
    """Les pages, le worker et ses modules, comme à la mise en service ; un verrou les tient, rien n'est refait."""
    subprocess.run([sys.executable, "-m", "tools.construire"], cwd=RACINE, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def base_vierge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Un fichier SQLite migré une fois, recopié pour chaque essai."""
    return sqlite_vierge(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """Le serveur PostgreSQL des essais, démarré au premier qui en a besoin."""
    with postgresql_jetable() as serveur:
        yield serveur


@pytest.fixture(params=BASES)
def adresse(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """L'adresse d'une base migrée et vide ; l'essai passe sur chaque base."""
    if request.param == "sqlite":
        return copier_sqlite(request.getfixturevalue("base_vierge"), tmp_path)
    return request.getfixturevalue("postgresql").vider()


@pytest.fixture(params=BASES)
def adresse_nue(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """L'adresse d'une base où rien n'a été fait."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'nue.sqlite'}"
    return request.getfixturevalue("postgresql").creer()
