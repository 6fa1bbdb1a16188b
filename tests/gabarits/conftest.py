from collections.abc import Iterator

import pytest

from tests.gabarits.moteurs import MoteurJavaScript


@pytest.fixture(scope="session")
def moteur() -> Iterator[MoteurJavaScript]:
    moteur = MoteurJavaScript()
    yield moteur
    moteur.fermer()
