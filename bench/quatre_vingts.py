"""Ce que coûtent au processeur Ma journée et Dossiers, pour 80 dossiers pleins : `python -m bench.quatre_vingts`.

Le temps de processeur, pas celui de la montre : il se lit sur une machine occupée. Node n'est pas un téléphone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app.domain.convention import charger

RACINE = Path(__file__).resolve().parents[1]


def main() -> None:
    conventions = json.dumps([convention.pour_appareil() for convention in charger()])
    commande = [sys.executable, "-m", "tools.node", "node", "bench/quatre_vingts.mjs"]
    subprocess.run(commande, cwd=RACINE, input=conventions, text=True, check=True)  # noqa: S603  # notre programme


if __name__ == "__main__":
    main()
