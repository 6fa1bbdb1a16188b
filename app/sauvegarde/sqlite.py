"""La copie en ligne d'une base SQLite : les écritures continuent, la copie est d'un instant."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.moteur import ATTENTE_VERROU_MS
from app.sauvegarde import SauvegardeImpossible


def copier(source: Path, cible: Path) -> None:
    """Copie `source` dans `cible`, qui est écrasée d'un seul tenant : entière, ou telle qu'avant."""
    try:
        with closing(_ouvrir(source)) as lue, closing(_ouvrir(cible)) as ecrite:
            # D'un seul pas : la lecture ne quitte pas l'instant où elle a commencé, quoi qu'on écrive pendant ce temps.
            lue.backup(ecrite)
    except sqlite3.Error as erreur:
        raise SauvegardeImpossible(f"{source} n'a pas pu être copiée dans {cible} ({erreur}).") from None


def photographier(source: Path, cible: Path) -> None:
    """Une copie neuve, en un seul fichier, lisible de son seul propriétaire."""
    os.close(os.open(cible, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    copier(source, cible)
    with closing(_ouvrir(cible)) as ecrite:
        ecrite.execute("PRAGMA journal_mode = DELETE")


def dater(fichier: Path, instant: dt.datetime) -> None:
    """Une sauvegarde sait jusqu'où elle va. Une base d'avant cette colonne ne le dit pas."""
    with closing(_ouvrir(fichier)) as base:
        colonnes = {ligne[1] for ligne in base.execute("PRAGMA table_info(structure)")}
        if "sauvegarde_le" in colonnes:
            # La forme que SQLAlchemy donne à un instant.
            ecrit = instant.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            base.execute("UPDATE structure SET sauvegarde_le = ?", (ecrit,))


def verifier(fichier: Path) -> None:
    """Lève `SauvegardeImpossible` si le fichier n'est pas une base de Jalon entière."""
    try:
        with closing(_ouvrir(fichier)) as base:
            (etat,) = base.execute("PRAGMA integrity_check").fetchone()
            orphelines = base.execute("PRAGMA foreign_key_check").fetchall()
            base.execute("SELECT count(*) FROM structure, alembic_version").fetchone()
    except sqlite3.DatabaseError as erreur:
        raise SauvegardeImpossible(f"{fichier} n'est pas une base de Jalon lisible ({erreur}).") from None
    if etat != "ok" or orphelines:
        raise SauvegardeImpossible(f"{fichier} est abîmée : {etat if etat != 'ok' else 'des lignes sont orphelines'}.")


def affermir(fichier: Path) -> None:
    """Sur le disque pour de bon, le nom comme le contenu."""
    for chemin in (fichier, fichier.parent):
        descripteur = os.open(chemin, os.O_RDONLY)
        try:
            os.fsync(descripteur)
        finally:
            os.close(descripteur)


def _ouvrir(fichier: Path) -> sqlite3.Connection:
    if not fichier.exists():
        raise SauvegardeImpossible(f"{fichier} n'existe pas.")
    base = sqlite3.connect(fichier, isolation_level=None)
    base.execute(f"PRAGMA busy_timeout = {ATTENTE_VERROU_MS}")
    return base
