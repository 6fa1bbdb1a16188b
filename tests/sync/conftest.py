"""Une base neuve par essai, avec deux structures qui ne doivent jamais se voir."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.moteur import ouvrir_moteur
from tests.sync.fabrique import Monde


@pytest.fixture
def moteur(adresse: str) -> Iterator[Engine]:
    base = ouvrir_moteur(adresse)
    yield base
    base.dispose()


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)
