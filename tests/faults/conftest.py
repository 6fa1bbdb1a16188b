"""Un serveur neuf par essai : on ne blesse pas deux fois le même."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.semences import Semis

from .appareil import Appareil
from .serveur import ServeurFautif


@pytest.fixture
def semis(base_semee: tuple[Path, Semis]) -> Semis:
    return base_semee[1]


@pytest.fixture
def serveur_eteint(base_semee: tuple[Path, Semis], tmp_path: Path) -> Iterator[ServeurFautif]:
    serveur = ServeurFautif(tmp_path)
    shutil.copy(base_semee[0], serveur.base)
    yield serveur
    serveur.arreter()


@pytest.fixture
def serveur(serveur_eteint: ServeurFautif) -> ServeurFautif:
    serveur_eteint.demarrer()
    return serveur_eteint


@pytest.fixture
def enroler(serveur: ServeurFautif, semis: Semis) -> Callable[..., Appareil]:
    """Un appareil de Camille, ou d'une autre, qui a fait son premier échange."""

    def faire(compte: str = "camille", port: int | None = None, lot: int = 20) -> Appareil:
        appareil = Appareil(port or serveur.port, getattr(semis, compte), lot=lot)
        appareil.se_connecter()
        assert appareil.echanger() == "fait"
        return appareil

    return faire
