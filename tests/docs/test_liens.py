"""Les liens et les chemins cités par la documentation mènent quelque part."""

import re
import unicodedata
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
PAGES = sorted([*RACINE.glob("*.md"), *RACINE.glob("docs/**/*.md")])

LIEN = re.compile(r"""!?\[[^\]]*\]\(([^)\s]+)\)|<img src="([^"]+)\"""")
CODE = re.compile(r"```.*?```", re.DOTALL)
# Un chemin du projet écrit entre accents graves ; « * » y vaut comme dans un terminal.
CHEMIN = re.compile(r"`((?:app|sync|static|templates|tests|tools|bench|docs|requirements)/[A-Za-z0-9_./*-]*)`")
CONSTRUIT = "static/construit"


def ancres(page: Path) -> set[str]:
    """Les ancres que les sites d'hébergement donnent aux titres."""
    titres = re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", titre.lower())).replace(" ", "-") for titre in titres}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(RACINE).as_posix())
def test_every_link_and_path_of_a_page_exists(page: Path) -> None:
    texte = page.read_text(encoding="utf-8")
    casses = []
    for lien in LIEN.findall(CODE.sub("", texte)):
        cible = "".join(lien)
        if cible.startswith(("http://", "https://", "mailto:")):
            continue
        fichier, _, ancre = cible.partition("#")
        vise = (page.parent / fichier).resolve() if fichier else page
        if not vise.exists() or (ancre and ancre not in ancres(vise)):
            casses.append(cible)
    for chemin in CHEMIN.findall(texte):
        if not chemin.startswith(CONSTRUIT) and not any(RACINE.glob(chemin.rstrip("/"))):
            casses.append(chemin)
    assert casses == []
