"""Le pont vers les téléphones JavaScript : un processus Node, un ordre par ligne, le réseau rendu à l'essai."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]
HOTE = Path(__file__).with_name("appareils.mjs")

Reseau = Callable[[dict[str, Any]], dict[str, Any]]


class Noeud:
    """Les téléphones JavaScript d'une simulation. `reseau` répond à chaque demande HTTP, ou dit la coupure."""

    def __init__(self) -> None:
        self._reseau: Reseau | None = None
        node = shutil.which("node")
        commande = [node] if node else [sys.executable, "-m", "tools.node", "node"]
        self._processus = subprocess.Popen(
            [*commande, "--no-warnings", str(HOTE)],
            cwd=RACINE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def brancher(self, reseau: Reseau) -> None:
        self._reseau = reseau

    def ordonner(self, ordre: str, **contenu: Any) -> Any:
        """Exécute un ordre jusqu'au bout et rend son résultat ; lève `RuntimeError` si le téléphone a levé.

        Ce que le réseau lève attend la fin de l'ordre : le téléphone reste ainsi prêt à en recevoir un autre.
        """
        self._dire({"ordre": ordre, **contenu})
        faute: Exception | None = None
        while True:
            recu = self._lire()
            if "demande" in recu:
                assert self._reseau is not None
                try:
                    reponse = self._reseau(recu["demande"])
                except Exception as levee:
                    faute = faute or levee
                    reponse = {"coupure": True}
                self._dire(reponse)
            elif faute is not None:
                raise faute
            elif "echec" in recu:
                raise RuntimeError(f"{ordre} : {recu['echec']}\n{recu['trace']}")
            else:
                return recu["fini"]

    def fermer(self) -> None:
        assert self._processus.stdin is not None
        self._processus.stdin.close()
        try:
            self._processus.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._processus.kill()
            self._processus.wait()
        assert self._processus.stdout is not None
        self._processus.stdout.close()

    def _dire(self, message: dict[str, Any]) -> None:
        assert self._processus.stdin is not None
        self._processus.stdin.write(json.dumps(message) + "\n")
        self._processus.stdin.flush()

    def _lire(self) -> dict[str, Any]:
        assert self._processus.stdout is not None
        ligne = self._processus.stdout.readline()
        if not ligne:
            raise RuntimeError("le processus des téléphones s'est arrêté")
        recu: dict[str, Any] = json.loads(ligne)
        return recu
