"""Tenir un navigateur à une fraction de cœur, par les groupes de contrôle du noyau (cgroup v1, `cpu`).

Le ralentissement offert par l'inspecteur du navigateur ne touche que la page : ni le service worker, ni WebCrypto. Ici
c'est le noyau qui compte. Deux sévérités :

- `ensemble` : tous les processus du navigateur se partagent la fraction ;
- `chacun` : chaque processus a la sienne, comme sur un téléphone, qui a plusieurs cœurs lents.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from enum import Enum
from pathlib import Path

RACINE_CGROUP = Path("/sys/fs/cgroup/cpu")
PERIODE_US = 10_000  # courte : avec les 100 ms d'usage, une tâche brève passerait entière sans être freinée


class Severite(Enum):
    ENSEMBLE = "ensemble"
    CHACUN = "chacun"


class FreinImpossible(RuntimeError):
    """Cette machine ne permet pas de freiner ; le message dit pourquoi."""


class Frein:
    """Un groupe de contrôle et le lanceur qui y fait naître le navigateur."""

    def __init__(self, executable: str, dossier: Path, part: float = 0.25) -> None:
        self.part = part
        self.groupe = RACINE_CGROUP / f"jalon-mesure-{os.getpid()}"
        self._tri: threading.Thread | None = None
        self._desserre = threading.Event()
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

    def serrer(self, severite: Severite) -> None:
        if severite is Severite.ENSEMBLE:
            self._limiter(self.groupe)
            return
        self._desserre.clear()
        self._trier()
        self._tri = threading.Thread(target=self._trier_sans_cesse, daemon=True)
        self._tri.start()

    def desserrer(self) -> None:
        self._desserre.set()
        if self._tri is not None:
            self._tri.join()
            self._tri = None
        (self.groupe / "cpu.cfs_quota_us").write_text("-1")
        for sien in self._sous_groupes():
            for pid in self._pids(sien):
                with contextlib.suppress(OSError):  # mort entre-temps
                    (self.groupe / "cgroup.procs").write_text(pid)
            with contextlib.suppress(OSError):
                sien.rmdir()

    def retirer(self) -> None:
        """Le groupe disparaît quand ses derniers processus sont partis."""
        self.desserrer()
        for _ in range(100):
            with contextlib.suppress(OSError):
                self.groupe.rmdir()
                return
            time.sleep(0.05)

    def _limiter(self, groupe: Path) -> None:
        (groupe / "cpu.cfs_period_us").write_text(str(PERIODE_US))
        (groupe / "cpu.cfs_quota_us").write_text(str(int(PERIODE_US * self.part)))

    def _trier_sans_cesse(self) -> None:
        """Un processus naît dans le groupe de son parent : on lui en donne un à lui."""
        while not self._desserre.wait(0.02):
            self._trier()

    def _trier(self) -> None:
        for groupe in [self.groupe, *self._sous_groupes()]:
            for pid in self._pids(groupe):
                sien = self.groupe / f"processus-{pid}"
                if groupe != sien:
                    with contextlib.suppress(OSError):  # mort entre-temps
                        sien.mkdir(exist_ok=True)
                        self._limiter(sien)
                        (sien / "cgroup.procs").write_text(pid)

    def _sous_groupes(self) -> list[Path]:
        return list(self.groupe.glob("processus-*"))

    def _pids(self, groupe: Path) -> list[str]:
        with contextlib.suppress(OSError):
            return (groupe / "cgroup.procs").read_text().split()
        return []
