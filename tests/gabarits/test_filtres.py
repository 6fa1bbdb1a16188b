"""Les filtres français, côté serveur, sur le corpus que le JavaScript exécute aussi."""

import json
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Undefined
from markupsafe import Markup

from app.gabarits.filtres import FILTRES

CORPUS = json.loads((Path(__file__).parents[1] / "corpus" / "filtres.json").read_text("utf-8"))


@pytest.mark.parametrize("cas", CORPUS, ids=lambda cas: f"{cas['filtre']}-{cas['entree']!r}")
def test_a_filter_writes_what_the_corpus_says(cas: dict[str, Any]) -> None:
    filtre, arguments = FILTRES[cas["filtre"]], cas.get("arguments", [])
    if cas.get("erreur"):
        with pytest.raises((ValueError, TypeError)):
            filtre(cas["entree"], *arguments)
    else:
        assert str(filtre(cas["entree"], *arguments)) == cas["sortie"]


def test_every_filter_has_cases() -> None:
    assert {cas["filtre"] for cas in CORPUS} == set(FILTRES)


@pytest.mark.parametrize("nom", FILTRES)
def test_a_missing_value_prints_nothing(nom: str) -> None:
    assert FILTRES[nom](Undefined()) == ""


def test_paragraphs_stay_safe_markup_and_do_not_escape_twice() -> None:
    assert FILTRES["paragraphes"](Markup("<b>a</b>\nb")) == Markup("<b>a</b><br>\nb")
