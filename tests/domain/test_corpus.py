"""Les règles du métier, sur les cas que JavaScript joue aussi (tests/js/domain.test.js)."""

import pytest

from tests.corpus.lecture import DOSSIER, Cas, charger, manques

FICHIERS = (
    "dates",
    "francais",
    "recherche",
    "personne",
    "mesure",
    "rendez_vous",
    "echeances",
    "saisie",
    "projection",
    "acces",
    "piece",
    "saisie_pieces",
    "projection_pieces",
    "cahier",
    "projection_feuilles",
    "parcours",
    "assiduite",
    "sortie",
    "masque",
    "permanence",
    "saisie_deplacement",
    "maraude",
    "saisie_maraude",
    "rattachement",
    "oubli",
    "position",
    "action",
    "saisie_action",
    "comite",
    "saisie_annuaire",
    "saisie_comite",
)
TOUS = [cas for fichier in FICHIERS for cas in charger(DOSSIER / f"{fichier}.json")]


@pytest.mark.parametrize("cas", TOUS, ids=lambda cas: f"{cas.fichier}: {cas.nom}")
def test_the_rule_gives_what_the_case_says(cas: Cas) -> None:
    obtenu = cas.obtenu("app.domain")
    if cas.partiel:
        assert manques(cas.attendu, obtenu) == []
    else:
        assert obtenu == cas.attendu


def test_no_two_cases_of_a_file_have_the_same_name() -> None:
    noms = [(cas.fichier, cas.nom) for cas in TOUS]
    assert len(noms) == len(set(noms))
