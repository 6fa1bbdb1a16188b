"""Une liste d'orientations déposée au bureau, et ses gestes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.base import db
from app.models import LigneOrientation
from tests.views.conftest import Equipe, Navigateur
from tests.views.faits import avec_convention, un_id

MODELE = Path(__file__).parents[2] / "docs" / "modeles-import" / "liste-orientations.csv"
SOURCE = "Département de Fictive"
# Ce que la liste dit ne dépend pas de la base ; ce qui s'y écrit, si.
SUR_UNE_BASE = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)


@dataclass
class Liste:
    """Une liste déposée, vue de qui la vérifie."""

    nav: Navigateur
    id: str

    @property
    def adresse(self) -> str:
        return f"/orientations/{self.id}"

    def page(self, voir: str = "") -> str:
        reponse = self.nav.get(f"{self.adresse}?voir={voir}")
        assert reponse.status_code == 200, reponse.status_code
        return texte(reponse.text)

    def regler(self, **champs: str) -> Any:
        page = self.nav.get(f"{self.adresse}/colonnes").text
        voulus = choisis(page) | {"convention": "DSP-TDL", "orientee_le": "2026-11-10"} | champs
        return self.nav.post(f"{self.adresse}/colonnes", voulus)

    def corriger(self, numero: int, **champs: str) -> None:
        assert self.nav.post(f"{self.adresse}/lignes/{numero}", champs).status_code == 303

    def confier(self, qui: str) -> None:
        assert self.nav.post(f"{self.adresse}/repartir", {"geste": "toutes", "toutes": qui}).status_code == 303

    def recevoir(self) -> str:
        assert self.nav.post(f"{self.adresse}/recevoir").status_code == 303
        return texte(self.nav.get(self.adresse).text)


def texte(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u202f", " ").replace("\xa0", " ").split())


def choisis(page: str) -> dict[str, str]:
    """Ce que la page propose pour chaque colonne."""
    menus = re.findall(r'<select[^>]* name="(colonne-\d+)"[^>]*>(.*?)</select>', page, re.S)
    trouves = {nom: re.search(r'value="([^"]*)" selected', options) for nom, options in menus}
    return {nom: trouve[1] if trouve else "" for nom, trouve in trouves.items()}


def deposer(nav: Navigateur, octets: bytes, source: str = SOURCE, fichier: str = "novembre.csv") -> Any:
    champs = {"id": un_id(), "source": source, "fichier": (io.BytesIO(octets), fichier)}
    reponse = nav.post("/orientations", champs, content_type="multipart/form-data")
    return reponse if reponse.status_code != 303 else Liste(nav, champs["id"])


def lignes_gardees(app: Flask) -> list[LigneOrientation]:
    with app.app_context():
        return list(db.session.scalars(select(LigneOrientation).where(LigneOrientation.recue_le.is_(None))))


@contextmanager
def en_novembre(app: Flask, equipe: Equipe) -> Iterator[None]:
    """La liste de novembre 2026 se reçoit fin novembre 2026 ; à ouvrir avant que l'on se connecte."""
    avec_convention(app, equipe)
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), tick=True):
        yield
