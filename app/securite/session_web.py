"""Les sessions, tenues par le serveur.

Connectée : le cookie ne porte qu'un jeton de 256 bits tiré au sort ; la base n'en garde que l'empreinte.
Anonyme : le peu qu'il faut (le jeton de formulaire de la page de connexion) tient, signé, dans le cookie,
pour qu'un visiteur ne puisse pas remplir la base. La connexion tire toujours un nouveau jeton.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, Request, Response
from flask import session as session_flask
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from app.base import db, ecriture
from app.models import Appareil, SessionWeb, Utilisateur

_MARQUE_ANONYME = "a."
# En deçà, revenir n'écrit rien : lire dix pages ne fait pas dix écritures.
_PAS_DE_VUE = dt.timedelta(minutes=2)


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
        self.base_indisponible = False
        self.appareil_revoque = False
        super().__init__(donnees, on_update=_noter_changement)


def _noter_changement(session: CallbackDict[str, Any]) -> None:
    session.modified = True  # type: ignore[attr-defined]  # toujours une Session, voir plus haut


class SessionServeur(SessionInterface):
    """Branche les sessions du serveur sur Flask."""

    def open_session(self, app: Flask, request: Request) -> Session:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if not cookie:
            return Session({})
        if cookie.startswith(_MARQUE_ANONYME):
            return Session(_lire_anonyme(app, cookie.removeprefix(_MARQUE_ANONYME)))
        try:
            return _retrouver(app, cookie)
        except SQLAlchemyError:
            # La vue qui dit l'état du service doit pouvoir répondre même sans base.
            db.session.rollback()
            session = Session({})
            session.base_indisponible = True
            return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, Session) or not (session.modified or session.neuve):
            return
        if session.compte is None:
            self._garder_anonyme(app, session, response)
            return
        if session.modified and not session.neuve:
            _garder_donnees(session)
        if session.neuve and session.jeton:
            self._poser(app, response, session.jeton, duree(app, session.compte.appareil_id))

    def _garder_anonyme(self, app: Flask, session: Session, response: Response) -> None:
        if session:
            self._poser(app, response, _MARQUE_ANONYME + _signature(app).dumps(dict(session)), None)
        else:
            response.delete_cookie(self.get_cookie_name(app), path="/", secure=True, httponly=True)

    def _poser(self, app: Flask, response: Response, valeur: str, vie: dt.timedelta | None) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            valeur,
            max_age=vie,
            secure=True,
            httponly=True,
            samesite=self.get_cookie_samesite(app),
            path="/",
        )


def session_courante() -> Session:
    """La session de la requête, avec ce que Flask ne connaît pas d'elle."""
    return cast(Session, session_flask)


def connecter(app: Flask, session: Session, utilisateur: Utilisateur, appareil_id: str | None) -> None:
    """Ouvre une session neuve pour cette personne ; l'ancien jeton ne vaut plus rien."""
    maintenant = _maintenant()
    jeton = secrets.token_urlsafe(32)
    with ecriture() as base:
        base.execute(delete(SessionWeb).where(SessionWeb.expire_le < maintenant))
        if session.jeton:
            base.execute(delete(SessionWeb).where(SessionWeb.id == empreinte(session.jeton)))
        base.execute(
            insert(SessionWeb).values(
                structure_id=utilisateur.structure_id,
                id=empreinte(jeton),
                utilisateur_id=utilisateur.id,
                appareil_id=appareil_id,
                donnees={},
                cree_le=maintenant,
                vue_le=maintenant,
                expire_le=maintenant + inactivite(app, appareil_id),
            )
        )
        base.execute(
            update(Utilisateur)
            .where(Utilisateur.structure_id == utilisateur.structure_id, Utilisateur.id == utilisateur.id)
            .values(connecte_le=maintenant)
        )
    session.clear()
    session.jeton, session.neuve = jeton, True
    session.compte = _compte(utilisateur, appareil_id)


def attacher_appareil(app: Flask, session: Session, appareil_id: str) -> None:
    """La session devient celle d'un appareil enrôlé, avec un jeton neuf puisque ses droits changent."""
    if session.compte is None or session.jeton is None:
        raise ValueError("aucune session à attacher")
    jeton = secrets.token_urlsafe(32)
    maintenant = _maintenant()
    with ecriture() as base:
        base.execute(
            update(SessionWeb)
            .where(SessionWeb.id == empreinte(session.jeton))
            .values(
                id=empreinte(jeton),
                appareil_id=appareil_id,
                vue_le=maintenant,
                expire_le=maintenant + inactivite(app, appareil_id),
            )
        )
    session.jeton, session.neuve = jeton, True
    session.compte = Compte(**{**session.compte.__dict__, "appareil_id": appareil_id})


def deconnecter(session: Session) -> None:
    """Ferme la session : sa ligne disparaît, son cookie aussi."""
    if session.jeton:
        with ecriture() as base:
            base.execute(delete(SessionWeb).where(SessionWeb.id == empreinte(session.jeton)))
    session.clear()
    session.jeton, session.compte, session.modified = None, None, True


def fermer_toutes(base: Any, structure_id: str, utilisateur_id: str) -> None:
    """Ferme toutes les sessions d'une personne (mot de passe changé, rôle changé, compte désactivé)."""
    base.execute(
        delete(SessionWeb).where(SessionWeb.structure_id == structure_id, SessionWeb.utilisateur_id == utilisateur_id)
    )


def empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def duree(app: Flask, appareil_id: str | None) -> dt.timedelta:
    valeur: dt.timedelta = app.config["SESSION_DUREE_APPAREIL" if appareil_id else "SESSION_DUREE"]
    return valeur


def inactivite(app: Flask, appareil_id: str | None) -> dt.timedelta:
    valeur: dt.timedelta = app.config["SESSION_INACTIVITE_APPAREIL" if appareil_id else "SESSION_INACTIVITE"]
    return valeur


def _retrouver(app: Flask, jeton: str) -> Session:
    ligne = db.session.execute(
        select(SessionWeb, Utilisateur, Appareil)
        .join(
            Utilisateur,
            (Utilisateur.structure_id == SessionWeb.structure_id) & (Utilisateur.id == SessionWeb.utilisateur_id),
        )
        .outerjoin(
            Appareil, (Appareil.structure_id == SessionWeb.structure_id) & (Appareil.id == SessionWeb.appareil_id)
        )
        .where(SessionWeb.id == empreinte(jeton), Utilisateur.actif)
    ).one_or_none()
    maintenant = _maintenant()
    if ligne is None:
        return _perdue()
    web, utilisateur, appareil = ligne
    if web.expire_le <= maintenant or web.cree_le + duree(app, web.appareil_id) <= maintenant:
        return _perdue()
    if appareil is not None and appareil.revoque_le is not None:
        session = _perdue()
        session.appareil_revoque = True
        return session
    session = Session(dict(web.donnees or {}), jeton, _compte(utilisateur, web.appareil_id))
    if maintenant - web.vue_le > _PAS_DE_VUE:
        _prolonger(app, web, maintenant)
    return session


def _perdue() -> Session:
    """Le cookie ne vaut plus rien : il sera effacé avec la réponse."""
    session = Session({})
    session.modified = True
    return session


def _prolonger(app: Flask, web: SessionWeb, maintenant: dt.datetime) -> None:
    limite = min(maintenant + inactivite(app, web.appareil_id), web.cree_le + duree(app, web.appareil_id))
    with ecriture() as base:
        base.execute(update(SessionWeb).where(SessionWeb.id == web.id).values(vue_le=maintenant, expire_le=limite))


def _garder_donnees(session: Session) -> None:
    if session.jeton is None:
        return
    with ecriture() as base:
        base.execute(update(SessionWeb).where(SessionWeb.id == empreinte(session.jeton)).values(donnees=dict(session)))


def _compte(utilisateur: Utilisateur, appareil_id: str | None) -> Compte:
    return Compte(
        structure_id=utilisateur.structure_id,
        utilisateur_id=utilisateur.id,
        prenom=utilisateur.prenom,
        nom=utilisateur.nom,
        courriel=utilisateur.courriel,
        role=utilisateur.role,
        appareil_id=appareil_id,
    )


def _signature(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.secret_key or "", salt="jalon-session-anonyme")


def _lire_anonyme(app: Flask, valeur: str) -> dict[str, Any]:
    limite = int(app.config["SESSION_DUREE"].total_seconds())
    try:
        contenu = _signature(app).loads(valeur, max_age=limite)
    except BadSignature:
        return {}
    return dict(contenu) if isinstance(contenu, dict) else {}


def _maintenant() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
