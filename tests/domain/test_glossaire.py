"""Ce que le code nomme est au glossaire."""

import re
from pathlib import Path

import pytest

from app.domain import nomenclatures
from app.domain.projection import GENRES

GLOSSAIRE = (Path(__file__).parents[2] / "docs" / "glossaire.md").read_text(encoding="utf-8")
# Chaque code est en tête d'une ligne de tableau, seul dans sa case.
CODES = set(re.findall(r"^\| `([a-z_]+)` \|", GLOSSAIRE, re.MULTILINE))
LISTES = (
    "genre_operation",
    "type_fiche",
    "statut_rendez_vous",
    "statut_mesure",
    "etat_controle",
    "etat_envoi",
    "etat_echeance",
)


@pytest.mark.parametrize("genre", GENRES)
def test_every_kind_of_operation_is_in_the_glossary(genre: str) -> None:
    assert genre in CODES


@pytest.mark.parametrize("liste", LISTES)
def test_every_kind_of_record_and_status_is_in_the_glossary(liste: str) -> None:
    assert set(nomenclatures.codes(liste)) <= CODES


def test_the_operations_the_phone_projects_are_those_that_have_a_label() -> None:
    assert set(GENRES) == set(nomenclatures.codes("genre_operation"))


def test_the_glossary_names_no_code_that_does_not_exist() -> None:
    connus = {code for liste in LISTES for code in nomenclatures.codes(liste)}
    assert connus >= CODES


@pytest.mark.parametrize(
    "mot", ["FSE", "ARS", "DOM", "saisine", "signalement", "Pôle emploi, France Travail", "suspension"]
)
def test_words_with_two_meanings_are_settled(mot: str) -> None:
    assert f"| **{mot}** |" in GLOSSAIRE
