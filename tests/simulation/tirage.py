"""Un tirage : une poignée d'histoires d'une même graine, dans un processus à lui.

`python -m tests.simulation.tirage` écrit une ligne de JSON par histoire finie, une par violation, et une dernière. Qui
l'a lancé sait ainsi où il en était, même s'il meurt en route.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.bases import BASES
from tests.simulation.lieux import lieu
from tests.simulation.machine import Simulation
from tests.simulation.noeud import Noeud


def dire(**message: Any) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


def raconter(comptes: Counter[str]) -> None:
    dire(comptes=comptes)


def jouer(graine: int, histoires: int, pas: int, reduire: bool) -> str | None:
    """Joue `histoires` histoires d'une graine ; rend la violation, s'il y en a une."""
    phases = (Phase.explicit, Phase.generate, *((Phase.shrink,) if reduire else ()))
    reglages = settings(
        max_examples=histoires,
        stateful_step_count=pas,
        deadline=None,
        database=None,
        derandomize=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(graine)(Simulation), settings=reglages)
    except Exception:
        return traceback.format_exc()
    return None


def lire_choix(arguments: list[str] | None = None) -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(prog="python -m tests.simulation.tirage", description=__doc__)
    lecteur.add_argument("--graine", type=int, default=1)
    lecteur.add_argument("--histoires", type=int, default=50)
    lecteur.add_argument("--pas", type=int, default=30)
    lecteur.add_argument("--base", choices=BASES, default="sqlite")
    lecteur.add_argument("--reduire", action="store_true")
    return lecteur.parse_args(arguments)


def main() -> None:
    choix = lire_choix()
    with tempfile.TemporaryDirectory(prefix="simulation-") as dossier, lieu(choix.base, Path(dossier)) as ou:
        Simulation.noeud, Simulation.lieu, Simulation.raconter = Noeud(), ou, raconter
        try:
            violation = jouer(choix.graine, choix.histoires, choix.pas, choix.reduire)
        finally:
            Simulation.noeud.fermer()
    if violation:
        dire(violation=violation)
    dire(fini=True)


if __name__ == "__main__":
    main()
