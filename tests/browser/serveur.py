"""Le vrai serveur, dans ses vrais processus, que l'on tue pour de vrai et que l'on relance au même endroit."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]
# Sous ceux que Linux donne aux connexions sortantes (32768…), au-dessus du dernier que Chromium refuse (10080).
PORTS = (11000, 32000)
TIRAGE = random.SystemRandom()
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

# La commande `jalon`, dans un processus dont l'horloge peut être déréglée, et qui s'arrête si l'essai meurt.
LANCER = """
import ctypes, datetime, signal, sys, time_machine
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
decalage = int(sys.argv.pop(1))
if decalage:
    time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=decalage)).start()
from app.commandes import main
main()
"""


class Serveur:
    """`jalon serve` sur un port libre, avec sa base SQLite ; le port et la base survivent à sa mort."""

    def __init__(self, dossier: Path, environnement: Mapping[str, str] | None = None) -> None:
        self.dossier = dossier
        self.base = dossier / "jalon.sqlite"
        self.port = port_libre()
        self.journal = dossier / "serveur.log"
        self.environnement = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{self.base}",
            "SECRET_KEY": SECRET,
            "PYTHONUNBUFFERED": "1",
            **(environnement or {}),
        }
        self._processus: subprocess.Popen[bytes] | None = None

    @property
    def adresse(self) -> str:
        # « localhost » et non 127.0.0.1 : c'est là que Chromium accepte les cookies Secure sans HTTPS.
        return f"http://localhost:{self.port}"

    def en_marche(self) -> bool:
        return self._processus is not None and self._processus.poll() is None

    def demarrer(self, decalage_jours: int = 0) -> None:
        """Lance le serveur et attend que /sante réponde 200.

        `decalage_jours` dérègle son horloge : vu de lui, c'est le téléphone qui n'est pas à l'heure.
        """
        assert not self.en_marche(), "le serveur tourne déjà"
        with self.journal.open("ab") as sortie:
            self._processus = subprocess.Popen(
                self._commande(decalage_jours),
                cwd=RACINE,
                env=self.environnement,
                stdout=sortie,
                stderr=sortie,
                start_new_session=True,  # son propre groupe : le tuer emporte ses ouvriers
            )
        limite = time.monotonic() + 30
        while not self._repond():
            if not self.en_marche() or time.monotonic() > limite:
                raise AssertionError(f"le serveur n'a pas démarré :\n{self.lire_journal()}")
            time.sleep(0.05)

    def _commande(self, decalage_jours: int) -> list[str]:
        return [sys.executable, "-c", LANCER, str(decalage_jours), "serve", "--port", str(self.port)]

    @property
    def pid(self) -> int:
        assert self._processus is not None, "le serveur est arrêté"
        return self._processus.pid

    def tuer(self) -> None:
        """SIGKILL à tout le groupe : ni adieu, ni écriture de dernière minute."""
        self._envoyer(signal.SIGKILL)

    def figer(self) -> None:
        """Le réseau qui se tait : les connexions sont prises, et rien ne vient."""
        self._signaler(signal.SIGSTOP)

    def reprendre(self) -> None:
        self._signaler(signal.SIGCONT)

    def _signaler(self, quoi: signal.Signals) -> None:
        assert self._processus is not None, "le serveur est arrêté"
        os.killpg(self._processus.pid, quoi)

    def arreter(self) -> None:
        """Arrêt ordinaire, pour la fin des essais."""
        self._envoyer(signal.SIGTERM)

    def _envoyer(self, quoi: signal.Signals) -> None:
        processus, self._processus = self._processus, None
        if processus is None:
            return
        if processus.poll() is None:
            os.killpg(processus.pid, quoi)
        try:
            processus.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(processus.pid, signal.SIGKILL)
            processus.wait(timeout=10)

    def _repond(self) -> bool:
        try:
            with self._demander_sante() as reponse:
                return bool(reponse.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _demander_sante(self) -> Any:
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante", timeout=2)

    def lire(self, requete: str, *valeurs: Any) -> list[tuple[Any, ...]]:
        """Lit la base comme le ferait un témoin, sans passer par l'application."""
        connexion = sqlite3.connect(self.base.as_uri() + "?mode=ro", uri=True, timeout=5)
        try:
            return connexion.execute(requete, valeurs).fetchall()
        finally:
            connexion.close()

    def compter(self, table: str, condition: str = "1", *valeurs: Any) -> int:
        """Nombre de lignes ; table et condition sont écrites par le test, jamais reçues."""
        return int(self.lire(f"SELECT count(*) FROM {table} WHERE {condition}", *valeurs)[0][0])  # noqa: S608 -- idem

    def lire_journal(self) -> str:
        return self.journal.read_text(errors="replace")[-4000:] if self.journal.exists() else "(journal vide)"


def port_libre() -> int:
    """Un port que le système ne prête à personne : il attend son serveur tué, sans qu'un autre le prenne."""
    while True:
        port = TIRAGE.randrange(*PORTS)
        with socket.socket() as prise, contextlib.suppress(OSError):
            prise.bind(("127.0.0.1", port))
            return port
