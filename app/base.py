"""La base de données de l'application : l'extension Flask-SQLAlchemy branchée sur les modèles.

Lire : `db.session`. Écrire : `with ecriture() as session:`, toujours (voir `app/moteur.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.migrations import migrer
from app.models import Base
from app.moteur import brancher, ecrire, lire, normaliser_adresse, ouvrir_moteur

__all__ = ["BaseDeDonnees", "db", "ecrire", "ecriture", "lire", "migrer", "ouvrir_moteur"]


class BaseDeDonnees(SQLAlchemy):
    """Flask-SQLAlchemy, avec l'adresse lue dans DATABASE_URL et les transactions du projet."""

    def init_app(self, app: Flask) -> None:
        if "DATABASE_URL" in app.config:
            app.config.setdefault("SQLALCHEMY_DATABASE_URI", normaliser_adresse(app.config["DATABASE_URL"]))
        super().init_app(app)

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return brancher(super()._make_engine(bind_key, options, app))


db = BaseDeDonnees(metadata=Base.metadata)


@contextmanager
def ecriture() -> Iterator[Session]:
    """La transaction d'écriture d'une requête, validée à la sortie du bloc.

    `db.session` repart ensuite d'une lecture neuve : ce qui vient d'être écrit s'y voit.
    """
    # Sa lecture ouverte montrerait l'état d'avant l'écriture jusqu'à la fin de la requête.
    db.session.rollback()
    with ecrire(db.engine) as session:
        yield session
