"""La simulation, en bref : quelques dizaines d'histoires à chaque passage. `make simulation` en joue des milliers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.lieux import LieuSqlite
from tests.simulation.machine import Simulation
from tests.simulation.noeud import Noeud

EN_BREF = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def noeud() -> Iterator[Noeud]:
    noeud = Noeud()
    yield noeud
    noeud.fermer()


def test_aucune_histoire_ne_perd_ni_ne_double_un_fait(base_vierge: Path, noeud: Noeud) -> None:
    vues = Counter[str]()
    Simulation.noeud, Simulation.lieu, Simulation.raconter = noeud, LieuSqlite(base_vierge), vues.update
    run_state_machine_as_test(Simulation, settings=EN_BREF)
    assert vues["histoires"] >= EN_BREF.max_examples
