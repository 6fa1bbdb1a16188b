"""Les bases des essais : une base neuve par essai, sur SQLite et sur PostgreSQL, et de quoi la regarder de l'extérieur.

L'application se connecte à PostgreSQL sous un rôle ordinaire, derrière ses cloisons. Un essai prépare et vérifie par
`ecrire` et `lire` d'ici : le superutilisateur, qui voit toutes les structures. Sur SQLite, c'est la même chose.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.orm import Session

from app import moteur as application
from app.migrations import migrer
from app.models import Base

RACINE = Path(__file__).resolve().parents[1]
BASES = ("sqlite", "postgresql")
ROLE = "jalon"
# Héritée par les processus qu'un essai lance : eux aussi peuvent préparer et vérifier.
VARIABLE = "JALON_ESSAIS_TEMOIN"


# Les tables et les cloisons d'une base : ce qu'un essai peut abîmer, et que vider ne rend pas.
FORME = """
    SELECT relname, relforcerowsecurity, polname, obj_description(p.oid, 'pg_policy')
    FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') ORDER BY 1, 3
"""

VIDER = "; ".join(
    (
        "SET LOCAL session_replication_role = replica",
        "SET LOCAL lock_timeout = '10s'",
        *(f"DELETE FROM {table.name}" for table in Base.metadata.sorted_tables),  # noqa: S608  # nos tables
    )
)


class Postgresql:
    """Le serveur des essais et ses bases, qui appartiennent toutes au rôle de l'application."""

    def __init__(self, adresse: str) -> None:
        self.adresse = adresse
        self.nombre = 0
        self.administrer(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}'")
        self.recyclee = self.migree()

    def administrer(self, ordre: str) -> None:
        moteur = create_engine(
            application.normaliser_adresse(self.adresse), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with moteur.connect() as connexion:
            connexion.exec_driver_sql(ordre)

    def creer(self) -> str:
        """Une base vide ; rend l'adresse que l'application reçoit."""
        self.nombre += 1
        self.administrer(f"CREATE DATABASE essai_{self.nombre} OWNER {ROLE}")
        serveur = self.adresse.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{ROLE}:{ROLE}@{serveur}/essai_{self.nombre}"

    def migree(self) -> str:
        adresse = self.creer()
        moteur = application.ouvrir_moteur(adresse)
        migrer(moteur)
        moteur.dispose()
        with _temoin(adresse_du_temoin(adresse)).connect() as connexion:
            self.forme = connexion.exec_driver_sql(FORME).all()
        return adresse

    def vider(self) -> str:
        """La base migrée, vidée par le témoin : bien plus rapide que d'en créer une."""
        with _temoin(adresse_du_temoin(self.recyclee)).begin() as connexion:
            if connexion.exec_driver_sql(FORME).all() == self.forme:
                # Tout s'en va : rien à vérifier entre les tables. Une connexion oubliée par un essai se dit aussitôt.
                connexion.exec_driver_sql(VIDER)
                return self.recyclee
        # Un essai en a changé les tables ou les cloisons : le suivant n'en hérite pas.
        self.recyclee = self.migree()
        return self.recyclee


@contextmanager
def postgresql_jetable() -> Iterator[Postgresql]:
    """Démarre le serveur des essais ; il s'arrête avec eux, même s'ils sont tués (son entrée se ferme)."""
    gardien = subprocess.Popen(
        [sys.executable, "-m", "tools.postgresql"],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert gardien.stdin is not None
    assert gardien.stdout is not None
    try:
        adresse = gardien.stdout.readline().strip()
        assert adresse, "PostgreSQL n'a pas démarré : sa raison est écrite plus haut"
        os.environ[VARIABLE] = adresse
        yield Postgresql(adresse)
    finally:
        congedier_les_temoins()
        os.environ.pop(VARIABLE, None)
        gardien.stdin.close()
        gardien.wait(timeout=30)
        gardien.stdout.close()


def adresse_du_temoin(adresse: str) -> str:
    """La même base, vue du superutilisateur."""
    serveur = os.environ[VARIABLE].rpartition("/")[0]
    return application.normaliser_adresse(f"{serveur}/{adresse.rpartition('/')[2]}")


def temoin(moteur: Engine) -> Engine:
    """Un moteur qui voit tout, sur la base de celui-ci."""
    if moteur.dialect.name == "sqlite":
        return moteur
    return _temoin(adresse_du_temoin(str(moteur.url.database)))


_TEMOINS: dict[str, Engine] = {}


def _temoin(adresse: str) -> Engine:
    if adresse not in _TEMOINS:
        _TEMOINS[adresse] = create_engine(adresse, pool_pre_ping=True)
    return _TEMOINS[adresse]


def congedier_les_temoins() -> None:
    """Ferme leurs connexions, pour ce qui veut être seul sur la base."""
    for moteur in _TEMOINS.values():
        moteur.dispose()
    _TEMOINS.clear()


@contextmanager
def lire(moteur: Engine) -> Iterator[Session]:
    with application.lire(temoin(moteur)) as session:
        yield session


@contextmanager
def ecrire(moteur: Engine) -> Iterator[Session]:
    with application.ecrire(temoin(moteur)) as session:
        yield session


def sqlite_vierge(dossier: Path) -> Path:
    """Un fichier SQLite migré, à recopier."""
    fichier = dossier / "vierge.sqlite"
    moteur = application.ouvrir_moteur(f"sqlite:///{fichier}")
    migrer(moteur)
    moteur.dispose()
    return fichier


def copier_sqlite(vierge: Path, dossier: Path) -> str:
    return f"sqlite:///{shutil.copy(vierge, dossier / 'jalon.sqlite')}"
