"""`python -m tests.simulation` : jouer beaucoup d'histoires, sur plusieurs processus, et dire ce qui s'y est passé.

Chaque processus reçoit sa graine ; une histoire qui viole une règle est affichée (et réduite, à la demande), avec de
quoi la rejouer : la même graine redonne la même histoire.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from app.migrations import migrer
from app.moteur import ouvrir_moteur
from tests.simulation.tirage import jouer_le_tirage

# Un tirage à la fois : une graine qui échoue désigne une poignée d'histoires, pas des milliers.
PAR_TIRAGE = 50


def main() -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    lecteur.add_argument("--histoires", type=int, default=10_000)
    lecteur.add_argument("--graine", type=int, default=1)
    lecteur.add_argument("--pas", type=int, default=30)
    lecteur.add_argument("--processus", type=int, default=multiprocessing.cpu_count())
    lecteur.add_argument("--reduire", action="store_true", help="Réduit une violation à sa plus petite histoire.")
    choix = lecteur.parse_args()
    debut, comptes, violations = time.monotonic(), Counter[str](), []
    tirages = -(-choix.histoires // PAR_TIRAGE)
    with tempfile.TemporaryDirectory(prefix="simulation-") as dossier:
        modele = Path(dossier) / "modele.sqlite"
        moteur = ouvrir_moteur(f"sqlite:///{modele}")
        migrer(moteur)
        moteur.dispose()
        travaux = [(modele, choix.graine + rang, PAR_TIRAGE, choix.pas, choix.reduire) for rang in range(tirages)]
        with multiprocessing.get_context("spawn").Pool(choix.processus, maxtasksperchild=4) as equipe:
            for rang, rendu in enumerate(equipe.imap_unordered(jouer_le_tirage, travaux), start=1):
                comptes.update(rendu["comptes"])
                violations += [rendu["violation"]] if rendu["violation"] else []
                print(
                    f"\r{rang}/{tirages} tirages, {len(violations)} violation(s)", end="", file=sys.stderr, flush=True
                )
    print(file=sys.stderr)
    for violation in violations:
        print(violation, file=sys.stderr)
    rapport = {
        "histoires": comptes.pop("histoires", 0),
        "operations": comptes.pop("opérations", 0),
        "echanges": comptes.pop("échanges", 0),
        "fautes": {nom.removeprefix("faute "): n for nom, n in sorted(comptes.items()) if nom.startswith("faute ")},
        "autres": {nom: n for nom, n in sorted(comptes.items()) if not nom.startswith("faute ")},
        "violations": len(violations),
        "graine": choix.graine,
        "secondes": round(time.monotonic() - debut),
    }
    print(json.dumps(rapport, ensure_ascii=False, indent=2))
    return 1 if violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
