"""Prépare la machine : environnement Python, paquets JavaScript et, pour les essais, un navigateur et PostgreSQL.

``python3 tools/preparer.py execution`` suffit à servir Jalon ; ``developpement --navigateur --postgresql`` à lancer
tous les essais ; ``--moteurs`` ajoute Firefox ESR et WebKitGTK. Ce fichier tourne avec le Python de la machine : il
n'emploie que sa bibliothèque. Une empreinte des verrous de dépendances évite de refaire ce qui est fait.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Ce qui dit qu'un paquet est là → le paquet Debian.
MOTEURS = {
    "/usr/bin/firefox-esr": "firefox-esr",
    "/usr/bin/certutil": "libnss3-tools",
    "/usr/bin/WebKitWebDriver": "webkit2gtk-driver",
    "/usr/bin/Xvfb": "xvfb",
    "/usr/lib/python3/dist-packages/gi/__init__.py": "python3-gi",
    "/usr/lib/*/girepository-1.0/WebKit2-4.1.typelib": "gir1.2-webkit2-4.1",
}
DEBIAN = Path("/etc/debian_version")
MANQUE_POSTGRESQL = "PostgreSQL manque pour les essais : installer le paquet postgresql de votre système."


class PreparationImpossible(Exception):
    """Ce qui manque, et comment l'obtenir, en une phrase."""


def empreinte(*noms: str) -> str:
    resume = hashlib.sha256()
    for nom in noms:
        resume.update((RACINE / nom).read_bytes())
    return resume.hexdigest()


def est_fait(temoin: Path, attendue: str) -> bool:
    return temoin.exists() and temoin.read_text("utf-8") == attendue


def lancer(*commande: str | Path, echec: str) -> None:
    """Lance une commande discrète ; ce qu'elle a dit n'est montré que si elle échoue."""
    environnement = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "DEBIAN_FRONTEND": "noninteractive"}
    arguments = [str(morceau) for morceau in commande]
    resultat = subprocess.run(
        arguments,
        cwd=RACINE,
        env=environnement,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if resultat.returncode:
        print(resultat.stdout[-4000:], file=sys.stderr)
        raise PreparationImpossible(echec)


def peut_installer() -> bool:
    """Administrateur sur Debian : on peut installer un paquet sans rien demander."""
    return DEBIAN.exists() and os.geteuid() == 0 and shutil.which("apt-get") is not None


def installer_paquets_debian(*paquets: str) -> None:
    liste = " ".join(paquets)
    print(f"Installation des paquets Debian : {liste}…", flush=True)
    echec = f"Debian n'a pas pu tout installer : essayer `apt-get install {liste}`."
    lancer("apt-get", "update", "-qq", echec=echec)
    lancer("apt-get", "install", "-y", "-qq", "--no-install-recommends", *paquets, echec=echec)


def preparer_venv() -> None:
    if PYTHON.exists():
        return
    manque = "Le module venv de Python manque : installer python3-venv (Debian : `apt-get install python3-venv`)."
    # Debian livre venv à part : sans lui, ensurepip manque.
    if subprocess.run([sys.executable, "-c", "import ensurepip"], check=False, capture_output=True).returncode:
        if not peut_installer():
            raise PreparationImpossible(manque)
        installer_paquets_debian("python3-venv")
    lancer(sys.executable, "-m", "venv", VENV, echec=manque)


def installer_verrou(usage: str, echec: str = "") -> None:
    verrou = f"requirements/{usage}.txt"
    echec = echec or f"Les paquets de {verrou} n'ont pas pu être installés (réseau, miroir de paquets ?)."
    lancer(PYTHON, "-m", "pip", "install", "-qq", "--require-hashes", "-r", verrou, echec=echec)


def preparer_python(usage: str) -> None:
    """Les paquets verrouillés, puis le projet lui-même (la commande ``jalon``)."""
    suffisants = {"execution": ("execution", "developpement"), "developpement": ("developpement",)}[usage]
    for acquis in suffisants:
        if est_fait(VENV / f"{acquis}.empreinte", empreinte(f"requirements/{acquis}.txt", "pyproject.toml")):
            return
    print("Installation des paquets Python…", flush=True)
    installer_verrou(usage)
    echec = "Le projet n'a pas pu être installé dans .venv."
    lancer(PYTHON, "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "-e", ".", echec=echec)
    (VENV / f"{usage}.empreinte").write_text(empreinte(f"requirements/{usage}.txt", "pyproject.toml"), "utf-8")


def preparer_javascript() -> None:
    if subprocess.run([str(PYTHON), "-m", "tools.node", "--present"], cwd=RACINE, check=False).returncode:
        print("Node.js est absent ou trop ancien : installation dans .venv…", flush=True)
        installer_verrou("node")
    temoin = RACINE / "node_modules" / ".empreinte"
    attendue = empreinte("package-lock.json")
    if est_fait(temoin, attendue):
        return
    print("Installation des paquets JavaScript…", flush=True)
    echec = "Les paquets JavaScript n'ont pas pu être installés (réseau, miroir de paquets ?)."
    lancer(PYTHON, "-m", "tools.node", "npm", "ci", "--loglevel=error", echec=echec)
    temoin.write_text(attendue, "utf-8")


def preparer_navigateur() -> None:
    if any(shutil.which(nom) for nom in NAVIGATEURS):
        return
    if not peut_installer():
        raise PreparationImpossible("Chromium manque pour les essais : installer le paquet chromium de votre système.")
    installer_paquets_debian("chromium")


def preparer_moteurs() -> None:
    """Firefox ESR et WebKitGTK, tels que Debian les livre : les essais ne savent conduire que ceux-là."""
    manquants = [paquet for temoin, paquet in MOTEURS.items() if not any(Path("/").glob(temoin[1:]))]
    if not manquants:
        return
    if not peut_installer():
        raise PreparationImpossible(f"Il manque, sur Debian 12 ou plus récent : apt-get install {' '.join(manquants)}")
    installer_paquets_debian(*manquants)


def preparer_postgresql() -> None:
    """Le serveur de la machine, celui de Debian pour l'administrateur, sinon celui du paquet pgserver."""
    present = [str(PYTHON), "-m", "tools.postgresql", "--present"]
    if subprocess.run(present, cwd=RACINE, check=False).returncode == 0:
        return
    if peut_installer():
        installer_paquets_debian("postgresql")
        return
    if os.geteuid() == 0:
        raise PreparationImpossible(MANQUE_POSTGRESQL)
    print("PostgreSQL est absent : installation dans .venv…", flush=True)
    installer_verrou("pgserver", echec=MANQUE_POSTGRESQL)


def preparer_strace() -> None:
    """De quoi faire échouer un appel du disque ; sans lui ces essais-là se passent, et le disent."""
    if shutil.which("strace") is None and peut_installer():
        installer_paquets_debian("strace")


def main(arguments: list[str]) -> int:
    usage = "developpement" if "developpement" in arguments else "execution"
    try:
        if sys.version_info < (3, 11):
            raise PreparationImpossible("Python 3.11 ou plus récent est nécessaire : PYTHON=python3.11 make …")
        preparer_venv()
        preparer_python(usage)
        preparer_javascript()
        if "--navigateur" in arguments:
            preparer_navigateur()
        if "--moteurs" in arguments:
            preparer_moteurs()
        if "--postgresql" in arguments:
            preparer_postgresql()
        if "--strace" in arguments:
            preparer_strace()
    except PreparationImpossible as erreur:
        print(erreur, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
