"""Le moteur de base de données : SQLite réglé pour ne rien perdre, PostgreSQL par son adresse.

Rien ici ne dépend de Flask : la ligne de commande, les migrations et les essais s'en servent tels quels.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

# Un téléphone patiente mieux qu'il ne recommence : on attend le verrou plutôt que d'échouer.
ATTENTE_VERROU_MS = 15_000


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
    """Pose sur un moteur SQLite ses réglages et ses transactions ; laisse les autres tels quels."""
    if moteur.dialect.name == "sqlite":
        event.listen(moteur, "connect", _regler_sqlite)
        event.listen(moteur, "begin", _commencer_sqlite)
    return moteur


def _regler_sqlite(connexion: sqlite3.Connection, _: object) -> None:
    # Le pilote ouvrirait lui-même ses transactions, en retard et sans IMMEDIATE.
    connexion.isolation_level = None
    for reglage in (
        f"PRAGMA busy_timeout = {ATTENTE_VERROU_MS}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
    ):
        connexion.execute(reglage)


def _commencer_sqlite(connexion: Connection) -> None:
    """BEGIN IMMEDIATE pour écrire, BEGIN pour lire.

    Une lecture qui se met à écrire échoue sur « database is locked » dès qu'un autre a écrit entre-temps :
    `query_only` rend la faute visible au premier essai plutôt que le jour d'affluence.
    """
    ecrit = bool(connexion.get_execution_options().get("ecriture"))
    connexion.exec_driver_sql(f"PRAGMA query_only = {0 if ecrit else 1}")
    connexion.exec_driver_sql("BEGIN IMMEDIATE" if ecrit else "BEGIN")


@contextmanager
def ecrire(moteur: Engine) -> Iterator[Session]:
    """Une session dans sa transaction d'écriture : validée à la sortie, annulée sur une exception."""
    with Session(moteur.execution_options(ecriture=True), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def lire(moteur: Engine) -> Iterator[Session]:
    """Une session de lecture, qui voit un instant de la base du début à la fin (SQLite)."""
    with Session(moteur, expire_on_commit=False) as session:
        yield session
