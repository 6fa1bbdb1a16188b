"""Les transactions : écrire tout de suite ou attendre, lire un seul instant, ne rien perdre."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import StatementError
from uuid6 import uuid7

from app.base import db, ecriture, migrer
from app.models import Structure
from app.moteur import ecrire, lire, normaliser_adresse, ouvrir_moteur

MAINTENANT = dt.datetime(2026, 11, 26, 15, 0, tzinfo=dt.UTC)


def a_structure(**valeurs: object) -> Structure:
    faits = {"id": str(uuid7()), "nom": "Association fictive", "generation": "g", "cree_le": MAINTENANT} | valeurs
    return Structure(**faits)


@pytest.fixture
def moteur(tmp_path: Path) -> Iterator[Engine]:
    ouvert = ouvrir_moteur(f"sqlite:///{tmp_path / 'jalon.sqlite'}")
    migrer(ouvert)
    yield ouvert
    ouvert.dispose()


def test_sqlite_is_set_to_lose_nothing(moteur: Engine) -> None:
    with lire(moteur) as session:
        reglages = {
            nom: session.scalar(text(f"PRAGMA {nom}")) for nom in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert reglages == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_many_writers_wait_for_each_other_and_none_is_lost(moteur: Engine) -> None:
    def ecrire_plusieurs(_: int) -> None:
        for _ in range(25):
            with ecrire(moteur) as session:
                # Lire avant d'écrire est ce qui perdait des écritures quand la transaction s'ouvrait en lecture.
                session.scalar(select(func.count()).select_from(Structure))
                session.add(a_structure())

    with ThreadPoolExecutor(4) as fils:
        list(fils.map(ecrire_plusieurs, range(4)))
    with lire(moteur) as session:
        assert session.scalar(select(func.count()).select_from(Structure)) == 100


def test_a_reader_sees_one_instant_from_start_to_end(moteur: Engine) -> None:
    compte = select(func.count()).select_from(Structure)
    with lire(moteur) as lectrice:
        assert lectrice.scalar(compte) == 0
        with ecrire(moteur) as session:
            session.add(a_structure())
        assert lectrice.scalar(compte) == 0
    with lire(moteur) as lectrice:
        assert lectrice.scalar(compte) == 1


def test_what_fails_is_undone(moteur: Engine) -> None:
    def echouer() -> None:
        with ecrire(moteur) as session:
            session.add(a_structure())
            session.flush()
            raise RuntimeError("coupure")

    with pytest.raises(RuntimeError):
        echouer()
    with lire(moteur) as session:
        assert session.scalar(select(func.count()).select_from(Structure)) == 0


def test_an_instant_keeps_its_meaning_and_must_have_a_zone(moteur: Engine) -> None:
    paris = dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with ecrire(moteur) as session:
        session.add(a_structure(id="s", cree_le=paris))
    with lire(moteur) as session:
        assert session.get_one(Structure, "s").cree_le == dt.datetime(2026, 7, 1, 8, 0, tzinfo=dt.UTC)
    with pytest.raises(StatementError), ecrire(moteur) as session:
        session.add(a_structure(cree_le=dt.datetime(2026, 7, 1, 10, 0)))  # noqa: DTZ001  # c'est la faute à voir


def test_a_request_sees_what_it_has_just_written(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path / 'jalon.sqlite'}"
    db_compte = select(func.count()).select_from(Structure)
    db.init_app(app)
    with app.app_context():
        migrer(db.engine)
        assert db.session.scalar(db_compte) == 0
        with ecriture() as session:
            session.add(a_structure())
        assert db.session.scalar(db_compte) == 1
        db.engine.dispose()


@pytest.mark.parametrize(
    ("adresse", "normale"),
    [
        ("postgres://u@h/b", "postgresql+psycopg://u@h/b"),
        ("postgresql://u@h/b", "postgresql+psycopg://u@h/b"),
        ("postgresql+psycopg://u@h/b", "postgresql+psycopg://u@h/b"),
        ("sqlite:///x", "sqlite:///x"),
    ],
)
def test_usual_addresses_are_understood(adresse: str, normale: str) -> None:
    assert normaliser_adresse(adresse) == normale
