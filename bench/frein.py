"""Tenir un navigateur à une fraction de cœur, par un groupe de contrôle du noyau (cgroup v1, `cpu`).

Le ralentissement offert par l'inspecteur du navigateur ne touche que la page : ni le service worker, ni WebCrypto. Ici
c'est le noyau qui compte le temps de tous les processus du navigateur ensemble.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

RACINE_CGROUP = Path("/sys/fs/cgroup/cpu")
PERIODE_US = 10_000  # courte : avec les 100 ms d'usage, une tâche brève passerait entière sans être freinée


class FreinImpossible(RuntimeError):
    """Cette machine ne permet pas de freiner ; le message dit pourquoi."""


class Frein:
    """Un groupe de contrôle et le lanceur qui y fait naître le navigateur."""

    def __init__(self, executable: str, dossier: Path, part: float = 0.25) -> None:
        self.part = part
        self.groupe = RACINE_CGROUP / f"jalon-mesure-{os.getpid()}"
        self._quota = self.groupe / "cpu.cfs_quota_us"
        try:
            self.groupe.mkdir(exist_ok=True)
            (self.groupe / "cpu.cfs_period_us").write_text(str(PERIODE_US))
        except OSError as erreur:
            raise FreinImpossible(
                f"pas de groupe de contrôle « cpu » (cgroup v1) accessible en écriture : {erreur}"
            ) from erreur
        # Le lanceur entre dans le groupe avant de devenir le navigateur : tous ses enfants y naissent.
        self.lanceur = dossier / "chromium-freine"
        self.lanceur.write_text(f'#!/bin/sh\necho $$ > {self.groupe}/cgroup.procs\nexec {executable} "$@"\n')
        self.lanceur.chmod(0o755)

    def serrer(self) -> None:
        self._quota.write_text(str(int(PERIODE_US * self.part)))

    def desserrer(self) -> None:
        self._quota.write_text("-1")

    def secondes_consommees(self) -> float:
        """Temps de calcul rendu au groupe, si le noyau le compte au même endroit ; sinon 0."""
        with contextlib.suppress(OSError):
            return int((self.groupe / "cpuacct.usage").read_text()) / 1e9
        return 0.0

    def retirer(self) -> None:
        """Le groupe disparaît quand ses derniers processus sont partis."""
        self.desserrer()
        for _ in range(100):
            with contextlib.suppress(OSError):
                self.groupe.rmdir()
                return
            time.sleep(0.05)
