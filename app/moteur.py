"""Le moteur de base de données : SQLite réglé pour ne rien perdre, PostgreSQL par son adresse.

Rien ici ne dépend de Flask : la ligne de commande, les migrations et les essais s'en servent tels quels.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.cloison import CLOISON, Cloison, cloison, commencer
from app.config import ConfigurationDangereuse

if TYPE_CHECKING:
    import psycopg  # le pilote n'est installé que là où il sert

# Un téléphone patiente mieux qu'il ne recommence : on attend le verrou plutôt que d'échouer.
ATTENTE_VERROU_MS = 15_000

_SANS_CLOISON = (
    "le rôle « {role} » de DATABASE_URL est superutilisateur (ou BYPASSRLS) : PostgreSQL ne lui applique pas les "
    "cloisons entre structures. Donnez un rôle ordinaire, propriétaire de sa base : "
    "CREATE ROLE jalon LOGIN PASSWORD '…'; CREATE DATABASE jalon OWNER jalon;"
)

_ECRIVAIN = "_jalon_ecrivain"
_NAISSANCES = Lock()

event.listen(Session, "after_begin", commencer)


def normaliser_adresse(adresse: str) -> str:
    """`postgres://` et `postgresql://` désignent le pilote installé, psycopg 3."""
    for ancien in ("postgres://", "postgresql://"):
        if adresse.startswith(ancien):
            return "postgresql+psycopg://" + adresse.removeprefix(ancien)
    return adresse


def ouvrir_moteur(adresse: str, **options: Any) -> Engine:
    """Un moteur prêt à servir pour une adresse SQLite ou PostgreSQL."""
    return brancher(create_engine(normaliser_adresse(adresse), **options))


def brancher(moteur: Engine) -> Engine:
    """Pose sur un moteur ses réglages et ses transactions : on y lit, sauf par `ecrire`."""
    if moteur.dialect.name == "sqlite":
        event.listen(moteur, "connect", _regler_sqlite)
        event.listen(moteur, "begin", _commencer_sqlite)
    else:
        event.listen(moteur, "connect", _regler_postgresql)
        event.listen(moteur, "begin", _commencer_postgresql)
        moteur.update_execution_options(cloisonnee=True)
    return moteur


def _regler_sqlite(connexion: sqlite3.Connection, _: object) -> None:
    # Le pilote ouvrirait lui-même ses transactions, en retard et sans IMMEDIATE.
    connexion.isolation_level = None
    for reglage in (
        f"PRAGMA busy_timeout = {ATTENTE_VERROU_MS}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        # 16 Mio de pages gardées ; le journal n'est reversé à la base qu'une fois ses pages plusieurs fois récrites.
        "PRAGMA cache_size = -16384",
        "PRAGMA wal_autocheckpoint = 4000",
    ):
        connexion.execute(reglage)


def _commencer_sqlite(connexion: Connection) -> None:
    """BEGIN IMMEDIATE pour écrire, BEGIN pour lire.

    Une lecture qui se met à écrire échoue sur « database is locked » dès qu'un autre a écrit entre-temps :
    `query_only` rend la faute visible au premier essai plutôt que le jour d'affluence.
    """
    ecrit = bool(connexion.get_execution_options().get("ecriture"))
    # Ce réglage fait retraduire toutes les instructions déjà prêtes : il ne change qu'avec l'emploi de la connexion.
    if connexion.info.get("ecriture") is not ecrit:
        connexion.exec_driver_sql(f"PRAGMA query_only = {0 if ecrit else 1}")
        connexion.info["ecriture"] = ecrit
    connexion.exec_driver_sql("BEGIN IMMEDIATE" if ecrit else "BEGIN")


def _regler_postgresql(connexion: psycopg.Connection[Any], _: object) -> None:
    reponse = connexion.execute(
        "SELECT set_config('lock_timeout', %s, false), rolname, rolsuper OR rolbypassrls "
        "FROM pg_catalog.pg_roles WHERE rolname = current_user",
        (str(ATTENTE_VERROU_MS),),
    ).fetchone()
    connexion.commit()
    if reponse is None or reponse[2]:
        connexion.close()
        raise ConfigurationDangereuse(_SANS_CLOISON.format(role=reponse and reponse[1]))


def _commencer_postgresql(connexion: Connection) -> None:
    """Une lecture voit un seul instant de la base, comme sur SQLite, et ne peut pas écrire non plus.

    Une écriture voit ce qui a été validé avant chacune de ses requêtes : après avoir attendu le verrou de la structure,
    elle doit lire ce que la précédente y a laissé. Le pilote envoie ces réglages avec BEGIN, sans un aller de plus.
    """
    from psycopg import IsolationLevel

    ecrit = bool(connexion.get_execution_options().get("ecriture"))
    pilote = cast("psycopg.Connection[Any]", connexion.connection.driver_connection)
    pilote.isolation_level = IsolationLevel.READ_COMMITTED if ecrit else IsolationLevel.REPEATABLE_READ
    pilote.read_only = not ecrit


class _Ecrivain(OptionEngine):
    """Le même moteur, pour écrire : par ses propres connexions, et une transaction à la fois dans ce processus.

    SQLite n'a qu'un écrivain. Attendre son tour ici, c'est être réveillé aussitôt ; devant le verrou de la base, c'est
    dormir de plus en plus longtemps entre deux essais.
    """

    def __init__(self, moteur: Engine) -> None:
        super().__init__(moteur, {"ecriture": True})
        self._connexions = moteur.pool.recreate()
        self.tour = Lock()

    @property
    def pool(self) -> Pool:  # type: ignore[override]  # l'autre moitié, l'affectation, n'a pas cours ici
        return self._connexions

    def fermer(self) -> None:
        self._connexions.dispose()
        self._connexions = self._connexions.recreate()


def _ecrivain(moteur: Engine) -> _Ecrivain:
    connus = vars(moteur)
    if _ECRIVAIN not in connus:
        with _NAISSANCES:
            if _ECRIVAIN not in connus:
                connus[_ECRIVAIN] = ecrivain = _Ecrivain(moteur)
                event.listen(moteur, "engine_disposed", lambda _: ecrivain.fermer())
    trouve: _Ecrivain = connus[_ECRIVAIN]
    return trouve


@contextmanager
def _pour_ecrire(moteur: Engine) -> Iterator[Engine]:
    if moteur.dialect.name != "sqlite":
        yield moteur.execution_options(ecriture=True)
        return
    ecrivain = _ecrivain(moteur)
    # Le tour passé, c'est la base qui dira qu'elle est prise.
    a_lui = ecrivain.tour.acquire(timeout=ATTENTE_VERROU_MS / 1000)
    try:
        yield ecrivain
    finally:
        if a_lui:
            ecrivain.tour.release()


@contextmanager
def ecrire(moteur: Engine, pour: Cloison | str | None = None) -> Iterator[Session]:
    """Une session dans sa transaction d'écriture : validée à la sortie, annulée sur une exception.

    `pour` : la structure, ou la cloison. Sans elle, `app.cloison.changer` doit la dire avant la première requête.
    """
    with (
        _pour_ecrire(moteur) as ecrivain,
        Session(ecrivain, expire_on_commit=False, info={CLOISON: cloison(pour)}) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def lire(moteur: Engine, pour: Cloison | str | None = None) -> Iterator[Session]:
    """Une session de lecture, qui voit un instant de la base du début à la fin."""
    with Session(moteur, expire_on_commit=False, info={CLOISON: cloison(pour)}) as session:
        yield session
