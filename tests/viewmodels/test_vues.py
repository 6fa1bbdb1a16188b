"""Les modèles de vue, sur les cas que JavaScript joue aussi (tests/js/viewmodels.test.js)."""

import json
from typing import Any

import pytest

from tests.corpus.lecture import DOSSIER, Cas, charger

TOUS = [cas for fichier in sorted((DOSSIER / "vues").glob("*.json")) for cas in charger(fichier)]


@pytest.mark.parametrize("cas", TOUS, ids=lambda cas: f"{cas.fichier}: {cas.nom}")
def test_the_screen_shows_what_the_case_says(cas: Cas) -> None:
    assert cas.obtenu("app.viewmodels") == cas.attendu


@pytest.mark.parametrize("cas", TOUS, ids=lambda cas: f"{cas.fichier}: {cas.nom}")
def test_a_view_is_plain_json_both_engines_print_alike(cas: Cas) -> None:
    """Ni nombre à virgule, ni clé qui ressemble à un entier (docs/architecture.md, gabarits)."""
    for valeur in _parcourir(cas.attendu):
        assert not isinstance(valeur, float)
        if isinstance(valeur, dict):
            assert not any(nom.isdecimal() for nom in valeur)
    json.dumps(cas.attendu, allow_nan=False)


def _parcourir(valeur: Any) -> list[Any]:
    enfants = valeur.values() if isinstance(valeur, dict) else valeur if isinstance(valeur, list) else []
    return [valeur, *(petit for enfant in enfants for petit in _parcourir(enfant))]
