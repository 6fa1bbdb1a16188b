"""Les autres moteurs que Chromium : un serveur https, un profil neuf par essai."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import pytest_runtest_makereport, semis
from tests.browser.semences import Semis
from tests.browser.serveur import RACINE

from .firefox import Firefox
from .moteur import CommandeRefusee, Moteur
from .serveur_https import ServeurHttps
from .webkit import WebKit

__all__ = ["pytest_runtest_makereport", "semis"]

MOTEURS: list[type[Moteur]] = [Firefox, WebKit]
CAPTURES = RACINE / "captures" / "moteurs"


@pytest.fixture
def serveur(actifs_construits: None, base_semee: tuple[Path, Semis], tmp_path: Path) -> Iterator[ServeurHttps]:
    lance = ServeurHttps(tmp_path)
    shutil.copy(base_semee[0], lance.base)
    lance.demarrer()
    yield lance
    lance.arreter()


@pytest.fixture(params=MOTEURS, ids=lambda genre: genre.nom)
def moteur(request: pytest.FixtureRequest, serveur: ServeurHttps, tmp_path: Path) -> Iterator[Moteur]:
    """Un navigateur ouvert ; à la fin, une image si l'essai a échoué, et aucune plainte s'il a réussi."""
    ouvert: Moteur = request.param(tmp_path / "profil", serveur.autorite, serveur.certificat)
    rate = True
    try:
        ouvert.lancer()
        yield ouvert
        rate = getattr(request.node, "a_rate", False)
        if rate:
            with contextlib.suppress(CommandeRefusee, OSError):
                ouvert.photographier(CAPTURES / "echecs" / f"{request.node.name}.png")
    finally:
        ouvert.tuer()
        if rate:
            print(ouvert.journal.read_text(errors="replace")[-6000:])
    if not rate:
        plaintes = ouvert.plaintes()
        assert not plaintes, f"{ouvert.nom} s'est plaint :\n" + "\n".join(plaintes)
