"""La base de données de l'application : l'extension Flask-SQLAlchemy branchée sur les modèles.

Lire : `db.session`. Écrire : `with ecriture() as session:`, toujours (voir `app/moteur.py`). Ce que l'une et l'autre
voient tient à la cloison de la requête, que `cloisonner` pose dès que la structure est connue (voir `app/cloison.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.cloison import CLOISON, Cloison, changer
from app.migrations import migrer
from app.models import Base
from app.moteur import brancher, ecrire, lire, normaliser_adresse, ouvrir_moteur

__all__ = ["BaseDeDonnees", "cloisonner", "db", "ecrire", "ecriture", "lire", "migrer", "ouvrir_moteur"]


class BaseDeDonnees(SQLAlchemy):
    """Flask-SQLAlchemy, avec l'adresse lue dans DATABASE_URL et les transactions du projet."""

    def init_app(self, app: Flask) -> None:
        if "DATABASE_URL" in app.config:
            app.config.setdefault("SQLALCHEMY_DATABASE_URI", normaliser_adresse(app.config["DATABASE_URL"]))
        # Un serveur redémarré coupe ses connexions : on le voit avant de s'en servir.
        if app.config.get("SQLALCHEMY_DATABASE_URI", "").startswith("postgresql"):
            app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
        super().init_app(app)

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return brancher(super()._make_engine(bind_key, options, app))


db = BaseDeDonnees(metadata=Base.metadata)


def cloisonner(pour: Cloison | str) -> None:
    """La suite de la requête se passe derrière cette cloison (une structure, le plus souvent)."""
    changer(db.session(), pour)


@contextmanager
def ecriture(pour: Cloison | str | None = None) -> Iterator[Session]:
    """La transaction d'écriture d'une requête, validée à la sortie du bloc ; sa cloison est celle de la requête.

    `db.session` repart ensuite d'une lecture neuve : ce qui vient d'être écrit s'y voit.
    """
    # Sa lecture ouverte montrerait l'état d'avant l'écriture jusqu'à la fin de la requête.
    db.session.rollback()
    with ecrire(db.engine, pour or db.session().info.get(CLOISON)) as session:
        yield session
