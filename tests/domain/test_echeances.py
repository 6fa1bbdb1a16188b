"""Les échéances racontées, que JavaScript joue aussi (tests/js/echeances.test.js)."""

import pytest

from app.domain.echeance import echeances
from tests.corpus.scenarios import Jour, conventions, livrees, scenarios

CONVENTIONS = conventions()
JOURS = list(scenarios())


@pytest.mark.parametrize("jour", JOURS, ids=lambda jour: jour.nom)
def test_the_day_reads_as_the_story_says(jour: Jour) -> None:
    assert jour.lu(echeances(jour.dossier, CONVENTIONS, jour.maintenant)) == jour.attendu


def test_there_are_enough_days_and_no_two_of_the_same_name() -> None:
    noms = [jour.nom for jour in JOURS]
    assert len(noms) == len(set(noms)) >= 150


def test_the_stories_run_on_the_conventions_shipped() -> None:
    """Sinon : `python -m tests.corpus.scenarios`, puis relire ce qui change."""
    assert livrees() == CONVENTIONS
