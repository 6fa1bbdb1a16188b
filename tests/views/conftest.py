"""Une application montée sur une base neuve, avec deux structures et un compte par rôle dans chacune."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask, has_request_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.base import db
from app.cloison import CLOISON, EXPLOITATION
from app.config import configuration
from app.models import Structure, Utilisateur
from app.securite import mot_de_passe
from app.securite.permissions import ROLES
from tests.bases import ecrire
from tests.views.carte import application_montee

MOT_DE_PASSE = "gravier tasse nuage 42"
ADRESSE = "https://localhost"
VRAI_HACHEUR = mot_de_passe._hacheur


@dataclass
class Equipe:
    """Une association d'essai : son identifiant et, par rôle, l'identifiant du compte."""

    structure_id: str
    comptes: dict[str, str] = field(default_factory=dict)

    def courriel(self, role: str) -> str:
        return f"{role}@{self.structure_id[-6:]}.exemple"


@pytest.fixture(autouse=True)
def hachage_rapide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 est lent exprès : seuls les essais qui portent sur lui le paient (`vrai_hachage`)."""
    monkeypatch.setattr(mot_de_passe, "_hacheur", PasswordHasher(1, 8, 1))
    mot_de_passe._empreinte_de_personne.cache_clear()
    yield
    mot_de_passe._empreinte_de_personne.cache_clear()


@pytest.fixture
def vrai_hachage(monkeypatch: pytest.MonkeyPatch, hachage_rapide: None) -> None:
    monkeypatch.setattr(mot_de_passe, "_hacheur", VRAI_HACHEUR)
    mot_de_passe._empreinte_de_personne.cache_clear()


@pytest.fixture
def empreinte(hachage_rapide: None) -> str:
    return mot_de_passe.hacher(MOT_DE_PASSE)


@pytest.fixture(scope="session")
def gabarits_traduits(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Chaque essai monte son application ; traduire pour chacune tous les gabarits prenait la moitié du temps."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("gabarits")))


@pytest.fixture
def app(tmp_path: Path, adresse: str, gabarits_traduits: FileSystemBytecodeCache) -> Iterator[Flask]:
    config = configuration({"DATABASE_URL": adresse}, instance=tmp_path / "instance")
    with application_montee({**config, "TESTING": True, "PROPAGATE_EXCEPTIONS": False}) as application:
        application.jinja_env.bytecode_cache = gabarits_traduits
        # L'essai lui-même, hors de toute demande, regarde la base entière ; une demande reste derrière sa cloison.
        event.listen(Session, "after_begin", _ouvrir_a_l_essai, insert=True)
        yield application
        event.remove(Session, "after_begin", _ouvrir_a_l_essai)
        with application.app_context():
            db.engine.dispose()


def _ouvrir_a_l_essai(session: Session, *_: object) -> None:
    if not has_request_context():
        session.info[CLOISON] = session.info.get(CLOISON) or EXPLOITATION


@pytest.fixture
def equipes(app: Flask, empreinte: str) -> tuple[Equipe, Equipe]:
    with app.app_context(), ecrire(db.engine) as session:
        return une_equipe(session, empreinte, "Les Bornes"), une_equipe(session, empreinte, "La Halte")


@pytest.fixture
def equipes_hachees(app: Flask, vrai_hachage: None) -> tuple[Equipe, Equipe]:
    """Les mêmes, leur mot de passe haché comme en service."""
    vraie = mot_de_passe.hacher(MOT_DE_PASSE)
    with app.app_context(), ecrire(db.engine) as session:
        return une_equipe(session, vraie, "Les Bornes"), une_equipe(session, vraie, "La Halte")


def une_equipe(session: Session, empreinte: str, nom: str) -> Equipe:
    maintenant = dt.datetime.now(dt.UTC)
    equipe = Equipe(str(uuid7()))
    session.add(Structure(id=equipe.structure_id, nom=nom, sequence=0, generation=str(uuid7()), cree_le=maintenant))
    session.flush()
    for role in ROLES:
        equipe.comptes[role] = str(uuid7())
        session.add(
            Utilisateur(
                structure_id=equipe.structure_id,
                id=equipe.comptes[role],
                nom=f"Fictive-{role[:4]}",
                prenom="Camille",
                courriel=equipe.courriel(role),
                mot_de_passe=empreinte,
                role=role,
                cree_le=maintenant,
            )
        )
    return equipe


class Navigateur:
    """Un client qui suit les règles d'un navigateur : jeton de formulaire, origine, https."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, chemin: str, **options: object):
        return self.client.get(chemin, base_url=ADRESSE, buffered=True, **options)

    def post(self, chemin: str, champs: dict[str, object] | None = None, **options: object):
        donnees = {"csrf_token": self.jeton(), **(champs or {})}
        return self.client.post(chemin, data=donnees, base_url=ADRESSE, headers=en_tetes(), **options)

    def jeton(self) -> str:
        reponse = self.get("/session/jeton")
        return reponse.json["jeton"] if reponse.status_code == 200 else jeton_de(self.get("/connexion").text)

    def entrer(self, courriel: str, mot_de_passe: str = MOT_DE_PASSE, **champs: object):
        return self.post("/connexion", {"courriel": courriel, "mot_de_passe": mot_de_passe, **champs})


def jeton_de(page: str) -> str:
    trouve = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert trouve, page[:400]
    return trouve.group(1)


def en_tetes() -> dict[str, str]:
    return {"Sec-Fetch-Site": "same-origin", "Origin": ADRESSE, "Referer": f"{ADRESSE}/"}


@pytest.fixture
def navigateur(app: Flask) -> Callable[[], Navigateur]:
    return lambda: Navigateur(app.test_client())


@pytest.fixture
def connecte(app: Flask, equipes: tuple[Equipe, Equipe]) -> Callable[..., Navigateur]:
    """Un navigateur déjà connecté sous un rôle, dans la première ou la seconde structure."""

    def ouvrir(role: str = "conseiller", structure: int = 0) -> Navigateur:
        nav = Navigateur(app.test_client())
        assert nav.entrer(equipes[structure].courriel(role)).status_code == 303
        return nav

    return ouvrir
