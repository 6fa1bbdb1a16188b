"""Chaque gabarit partagé rend le même HTML, à l'octet près, sur le serveur et sur le téléphone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from app.gabarits import configurer
from tests.corpus.lecture import DOSSIER, charger
from tests.gabarits.moteurs import Echec, MoteurJavaScript
from tools.gabarits import compiler, lire_sources

RACINE = Path(__file__).parents[2]
SOURCES = lire_sources(RACINE / "templates")
CORPUS = {
    fichier.stem: json.loads(fichier.read_text("utf-8")) for fichier in sorted((DOSSIER / "gabarits").glob("*.json"))
}
CLES_DU_CADRE = ("actifs", "nonce", "jeton", "origine", "onglet", "utilisateur", "envoi", "message", "version", "titre")
CADRE = {cle: CORPUS["ma_journee"]["contexte"][cle] for cle in CLES_DU_CADRE}


def pages_des_vues() -> Iterator[tuple[str, dict[str, Any]]]:
    """Chaque vue du corpus des modèles de vue, dans la page qui porte son nom."""
    for fichier in sorted((DOSSIER / "vues").glob("*.json")):
        for cas in charger(fichier):
            gabarit = f"partages/pages/{cas.fonction.rpartition('.')[2]}.html"
            if gabarit in SOURCES and not cas.partiel and cas.attendu is not None:
                yield f"{cas.fichier}: {cas.nom}", {"gabarit": gabarit, "contexte": {**CADRE, **cas.attendu}}


TOUS = {**CORPUS, **dict(pages_des_vues())}


@pytest.fixture(scope="module")
def jinja() -> Environment:
    return configurer(Environment(loader=FileSystemLoader(RACINE / "templates"), autoescape=True))


@pytest.fixture(scope="module")
def telephone(moteur: MoteurJavaScript) -> str:
    return moteur.charger(compiler(SOURCES))


@pytest.mark.parametrize("cas", TOUS.values(), ids=TOUS.keys())
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
