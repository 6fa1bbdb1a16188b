"""Savoir si un serveur tourne : il tient un verrou que le système lui reprend quand il s'arrête, même tué."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

NOM = "en-service"


@contextmanager
def en_service(instance: Path) -> Iterator[None]:
    """Le temps du bloc, ce processus et ceux qu'il engendre servent cette installation."""
    maitre = os.getpid()
    with _ouvrir(instance) as verrou:
        fcntl.flock(verrou, fcntl.LOCK_SH)
        try:
            yield
        finally:
            # Commun au maître et à ceux qu'il engendre : quand il a fini, aucun ne sert plus, et qui tarde à mourir ne
            # doit pas empêcher de restaurer. Un d'eux qui finit avant lui passe aussi par ici, et ne rend rien.
            if os.getpid() == maitre:
                fcntl.flock(verrou, fcntl.LOCK_UN)


def est_en_service(instance: Path) -> bool:
    with _ouvrir(instance) as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _ouvrir(instance: Path) -> IO[bytes]:
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (instance / NOM).open("ab")
