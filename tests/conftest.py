"""Réglages de tous les essais, leur ordre à plusieurs ouvriers, et les bases sur lesquelles ils tournent."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.bases import BASES, RACINE, Postgresql, copier_sqlite, postgresql_jetable, sqlite_vierge
from tests.browser.semences import Semis

# Les mêmes tirages à chaque passage, sur une machine lente comme sur une rapide : un échec se rejoue.
settings.register_profile(
    "jalon", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("jalon")

# Un ouvrier prend un fichier après l'autre : les plus longs d'abord, et personne ne finit seul bien après les autres.
OUVRIER = os.environ.get("PYTEST_XDIST_WORKER", "")
LONGS = (
    "tests/browser/test_accessibilite",
    "tests/browser",
    "tests/faults",
    "tests/commandes",
    "tests/annees",
    "tests/gabarits/test_contextes_hostiles.py",
    "tests/views/test_hostile.py",
    "tests/views/test_lecteurs.py",
    "tests/demonstration",
    "tests/simulation",
    "tests/sync/test_pannes.py",
)


def pytest_xdist_auto_num_workers() -> int:
    """Deux de plus que de cœurs : un essai de navigateur attend autant qu'il calcule."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if OUVRIER:
        items.sort(key=lambda essai: rang(essai.nodeid))


def rang(essai: str) -> int:
    return next((rang for rang, debut in enumerate(LONGS) if essai.startswith(debut)), len(LONGS))


@pytest.fixture(scope="session")
def actifs_construits() -> None:
    """Les pages, le worker et ses modules, comme à la mise en service ; un verrou les tient, rien n'est refait."""
    subprocess.run([sys.executable, "-m", "tools.construire"], cwd=RACINE, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def base_semee(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Semis]:
    """La base de départ des vrais serveurs, faite une fois pour tous les ouvriers, et recopiée pour chaque serveur."""
    dossier = tmp_path_factory.getbasetemp()
    dossier = (dossier.parent if OUVRIER else dossier) / "semences"
    dossier.mkdir(exist_ok=True)
    base, semis = dossier / "jalon.sqlite", dossier / "semis.json"
    with (dossier / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not semis.exists():
            programme = [sys.executable, "-m", "tests.browser.semences", str(base)]
            fait = subprocess.run(programme, cwd=RACINE, check=True, capture_output=True)
            semis.write_bytes(fait.stdout)
    return base, Semis.de_json(json.loads(semis.read_bytes()))


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
