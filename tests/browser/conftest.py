"""Les essais dans un vrai navigateur : un serveur et une base par fichier d'essais, un profil par parcours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

CAPTURES = Path(__file__).resolve().parents[2] / "captures" / "echecs"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as moteur:
        yield moteur
