"""`docs/import.md` et les modèles disent les colonnes que l'import lit."""

import csv
import re
from pathlib import Path

import pytest

from app.domain import nomenclatures
from app.importation.colonnes import ORDRE, fichiers

from .conftest import Essai

DOCS = Path(__file__).parents[2] / "docs"
MODELES = DOCS / "modeles-import"


def tableau(fichier: str) -> list[tuple[str, str, str]]:
    texte = (DOCS / "import.md").read_text(encoding="utf-8")
    section = texte.split(f"\n### {fichier}\n", 1)[1].split("\n#", 1)[0]
    return re.findall(r"^\| `(\w+)` \| (oui)? ?\| (.*) \|$", section, re.MULTILINE)


@pytest.mark.parametrize("fichier", ORDRE)
def test_every_column_is_documented_with_what_it_takes(fichier: str) -> None:
    attendu = [(c.nom, "oui" if c.obligatoire else "", c.attendu.replace("|", r"\|")) for c in fichiers()[fichier]]
    assert tableau(fichier) == attendu


def test_every_long_list_is_written_in_full() -> None:
    texte = (DOCS / "import.md").read_text(encoding="utf-8")
    for liste in re.findall(r"code de la liste « (\w+) »", texte):
        codes = texte.split(f"### Liste « {liste} »\n", 1)[1].split("\n#", 1)[0]
        assert re.findall(r"`(\w+)`", codes) == nomenclatures.codes(liste)


@pytest.mark.parametrize("fichier", ORDRE)
def test_every_template_has_every_column(fichier: str) -> None:
    with (MODELES / f"{fichier}.csv").open(encoding="utf-8-sig", newline="") as ouvert:
        titres = next(csv.reader(ouvert, delimiter=";"))
    assert titres == [c.nom for c in fichiers()[fichier]]


def test_the_templates_are_themselves_an_import_that_works(essai: Essai) -> None:
    for fichier in ORDRE:
        texte = (MODELES / f"{fichier}.csv").read_text(encoding="utf-8-sig")
        essai.fichier(f"{fichier}.csv", texte.replace("camille@amandiers.example", "camille@essai.example"))
    compte = essai.importer()
    assert [str(a) for a in compte.anomalies] == []
    assert compte.ecrites == dict.fromkeys(ORDRE, 1)
