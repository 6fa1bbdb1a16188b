"""Le vrai serveur, et de quoi le blesser : tuer l'ouvrier qui tient une connexion, faire échouer son disque."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.browser.attente import attendre
from tests.browser.serveur import RACINE, Serveur

# `jalon`, dans son propre dossier d'instance : le verrou « en service » du dépôt peut être à un autre serveur.
JALON = """
import sys
from pathlib import Path
from app import config
config.configuration.__defaults__ = (None, Path(sys.argv.pop(1)))
from app.commandes import main
main()
"""


class ServeurFautif(Serveur):
    """`jalon serve` et ses deux ouvriers, vus du noyau."""

    def ouvriers(self) -> list[int]:
        assert self._processus is not None, "le serveur est arrêté"
        return enfants(self._processus.pid)

    def tuer_un_ouvrier(self, port_client: int, defaut: int = 0) -> None:
        """SIGKILL à celui qui tient la connexion venue de `port_client`, ou à un autre si nul ne l'a encore prise."""
        vivants = self.ouvriers()
        prise = _prise(self.port, port_client)
        tenants = [pid for pid in vivants if prise and prise in _prises(pid)]
        for pid in (tenants or vivants[defaut % max(1, len(vivants)) :])[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def jalon(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """La commande `jalon` sur la base de ce serveur."""
        return subprocess.run(
            [sys.executable, "-c", JALON, str(self.dossier / "instance"), *arguments],
            cwd=RACINE,
            env=self.environnement,
            capture_output=True,
            text=True,
            check=False,
        )

    def ecrire(self, requete: str, *valeurs: object) -> None:
        """Ce qu'un essai a besoin de vieillir."""
        with contextlib.closing(sqlite3.connect(self.base, timeout=10)) as base, base:
            base.execute(requete, valeurs)

    def integre(self) -> bool:
        return self.lire("PRAGMA integrity_check") == [("ok",)] and self.lire("PRAGMA foreign_key_check") == []

    @contextlib.contextmanager
    def appel_fautif(self, injection: str) -> Iterator[Disque]:
        """Le temps du bloc, `strace` fait échouer les appels des ouvriers, fil par fil, selon `injection`.

        `fdatasync:error=EIO:when=2` : le deuxième appel de chaque fil échoue.
        """
        trace = self.dossier / "appels.txt"
        trace.unlink(missing_ok=True)
        cibles = [argument for pid in self.ouvriers() for argument in ("-p", str(pid))]
        appel = injection.split(":")[0]
        commande = ["strace", "-f", "-o", str(trace), "-e", f"trace={appel}", "-e", f"inject={injection}", *cibles]
        with (self.dossier / "strace.txt").open("wb") as sortie:
            suivi = subprocess.Popen(commande, stdout=sortie, stderr=sortie)
        try:
            attendre(lambda: all(_est_suivi(pid) for pid in self.ouvriers()), "strace accroché aux ouvriers")
            yield Disque(trace)
        finally:
            suivi.send_signal(signal.SIGINT)
            suivi.wait(timeout=10)


@dataclass(frozen=True)
class Disque:
    """Ce que `strace` a vu passer."""

    trace: Path

    def pannes(self) -> int:
        return self.trace.read_text(errors="replace").count("(INJECTED)")


def enfants(pid: int) -> list[int]:
    return [int(mot) for mot in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _est_suivi(pid: int) -> bool:
    """Tous ses fils le sont."""
    etats = [(fil / "status").read_text() for fil in Path(f"/proc/{pid}/task").iterdir()]
    return all(re.search(r"^TracerPid:\s+[1-9]", etat, re.MULTILINE) for etat in etats)


def _prise(port: int, port_client: int) -> str | None:
    """Le numéro de la prise du serveur, s'il a accepté la connexion."""
    for ligne in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        mots = ligne.split()
        if mots[1].endswith(f":{port:04X}") and mots[2].endswith(f":{port_client:04X}") and mots[9] != "0":
            return f"socket:[{mots[9]}]"
    return None


def _prises(pid: int) -> set[str]:
    trouvees = set()
    with contextlib.suppress(OSError):
        for lien in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                trouvees.add(str(lien.readlink()))
    return trouvees
