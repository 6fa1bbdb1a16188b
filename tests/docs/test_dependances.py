"""docs/dependances.md donne la raison de chaque dépendance directe, et d'aucune autre."""

import json
import re
import tomllib
from pathlib import Path

RACINE = Path(__file__).parents[2]
LIGNE = re.compile(r"^\| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
HORS_TABLE = {"paquet"}  # la ligne de titres


def nom(exigence: str) -> str:
    """« whitenoise[brotli]>=6.12,<7 » → « whitenoise »."""
    return re.split(r"[\[<>=!~; ]", exigence, maxsplit=1)[0].lower().replace("_", "-")


def declarees() -> set[str]:
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))
    paquets = json.loads((RACINE / "package.json").read_text(encoding="utf-8"))
    exigences = [*projet["build-system"]["requires"], *projet["project"]["dependencies"]]
    for groupe in projet["project"]["optional-dependencies"].values():
        exigences += groupe
    return {nom(exigence) for exigence in exigences} | set(paquets["dependencies"]) | set(paquets["devDependencies"])


def expliquees() -> list[str]:
    texte = (RACINE / "docs" / "dependances.md").read_text(encoding="utf-8")
    cellules = [cellule for cellule in LIGNE.findall(texte) if not set(cellule) <= {"-", " "}]
    noms = [re.sub(r"\(.*?\)", "", morceau).strip().lower() for cellule in cellules for morceau in cellule.split(",")]
    return [lu for lu in noms if lu not in HORS_TABLE]


def test_every_direct_dependency_says_why_it_is_there() -> None:
    expliques = expliquees()
    assert len(expliques) == len(set(expliques)), "une dépendance est expliquée deux fois"
    assert declarees() - set(expliques) == set(), "sans raison dans docs/dependances.md"
    assert set(expliques) - declarees() == set(), "expliquée mais plus déclarée"
