"""Le serveur qu'un banc mesure : `jalon serve`, le vrai, et le processeur qu'il dépense."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.serveur import port_libre

SECRET = "banc-0123456789-abcdefghijklmnopqrst-0123"  # noqa: S105  # celui d'un serveur d'essai, jeté après


@contextmanager
def serveur(adresse: str) -> Iterator[tuple[int, int]]:
    """Son port et son processus, une fois qu'il répond. `adresse` : celle de sa base."""
    port = port_libre()
    programme = str(Path(sys.executable).with_name("jalon"))
    processus = subprocess.Popen(  # noqa: S603  # notre propre commande
        [programme, "serve", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": adresse, "SECRET_KEY": SECRET, "JALON_DEMO": ""},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                http.client.HTTPConnection("127.0.0.1", port).request("GET", "/sante")
                break
            except OSError:
                time.sleep(0.1)
        yield port, processus.pid
    finally:
        processus.terminate()
        processus.wait()


def au_processeur(pid: int) -> float:
    """Secondes de processeur d'un processus et de ses enfants, à la nanoseconde que compte le noyau."""
    total, a_voir = 0, [pid]
    while a_voir:
        courant = a_voir.pop()
        for fil in Path(f"/proc/{courant}/task").iterdir():
            total += int((fil / "schedstat").read_text().split()[0])
            a_voir += map(int, (fil / "children").read_text().split())
    return total / 1e9
