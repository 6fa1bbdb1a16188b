"""`python -m tests.simulation` : jouer beaucoup d'histoires, sur plusieurs processus, et dire ce qui s'y est passé.

Chaque tirage a sa graine et son processus. Une histoire qui viole une règle est affichée dès qu'elle finit, avec de
quoi la rejouer et la réduire ; un tirage qui meurt ou se bloque aussi, et les autres continuent.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

from tests.bases import BASES
from tests.simulation.noeud import RACINE

# Un tirage à la fois : une graine qui échoue désigne une poignée d'histoires, pas des milliers.
PAR_TIRAGE = 50
# Sans une seule histoire finie en tout ce temps, un tirage est bloqué.
PATIENCE = 300.0
# Au-delà, le produit est cassé : inutile de le redire.
TROP = 20
CADENCE = 30.0


class Avancement:
    """Ce que les tirages ont raconté jusqu'ici, dit au fur et à mesure sur la sortie d'erreur."""

    def __init__(self, choix: argparse.Namespace) -> None:
        self.choix = choix
        self.comptes = Counter[str]()
        self.fautives: list[int] = []
        self.debut = self.dit = time.monotonic()
        self.verrou = threading.Lock()

    @property
    def fini(self) -> bool:
        return self.comptes["histoires"] >= self.choix.histoires or len(self.fautives) >= TROP

    def raconter(self, comptes: dict[str, int]) -> None:
        with self.verrou:
            self.comptes.update(comptes)
            if time.monotonic() - self.dit >= CADENCE:
                self.dit = time.monotonic()
                self._dire(self.phrase())

    def fauter(self, graine: int, texte: str) -> None:
        with self.verrou:
            self.fautives.append(graine)
            base = f" --base {self.choix.base}" if self.choix.base != "sqlite" else ""
            rejouer = f"--graine {graine} --histoires {PAR_TIRAGE} --pas {self.choix.pas}{base} --reduire"
            self._dire(
                f"\n--- graine {graine}\n{texte.rstrip()}\n--- rejouer : python -m tests.simulation.tirage {rejouer}\n"
            )

    def phrase(self) -> str:
        fautes = sum(nombre for nom, nombre in self.comptes.items() if nom.startswith("faute "))
        duree = time.monotonic() - self.debut
        return (
            f"{self.comptes['histoires']}/{self.choix.histoires} histoires, {self.comptes['opérations']} opérations, "
            f"{fautes} fautes, {len(self.fautives)} violation(s), {duree:.0f} s"
        )

    def _dire(self, texte: str) -> None:
        print(texte, file=sys.stderr, flush=True)

    def rapport(self) -> dict[str, Any]:
        comptes = Counter(self.comptes)
        return {
            "histoires": comptes.pop("histoires", 0),
            "operations": comptes.pop("opérations", 0),
            "echanges": comptes.pop("échanges", 0),
            "fautes": {nom.removeprefix("faute "): n for nom, n in sorted(comptes.items()) if nom.startswith("faute ")},
            "autres": {nom: n for nom, n in sorted(comptes.items()) if not nom.startswith("faute ")},
            "violations": len(self.fautives),
            "graines_fautives": self.fautives,
            "graine": self.choix.graine,
            "pas": self.choix.pas,
            "base": self.choix.base,
            "secondes": round(time.monotonic() - self.debut),
        }


def jouer(avancement: Avancement, graine: int) -> None:
    """Un tirage, dans son processus ; ce qu'il dit est raconté à mesure, et sa mort aussi."""
    choix = avancement.choix
    commande = [sys.executable, "-m", "tests.simulation.tirage", "--graine", str(graine), "--base", choix.base]
    commande += ["--histoires", str(PAR_TIRAGE), "--pas", str(choix.pas), *(["--reduire"] if choix.reduire else [])]
    with tempfile.TemporaryFile("w+") as erreurs:
        tirage = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, stderr=erreurs, text=True)
        fini = False
        for message in _ecouter(tirage):
            fini = fini or "fini" in message
            if "comptes" in message:
                avancement.raconter(message["comptes"])
            if "violation" in message:
                avancement.fauter(graine, message["violation"])
        code = tirage.wait()
        if not fini:
            erreurs.seek(0)
            avancement.fauter(graine, f"le tirage s'est arrêté (code {code})\n{erreurs.read()[-4000:]}")


def _ecouter(tirage: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """Ses lignes, jusqu'à sa fin ; muet trop longtemps, il est tué."""
    assert tirage.stdout is not None
    while True:
        garde = threading.Timer(PATIENCE, tirage.kill)
        garde.start()
        ligne = tirage.stdout.readline()
        garde.cancel()
        if not ligne:
            tirage.stdout.close()
            return
        yield json.loads(ligne)


def lire_choix() -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    lecteur.add_argument("--histoires", type=int, default=10_000)
    lecteur.add_argument("--graine", type=int, default=1)
    lecteur.add_argument("--pas", type=int, default=30)
    lecteur.add_argument("--base", choices=BASES, default="sqlite")
    lecteur.add_argument("--processus", type=int, default=multiprocessing.cpu_count())
    lecteur.add_argument("--reduire", action="store_true", help="Réduit une violation à sa plus petite histoire.")
    return lecteur.parse_args()


def main() -> int:
    choix = lire_choix()
    avancement = Avancement(choix)

    def enchainer(rang: int) -> None:
        # Une violation écourte son tirage : les suivants font le compte.
        for graine in count(choix.graine + rang, choix.processus):
            if avancement.fini:
                return
            jouer(avancement, graine)

    with ThreadPoolExecutor(choix.processus) as equipe:
        list(equipe.map(enchainer, range(choix.processus)))
    print(avancement.phrase(), file=sys.stderr)
    print(json.dumps(avancement.rapport(), ensure_ascii=False, indent=2))
    return 1 if avancement.fautives else 0


if __name__ == "__main__":
    raise SystemExit(main())
