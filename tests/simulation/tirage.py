"""Un tirage : une poignée d'histoires d'une même graine, dans un processus à lui."""

from __future__ import annotations

import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Simulation
from tests.simulation.noeud import Noeud


def jouer(modele: Path, graine: int, histoires: int, pas: int, reduire: bool) -> dict[str, Any]:
    """Joue `histoires` histoires d'une graine ; rend les comptes et, s'il y a lieu, la violation."""
    phases = (Phase.explicit, Phase.generate, *((Phase.shrink,) if reduire else ()))
    Simulation.noeud, Simulation.modele, Simulation.comptes = Noeud(), modele, Counter()
    reglages = settings(
        max_examples=histoires,
        stateful_step_count=pas,
        deadline=None,
        database=None,
        derandomize=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    violation = None
    try:
        run_state_machine_as_test(seed(graine)(Simulation), settings=reglages)
    except Exception:
        violation = f"graine {graine}\n{traceback.format_exc()}"
    finally:
        Simulation.noeud.fermer()
    return {"comptes": dict(Simulation.comptes), "violation": violation}


def jouer_le_tirage(tirage: tuple[Path, int, int, int, bool]) -> dict[str, Any]:
    return jouer(*tirage)
