from __future__ import annotations

import pytest

from tests.sync.carnets import Equipe, une_equipe
from tests.sync.fabrique import Monde


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    return une_equipe(monde)
