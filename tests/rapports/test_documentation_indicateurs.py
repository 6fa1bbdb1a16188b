"""`docs/indicateurs.md` dit de chaque indicateur ce que le code en dit, ni plus ni moins."""

import re
from pathlib import Path

import pytest

from app.domain.indicateurs import flux, rendez_vous
from app.domain.indicateurs.catalogue import FAMILLES, INDICATEURS
from app.domain.indicateurs.definition import Indicateur

DOC = Path(__file__).parents[2] / "docs" / "indicateurs.md"
TOUS = [indicateur for famille in FAMILLES for indicateur in famille]


def section(code: str) -> str:
    texte = DOC.read_text(encoding="utf-8")
    trouve = re.search(rf"^### `{code}`\n(.*?)(?=^#|\Z)", texte, re.MULTILINE | re.DOTALL)
    assert trouve, f"l'indicateur {code} n'est pas documenté"
    return trouve.group(1)


@pytest.mark.parametrize("indicateur", TOUS, ids=lambda i: i.code)
def test_every_indicator_is_documented_as_it_is_defined(indicateur: Indicateur) -> None:
    attendu = [f"- Nom : {indicateur.nom}", f"- Unité : {indicateur.unite}", f"- Population : {indicateur.population}"]
    if indicateur.denominateur:
        attendu.append(f"- Dénominateur : {indicateur.denominateur}")
    attendu.append(f"- Date : {indicateur.regle_de_date}")
    assert [li for li in section(indicateur.code).splitlines() if li.startswith("- ")] == attendu


def test_no_documented_indicator_is_unknown_to_the_code() -> None:
    documentes = re.findall(r"^### `(.*)`$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(documentes) == sorted(i.code for i in TOUS)


def test_every_count_a_definition_makes_has_its_indicator() -> None:
    codes = {i.code for i in TOUS}
    assert set(flux.REGLES) <= codes
    assert set(rendez_vous.composition(False)) <= codes


def test_two_indicators_never_share_a_code() -> None:
    assert len(INDICATEURS) == len(TOUS)
