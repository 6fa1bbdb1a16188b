"""La simulation, en bref : quelques dizaines d'histoires à chaque passage. `make simulation` en joue des milliers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.migrations import migrer
from app.moteur import ouvrir_moteur
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


def test_aucune_histoire_ne_perd_ni_ne_double_un_fait(tmp_path: Path, noeud: Noeud) -> None:
    modele = tmp_path / "modele.sqlite"
    moteur = ouvrir_moteur(f"sqlite:///{modele}")
    migrer(moteur)
    moteur.dispose()
    Simulation.noeud, Simulation.modele = noeud, modele
    run_state_machine_as_test(Simulation, settings=EN_BREF)
