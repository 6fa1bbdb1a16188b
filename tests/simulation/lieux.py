"""Où vit la base d'une histoire : un fichier SQLite recopié, ou une base PostgreSQL vidée."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.bases import Postgresql, postgresql_jetable, sqlite_vierge


class Lieu(Protocol):
    def neuve(self, dossier: Path) -> str:
        """L'adresse d'une base migrée et vide."""


@dataclass(frozen=True)
class LieuSqlite:
    modele: Path

    def neuve(self, dossier: Path) -> str:
        return f"sqlite:///{shutil.copy(self.modele, dossier / 'jalon.sqlite')}"


@dataclass(frozen=True)
class LieuPostgresql:
    serveur: Postgresql

    def neuve(self, dossier: Path) -> str:
        return self.serveur.vider()


@contextmanager
def lieu(base: str, dossier: Path) -> Iterator[Lieu]:
    """`base` : « sqlite » ou « postgresql », le second démarré pour l'occasion."""
    if base == "sqlite":
        yield LieuSqlite(sqlite_vierge(dossier))
        return
    with postgresql_jetable() as serveur:
        yield LieuPostgresql(serveur)
