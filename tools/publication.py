"""Assembler, hacher, compresser, poser : ce qui mène une source à un fichier servi pour toujours.

Un fichier publié s'appelle ``nom.<empreinte>.ext`` : son adresse change avec son contenu, il peut donc
être gardé sans limite par les navigateurs.
"""

import hashlib
import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from tools.node import environnement

RACINE = Path(__file__).resolve().parents[1]
CONSTRUIT = RACINE / "static" / "construit"

# Ce que savent faire les navigateurs visés ; esbuild réécrit le reste (imbrication CSS, syntaxe récente).
NAVIGATEURS = "chrome112,firefox115,safari16.4"
REDUCTION = ("--compress", "passes=2,ecma=2020,unsafe_arrows", "--mangle", "--ecma", "2020")
UN_JOUR = 24 * 3600
_HACHE = re.compile(r"(.+\.[0-9a-f]{12}\.[a-z0-9]+?)(\.br|\.gz)?")


class ConstructionImpossible(Exception):
    """Une entrée manque ou un outil a échoué ; le message dit quoi faire."""


def fichiers(chemin: Path) -> list[Path]:
    """Le fichier, ou ceux du dossier dans un ordre stable."""
    if chemin.is_file():
        return [chemin]
    return sorted(f for f in chemin.rglob("*") if f.is_file() and "__pycache__" not in f.parts)


def ecrire(chemin: Path, contenu: bytes) -> None:
    """Écrit d'un coup : un serveur qui lit pendant la construction voit l'ancien ou le nouveau."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f".{chemin.name}.nouveau")
    provisoire.write_bytes(contenu)
    provisoire.replace(chemin)


def assembler(entree: Path, sortie: Path, *options: str) -> bytes:
    """Une entrée JavaScript ou CSS et tout ce qu'elle importe, en un fichier réduit."""
    communes = ["--bundle", "--minify", "--charset=utf8", f"--target={NAVIGATEURS}", "--log-level=warning"]
    lancer("esbuild", entree, str(entree), *communes, f"--outfile={sortie}", *options)
    if entree.suffix == ".js":
        # esbuild assemble vite, terser réduit mieux : 7 % de moins à descendre.
        lancer("terser", entree, str(sortie), *REDUCTION, "--output", str(sortie))
    return sortie.read_bytes()


def lancer(outil: str, entree: Path, *arguments: str) -> None:
    """Un outil des paquets npm, sur un fichier de nos sources."""
    executable = RACINE / "node_modules" / ".bin" / outil
    if not executable.exists():
        raise ConstructionImpossible(f"{outil} est absent : lancer `make construire`, qui installe les paquets")
    resultat = subprocess.run([str(executable), *arguments], cwd=RACINE, env=environnement(), check=False)
    if resultat.returncode:
        raise ConstructionImpossible(f"{outil} a refusé {entree.relative_to(RACINE)}")


def publier(contenu: bytes, nom: str, extension: str) -> str:
    """Pose un fichier sous son nom haché et rend son adresse."""
    fichier = CONSTRUIT / f"{nom}.{hashlib.sha256(contenu).hexdigest()[:12]}.{extension}"
    if not fichier.exists():
        ecrire(fichier, contenu)
    if not fichier.with_name(f"{fichier.name}.br").exists():
        compresser(fichier)
    return f"/static/{fichier.name}"


def compresser(fichier: Path) -> None:
    """Pose à côté les formes brotli et gzip, si elles sont plus petites."""
    from whitenoise.compress import Compressor  # type: ignore[import-untyped]  # WhiteNoise ne publie pas ses types

    compresseur = Compressor(quiet=True)
    if compresseur.should_compress(fichier.name):
        # Le travail se fait au fur et à mesure que l'on parcourt le résultat.
        list(compresseur.compress(str(fichier)))


def publier_script(nom: str, provisoire: Path) -> str:
    """Un script de page. Il fait partie des actifs : il ne peut pas en importer la liste, ni la version."""
    interdits = [f"--alias:#jalon/{module}=./inconnu-d-un-script-de-page" for module in ("actifs", "version")]
    entree = RACINE / f"static/js/{nom}/index.js"
    return publier(assembler(entree, provisoire / f"{nom}.js", "--format=iife", *interdits), nom, "js")


def publier_styles(provisoire: Path) -> tuple[dict[str, str], dict[str, str]]:
    """La feuille de style et ses polices, réduites et hachées avant elle puisqu'elle les nomme.

    La première déclarée accompagne chaque page ; les autres, et la feuille du bureau, rendues à part, ne se demandent
    qu'au besoin.
    """
    from tools import polices

    options = ("--loader:.woff2=file", "--asset-names=[name]", "--public-path=/static")
    style = assembler(RACINE / "static/css/index.css", provisoire / "style.css", *options).decode()
    adresses: dict[str, str] = {}
    for police in sorted(provisoire.glob("*.woff2"), key=lambda police: style.index(police.name)):
        reduite = polices.reduire(police.read_bytes(), *polices.declaration(style, police.name))
        adresse = publier(reduite, police.stem, "woff2")
        style = style.replace(f"/static/{police.name}", adresse)
        adresses[f"police-{len(adresses) + 1}" if adresses else "police"] = adresse
    gardes = {"style": publier(style.encode(), "style", "css"), "police": adresses.pop("police")}
    bureau = assembler(RACINE / "static/css/index_bureau.css", provisoire / "style-bureau.css")
    return gardes, adresses | {"style-bureau": publier(bureau, "style-bureau", "css")}


def publier_icones() -> dict[str, str]:
    """``jalon-192.png`` devient ``icone-192``, ``jalon.svg`` devient ``icone-svg``."""
    adresses = {}
    for icone in fichiers(RACINE / "static/icones"):
        morceaux = ["icone", icone.stem.removeprefix("jalon").strip("-"), "svg" if icone.suffix == ".svg" else ""]
        adresse = publier(icone.read_bytes(), icone.stem, icone.suffix[1:])
        adresses["-".join(morceau for morceau in morceaux if morceau)] = adresse
    return adresses


def oublier_les_anciens(adresses: Iterable[str]) -> None:
    """Efface les fichiers hachés d'avant, sauf ceux du jour : des pages ouvertes les demandent encore."""
    gardes = {Path(adresse).name for adresse in adresses}
    limite = time.time() - UN_JOUR
    for fichier in CONSTRUIT.iterdir():
        hache = _HACHE.fullmatch(fichier.name)
        if hache and hache[1] not in gardes and fichier.stat().st_mtime < limite:
            fichier.unlink()
