"""Une session : ses données, de qui elle est, combien elle vit."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask
from flask import session as session_flask
from flask.sessions import SessionMixin
from werkzeug.datastructures import CallbackDict

from app.models import Utilisateur


@dataclass(frozen=True)
class Compte:
    """La personne connectée, relue à chaque requête : un compte désactivé perd tout à la suivante."""

    structure_id: str
    utilisateur_id: str
    prenom: str
    nom: str
    courriel: str
    role: str
    appareil_id: str | None


class Session(CallbackDict[str, Any], SessionMixin):
    """Les données d'une session, et de qui elle est."""

    def __init__(self, donnees: dict[str, Any], jeton: str | None = None, compte: Compte | None = None) -> None:
        self.jeton = jeton
        self.compte = compte
        self.modified = False
        self.neuve = False
        # Quand le mot de passe a été donné : une session d'appareil vit des jours, et ne le redemande pas d'elle-même.
        self.ouverte_le: dt.datetime | None = None
        # Elle sert : l'instant à noter, et jusqu'où elle vaudra. None, c'est noté depuis peu.
        self.a_prolonger: tuple[dt.datetime, dt.datetime] | None = None
        self.base_indisponible = False
        self.appareil_revoque = False
        super().__init__(donnees, on_update=_noter_changement)


def _noter_changement(session: CallbackDict[str, Any]) -> None:
    session.modified = True  # type: ignore[attr-defined]  # toujours une Session, voir plus haut


def session_courante() -> Session:
    """La session de la requête, avec ce que Flask ne connaît pas d'elle."""
    return cast(Session, session_flask)


def compte_de(utilisateur: Utilisateur, appareil_id: str | None) -> Compte:
    return Compte(
        structure_id=utilisateur.structure_id,
        utilisateur_id=utilisateur.id,
        prenom=utilisateur.prenom,
        nom=utilisateur.nom,
        courriel=utilisateur.courriel,
        role=utilisateur.role,
        appareil_id=appareil_id,
    )


def empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def duree(app: Flask, appareil_id: str | None) -> dt.timedelta:
    valeur: dt.timedelta = app.config["SESSION_DUREE_APPAREIL" if appareil_id else "SESSION_DUREE"]
    return valeur


def inactivite(app: Flask, appareil_id: str | None) -> dt.timedelta:
    valeur: dt.timedelta = app.config["SESSION_INACTIVITE_APPAREIL" if appareil_id else "SESSION_INACTIVITE"]
    return valeur
