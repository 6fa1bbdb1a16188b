"""Arrêter le serveur : il le dit, et l'on restaure aussitôt."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.base import db
from app.commandes.serve import charger, preparer_base
from app.config import configuration
from app.sauvegarde.en_service import est_en_service

RACINE = Path(__file__).resolve().parents[2]

# Un maître qui engendre un processus, comme gunicorn ; chacun dit où il en est.
MAITRE = """
import os, sys
from pathlib import Path
from app.sauvegarde.en_service import en_service

with en_service(Path(sys.argv[1])):
    enfant = os.fork()
    if enfant == 0 and sys.argv[2] == "tarde":
        sys.stdin.read()
        os._exit(0)
    if enfant == 0:
        sys.exit(0)
    if sys.argv[2] == "finit":
        os.waitpid(enfant, 0)
        print("seul", flush=True)
        sys.stdin.read()
print("fini", flush=True)
os._exit(0)
"""

SERVIR = """
import sys
from app.commandes.serve import servir

servir(int(sys.argv[1]), False, 1, INSTANCE=sys.argv[2])
"""


@contextmanager
def lancer(*arguments: str, **reglages: str) -> Iterator[subprocess.Popen[str]]:
    """Tué quoi qu'il arrive : un essai qui rougit ne laisse personne derrière lui."""
    processus = subprocess.Popen(
        [sys.executable, "-c", *arguments],
        cwd=RACINE,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **reglages},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield processus
    finally:
        with suppress(ProcessLookupError):
            os.killpg(processus.pid, signal.SIGKILL)
        for flux in (processus.stdin, processus.stdout):
            assert flux is not None
            flux.close()
        processus.wait()


def attendre(port: int) -> None:
    """Jusqu'à ce qu'il réponde : avant, il ne sait pas encore s'arrêter."""
    limite = time.monotonic() + 30
    while time.monotonic() < limite:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError("le serveur n'a pas démarré")


def test_a_child_that_is_slow_to_die_does_not_keep_the_installation_in_service(tmp_path: Path) -> None:
    with lancer(MAITRE, str(tmp_path), "tarde") as maitre:
        assert maitre.stdout is not None
        assert maitre.stdout.readline() == "fini\n"
        assert not est_en_service(tmp_path)


def test_a_child_that_ends_first_leaves_the_installation_in_service(tmp_path: Path) -> None:
    with lancer(MAITRE, str(tmp_path), "finit") as maitre:
        assert maitre.stdout is not None
        assert maitre.stdin is not None
        assert maitre.stdout.readline() == "seul\n"
        assert est_en_service(tmp_path)
        maitre.stdin.close()
        assert maitre.stdout.readline() == "fini\n"
    assert not est_en_service(tmp_path)


@pytest.mark.parametrize("quoi", [signal.SIGTERM, signal.SIGINT])
def test_the_server_says_that_it_has_stopped_and_a_restore_may_follow(tmp_path: Path, quoi: signal.Signals) -> None:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    base = f"sqlite:///{tmp_path / 'jalon.sqlite'}"
    with lancer(SERVIR, str(port), str(tmp_path), DATABASE_URL=base) as serveur:
        assert serveur.stdout is not None
        attendre(port)
        assert est_en_service(tmp_path)
        serveur.send_signal(quoi)
        assert serveur.stdout.read().endswith("\n  Arrêté.\n")
        assert serveur.wait() == 0
        assert not est_en_service(tmp_path)


def test_no_connection_to_the_base_is_open_when_the_processes_part(adresse: str) -> None:
    """Deux processus sur la même connexion se liraient l'un l'autre."""
    preparer_base(adresse)
    application = charger(configuration({"DATABASE_URL": adresse}))
    with application.app_context():
        assert db.engine.pool.checkedin() == db.engine.pool.checkedout() == 0
