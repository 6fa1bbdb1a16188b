"""Les transactions : écrire tout de suite ou attendre, lire un seul instant, ne rien perdre."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from uuid6 import uuid7

from app.base import cloisonner, db, ecriture
from app.migrations import migrer
from app.models import Lieu, Structure
from app.moteur import ecrire, lire, normaliser_adresse, ouvrir_moteur

MAINTENANT = dt.datetime(2026, 11, 26, 15, 0, tzinfo=dt.UTC)


ICI = "0190c000-0000-7000-8000-000000000001"
COMPTE = select(func.count()).select_from(Lieu)


def a_lieu(**valeurs: object) -> Lieu:
    return Lieu(**({"structure_id": ICI, "id": str(uuid7()), "nom": str(uuid7())} | valeurs))


@pytest.fixture
def moteur(adresse: str) -> Iterator[Engine]:
    ouvert = ouvrir_moteur(adresse)
    with ecrire(ouvert, ICI) as session:
        session.add(Structure(id=ICI, nom="Association fictive", generation="g", cree_le=MAINTENANT))
    yield ouvert
    ouvert.dispose()


def test_sqlite_is_set_to_lose_nothing(base_vierge: Path) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{base_vierge}")
    with lire(moteur) as session:
        reglages = {
            nom: session.scalar(text(f"PRAGMA {nom}")) for nom in ("journal_mode", "synchronous", "foreign_keys")
        }
    moteur.dispose()
    assert reglages == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_many_writers_wait_for_each_other_and_none_is_lost(moteur: Engine) -> None:
    def ecrire_plusieurs(_: int) -> None:
        for _ in range(25):
            with ecrire(moteur, ICI) as session:
                # Lire avant d'écrire est ce qui perdait des écritures quand la transaction s'ouvrait en lecture.
                session.scalar(COMPTE)
                session.add(a_lieu())

    with ThreadPoolExecutor(4) as fils:
        list(fils.map(ecrire_plusieurs, range(4)))
    with lire(moteur, ICI) as session:
        assert session.scalar(COMPTE) == 100


def test_a_reader_sees_one_instant_from_start_to_end(moteur: Engine) -> None:
    with lire(moteur, ICI) as lectrice:
        assert lectrice.scalar(COMPTE) == 0
        with ecrire(moteur, ICI) as session:
            session.add(a_lieu())
        assert lectrice.scalar(COMPTE) == 0
    with lire(moteur, ICI) as lectrice:
        assert lectrice.scalar(COMPTE) == 1


def test_a_reader_cannot_write(moteur: Engine) -> None:
    with lire(moteur, ICI) as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(delete(Lieu))


def test_what_fails_is_undone(moteur: Engine) -> None:
    def echouer() -> None:
        with ecrire(moteur, ICI) as session:
            session.add(a_lieu())
            session.flush()
            raise RuntimeError("coupure")

    with pytest.raises(RuntimeError):
        echouer()
    with lire(moteur, ICI) as session:
        assert session.scalar(COMPTE) == 0


def test_an_instant_keeps_its_meaning_and_must_have_a_zone(moteur: Engine) -> None:
    paris = dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with ecrire(moteur, ICI) as session:
        session.get_one(Structure, ICI).cree_le = paris
    with lire(moteur, ICI) as session:
        assert session.get_one(Structure, ICI).cree_le == dt.datetime(2026, 7, 1, 8, 0, tzinfo=dt.UTC)
    with pytest.raises(StatementError), ecrire(moteur, ICI) as session:
        session.get_one(Structure, ICI).cree_le = dt.datetime(2026, 7, 1, 10, 0)  # noqa: DTZ001  # la faute à voir


def test_a_request_sees_what_it_has_just_written(moteur: Engine, adresse: str) -> None:
    app = Flask(__name__)
    app.config["DATABASE_URL"] = adresse
    db.init_app(app)
    with app.app_context():
        cloisonner(ICI)
        assert db.session.scalar(COMPTE) == 0
        with ecriture() as session:
            session.add(a_lieu())
        assert db.session.scalar(COMPTE) == 1
        db.session.remove()
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


def test_writers_of_one_process_take_turns_and_none_is_lost(tmp_path: Path) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path / 'jalon.sqlite'}")
    migrer(moteur)
    ensemble: list[int] = []
    dedans: list[int] = []

    def ecrire_une_fois(rang: int) -> None:
        with ecrire(moteur) as session:
            dedans.append(rang)
            ensemble.append(len(dedans))
            session.add(Structure(id=str(rang), nom="Fictive", generation="g", cree_le=dt.datetime.now(dt.UTC)))
            session.flush()
            dedans.remove(rang)

    with ThreadPoolExecutor(8) as fils:
        list(fils.map(ecrire_une_fois, range(40)))
    assert set(ensemble) == {1}
    with lire(moteur) as session:
        assert session.scalar(select(func.count()).select_from(Structure)) == 40
    moteur.dispose()


def test_a_disposed_engine_keeps_no_connection_open(tmp_path: Path) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path / 'jalon.sqlite'}")
    migrer(moteur)
    with ecrire(moteur) as session:
        ecrivain = session.connection().connection.driver_connection
    with lire(moteur) as session:
        lecteur = session.connection().connection.driver_connection
    assert ecrivain is not lecteur
    moteur.dispose()
    for connexion in (ecrivain, lecteur):
        assert isinstance(connexion, sqlite3.Connection)
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connexion.execute("SELECT 1")
