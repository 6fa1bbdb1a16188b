"""Une instruction traduite d'avance dit la même chose que SQLAlchemy, et tait les valeurs quand elle échoue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, bindparam, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.instruction import Instruction, Parmi, table
from app.models import Structure
from app.moteur import lire as lire_application
from app.moteur import ouvrir_moteur
from tests.bases import ecrire, lire

STRUCTURE = table(Structure)
MAINTENANT = dt.datetime(2026, 11, 26, 15, 0, tzinfo=dt.UTC)
INSERER = Instruction(lambda _: insert(STRUCTURE).values({nom: bindparam(nom) for nom in STRUCTURE.c.keys()}))  # noqa: SIM118  # une collection de colonnes
PARMI = Instruction(lambda _: select(STRUCTURE.c.id, STRUCTURE.c.cree_le).where(Parmi(STRUCTURE.c.id, "cles")).limit(2))


def ligne(identifiant: str) -> dict[str, object]:
    defauts = {colonne.name: colonne.default.arg for colonne in STRUCTURE.columns if colonne.default is not None}
    valeurs = dict.fromkeys(STRUCTURE.columns.keys()) | defauts
    return valeurs | {"id": identifiant, "nom": "Canari-Secret", "generation": "g", "cree_le": MAINTENANT}


@pytest.fixture
def moteur(adresse: str) -> Iterator[Engine]:
    base = ouvrir_moteur(adresse)
    yield base
    base.dispose()


def test_values_are_converted_both_ways_and_a_list_is_one_parameter(moteur: Engine) -> None:
    with ecrire(moteur) as session:
        INSERER.executer(session, [ligne("a"), ligne("b'; --"), ligne("c")])
    with lire(moteur) as session:
        assert sorted(PARMI.lire(session, cles=["a", "b'; --", "absente"])) == [
            ("a", MAINTENANT),
            ("b'; --", MAINTENANT),
        ]
        assert PARMI.lire(session, cles=[]) == []
        assert PARMI.une(session, cles=["c"]) == ("c", MAINTENANT)
        assert PARMI.une(session, cles=["absente"]) is None


def test_a_failure_is_sqlalchemy_s_and_keeps_the_values_to_itself(moteur: Engine) -> None:
    with pytest.raises(IntegrityError) as refus, ecrire(moteur) as session:
        INSERER.executer(session, [ligne("a"), ligne("a")])
    assert "Canari-Secret" not in str(refus.value)
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), lire_application(moteur, "b") as session:
        INSERER.executer(session, [ligne("b")])


def test_what_failed_is_undone_with_its_savepoint(moteur: Engine) -> None:
    with ecrire(moteur) as session:
        INSERER.executer(session, [ligne("a")])
        with pytest.raises(IntegrityError), session.begin_nested():
            INSERER.executer(session, [ligne("b"), ligne("a")])
    with lire(moteur) as session:
        assert [lu for lu, _ in PARMI.lire(session, cles=["a", "b"])] == ["a"]
