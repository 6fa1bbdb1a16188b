"""Chaque gabarit partagé rend le même HTML, à l'octet près, sur le serveur et sur le téléphone."""

import json
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from app.gabarits import configurer
from tests.gabarits.moteurs import Echec, MoteurJavaScript
from tools.gabarits import compiler, lire_sources

RACINE = Path(__file__).parents[2]
SOURCES = lire_sources(RACINE / "templates")
CORPUS = {
    fichier.stem: json.loads(fichier.read_text("utf-8"))
    for fichier in sorted((RACINE / "tests" / "corpus" / "gabarits").glob("*.json"))
}


@pytest.fixture(scope="module")
def jinja() -> Environment:
    return configurer(Environment(loader=FileSystemLoader(RACINE / "templates"), autoescape=True))


@pytest.fixture(scope="module")
def telephone(moteur: MoteurJavaScript) -> str:
    return moteur.charger(compiler(SOURCES))


@pytest.mark.parametrize("cas", CORPUS.values(), ids=CORPUS.keys())
def test_a_shared_template_renders_byte_for_byte_the_same_in_both_engines(
    jinja: Environment, telephone: str, moteur: MoteurJavaScript, cas: dict[str, Any]
) -> None:
    attendu = jinja.get_template(cas["gabarit"]).render(**cas["contexte"])
    rendu = moteur.rendre(telephone, cas["gabarit"], cas["contexte"])
    assert not isinstance(rendu, Echec), rendu.message
    assert rendu.encode() == attendu.encode()


@pytest.mark.parametrize("gabarit", [nom for nom in SOURCES if "/pages/" in nom or "/fragments/" in nom])
def test_every_shared_page_and_fragment_has_a_case(gabarit: str) -> None:
    assert gabarit in {cas["gabarit"] for cas in CORPUS.values()}
