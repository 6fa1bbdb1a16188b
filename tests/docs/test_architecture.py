"""docs/architecture.md nomme chaque dossier du projet, et n'en nomme pas d'imaginaire."""

import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).parents[2]
DOCUMENT = (RACINE / "docs" / "architecture.md").read_text(encoding="utf-8")
# Là où chaque sous-dossier est un paquet à nommer ; ailleurs, seul le premier niveau l'est.
DETAILLES = ("app", "sync", "static", "templates")

LIGNE = re.compile(r"^\| `([A-Za-z0-9_./-]+)/` \| (.+) \|$", re.MULTILINE)
IGNORES = [
    motif.strip("/")
    for motif in (RACINE / ".gitignore").read_text(encoding="utf-8").split()
    if motif.endswith("/") and not motif.startswith("#")
]


def est_du_projet(dossier: Path) -> bool:
    chemin = dossier.relative_to(RACINE).as_posix()
    if chemin == ".git" or any(fnmatch.fnmatch(chemin, m) or fnmatch.fnmatch(dossier.name, m) for m in IGNORES):
        return False
    return any(f.is_file() and "__pycache__" not in f.parts for f in dossier.rglob("*"))


def dossiers(parent: Path, *, profond: bool) -> Iterator[str]:
    for dossier in sorted(parent.iterdir()):
        if dossier.is_dir() and est_du_projet(dossier):
            yield dossier.relative_to(RACINE).as_posix()
            if profond:
                yield from dossiers(dossier, profond=True)


def test_every_folder_has_its_line_and_every_line_its_folder() -> None:
    attendus = set(dossiers(RACINE, profond=False))
    for nom in DETAILLES:
        attendus |= set(dossiers(RACINE / nom, profond=True))
    nommes = [nom for nom, _ in LIGNE.findall(DOCUMENT)]
    assert len(nommes) == len(set(nommes))
    assert attendus - set(nommes) == set(), "sans ligne dans docs/architecture.md"
    assert {nom for nom in nommes if not (RACINE / nom).is_dir()} == set(), "n'existe pas"
