"""Un PostgreSQL jetable, pour les essais et les mesures : neuf, sur cette machine seule, effacé à la fin.

``python -m tools.postgresql`` le démarre, écrit son adresse (superutilisateur) sur une ligne, et l'arrête quand son
entrée se ferme : celui qui l'a lancé peut être tué, rien ne reste. ``--present`` dit par son code s'il y a de quoi.

Le serveur est celui de la machine s'il y en a un, sinon celui du paquet pgserver. Root ne peut pas le faire tourner :
l'utilisateur système postgres le fait pour lui.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MANQUE = "PostgreSQL manque pour les essais : installer le paquet postgresql de votre système."
# Rien n'est à garder : ne pas attendre le disque.
REGLAGES = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_min_messages": "fatal",
}
SYSTEME = "postgres"


class PostgresqlAbsent(RuntimeError):
    """Il n'y a pas de serveur PostgreSQL ici ; le message dit quoi installer."""


def binaires() -> Path | None:
    """Le dossier d'initdb et de postgres : la version la plus récente de la machine, ou celle de pgserver."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    trouves = sorted(debian, key=lambda chemin: float(chemin.parts[-3]), reverse=True)
    if trouves:
        return trouves[0].parent
    if dans_le_chemin := shutil.which("postgres"):
        return Path(dans_le_chemin).resolve().parent
    if os.geteuid() == 0:
        return None  # pgserver est dans l'environnement du projet, qu'un autre utilisateur ne lit pas forcément
    paquet = importlib.util.find_spec("pgserver")
    racine = Path(paquet.origin).parent if paquet and paquet.origin else None
    return racine / "pginstall" / "bin" if racine else None


@contextmanager
def serveur() -> Iterator[str]:
    """Un serveur neuf, le temps du bloc ; donne l'adresse de son superutilisateur."""
    programmes = binaires()
    if programmes is None:
        raise PostgresqlAbsent(MANQUE)
    identite: dict[str, Any] = {"user": SYSTEME, "group": SYSTEME, "extra_groups": []} if os.geteuid() == 0 else {}
    dossier = Path(tempfile.mkdtemp(prefix="jalon-postgresql-"))
    processus: subprocess.Popen[bytes] | None = None
    try:
        mot_de_passe = secrets.token_hex(16)
        fichier = dossier / "mot_de_passe"
        fichier.write_text(mot_de_passe)
        donnees = dossier / "donnees"
        if identite:
            shutil.chown(dossier, SYSTEME, SYSTEME)
            shutil.chown(fichier, SYSTEME, SYSTEME)
        _initialiser(programmes, donnees, fichier, identite)
        port = _port_libre()
        reglages = [f"--{nom.replace('_', '-')}={valeur}" for nom, valeur in {**REGLAGES, "port": port}.items()]
        with (dossier / "journal").open("wb") as journal:
            processus = subprocess.Popen(
                [programmes / "postgres", "-D", donnees, *reglages],
                cwd=dossier,
                stdin=subprocess.DEVNULL,
                stdout=journal,
                stderr=journal,
                start_new_session=True,  # un Ctrl+C du terminal est pour les essais, qui l'arrêteront
                **identite,
            )
        _attendre(donnees / "postmaster.pid", processus, dossier / "journal")
        yield f"postgresql://{SYSTEME}:{mot_de_passe}@127.0.0.1:{port}/postgres"
    finally:
        if processus is not None and processus.poll() is None:
            processus.send_signal(signal.SIGQUIT)  # sans façons : tout sera effacé
            processus.wait()
        shutil.rmtree(dossier, ignore_errors=True)


def _initialiser(programmes: Path, donnees: Path, mot_de_passe: Path, identite: dict[str, Any]) -> None:
    commande: list[str | Path] = [
        *(programmes / "initdb", "-D", donnees, "-U", SYSTEME, "--pwfile", mot_de_passe),
        *("--auth=scram-sha-256", "--no-locale", "--encoding=UTF8", "--no-sync"),
    ]
    fait = subprocess.run(commande, cwd=donnees.parent, capture_output=True, text=True, check=False, **identite)
    if fait.returncode:
        raise PostgresqlAbsent(f"initdb a échoué :\n{fait.stderr[-2000:]}")


def _attendre(temoin: Path, processus: subprocess.Popen[bytes], journal: Path) -> None:
    """Le serveur écrit « ready » dans son fichier quand il accepte les connexions, et pas seulement quand il écoute."""
    limite = time.monotonic() + 60
    while processus.poll() is None and time.monotonic() < limite:
        if temoin.exists() and temoin.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.02)
    raise PostgresqlAbsent(f"PostgreSQL n'a pas démarré :\n{journal.read_text(errors='replace')[-2000:]}")


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def main(arguments: list[str]) -> int:
    if "--present" in arguments:
        return 0 if binaires() else 1
    # Par défaut ce signal ne laisserait rien ranger.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with serveur() as adresse:
            print(adresse, flush=True)
            sys.stdin.read()
    except PostgresqlAbsent as erreur:
        print(erreur, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
