"""Le PostgreSQL des essais ne laisse rien derrière lui, et son absence se dit."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bases import RACINE
from tools import postgresql as jetable

# Celui qui lance le serveur, et que l'on tue.
ESSAIS = """
import subprocess, sys
gardien = subprocess.Popen(
    [sys.executable, "-m", "tools.postgresql"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    start_new_session=True,
)
print(gardien.stdout.readline().strip(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def dossier() -> Iterator[Path]:
    """Un dossier temporaire que l'utilisateur système du serveur peut traverser ; vide à la fin, ou l'essai échoue."""
    dossier = Path(tempfile.mkdtemp())
    dossier.chmod(0o755)
    yield dossier
    dossier.rmdir()


def test_the_server_stops_when_the_tests_are_killed(dossier: Path) -> None:
    lance = subprocess.Popen(
        [sys.executable, "-c", ESSAIS],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(dossier), "PATH": "/usr/bin:/bin"},
    )
    assert lance.stdout is not None
    port = int(lance.stdout.readline().rpartition(":")[2].partition("/")[0])
    assert _repond(port)
    assert list(dossier.iterdir())
    lance.kill()
    lance.communicate()
    limite = time.monotonic() + 30
    while _repond(port) or list(dossier.iterdir()):
        assert time.monotonic() < limite, "le serveur vit encore"
        time.sleep(0.02)


def test_a_machine_without_postgresql_is_told_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jetable, "binaires", lambda: None)
    assert jetable.main([]) == 1
    assert capsys.readouterr().err == f"{jetable.MANQUE}\n"
    assert jetable.main(["--present"]) == 1


def _repond(port: int) -> bool:
    with socket.socket() as prise:
        return prise.connect_ex(("127.0.0.1", port)) == 0
