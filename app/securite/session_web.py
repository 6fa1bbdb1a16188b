"""Les sessions, tenues par le serveur.

Connectée : le cookie ne porte qu'un jeton de 256 bits tiré au sort ; la base n'en garde que l'empreinte.
Anonyme : le peu qu'il faut (le jeton de formulaire de la page de connexion) tient, signé, dans le cookie,
pour qu'un visiteur ne puisse pas remplir la base.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session as SessionDeBase

from app.base import cloisonner, db, ecriture
from app.cloison import Cloison
from app.config import secrets_de_signature
from app.instruction import Instruction
from app.models import Appareil, SessionWeb, Utilisateur
from app.models.colonnes import InstantUTC
from app.securite.session import Compte, Session, duree, empreinte, inactivite
from sync.echange import MEDIA

_MARQUE_ANONYME = "a."
# En deçà, revenir n'écrit rien : lire dix pages ne fait pas dix écritures.
_PAS_DE_VUE = dt.timedelta(minutes=2)


class SessionServeur(SessionInterface):
    """Branche les sessions du serveur sur Flask."""

    def open_session(self, app: Flask, request: Request) -> Session:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if not cookie:
            return Session({})
        if cookie.startswith(_MARQUE_ANONYME):
            return Session(_lire_anonyme(app, cookie.removeprefix(_MARQUE_ANONYME)))
        try:
            session = _retrouver(app, cookie)
        except SQLAlchemyError:
            # La vue qui dit l'état du service doit pouvoir répondre même sans base.
            db.session.rollback()
            session = Session({})
            session.base_indisponible = True
            return session
        # L'échange a sa propre écriture, qui note aussi celle-ci : une attente du disque au lieu de deux.
        if session.a_prolonger and request.mimetype != MEDIA:
            _prolonger_seule(session)
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, Session) or not (session.modified or session.neuve):
            return
        if session.compte is None:
            self._garder_anonyme(app, session, response)
            return
        # Une session neuve est déjà en base, vide : il n'y a à écrire que ce qu'on vient d'y mettre.
        if session.modified and (session or not session.neuve):
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


_UTILISATEUR = (
    Utilisateur.structure_id,
    Utilisateur.id,
    Utilisateur.prenom,
    Utilisateur.nom,
    Utilisateur.courriel,
    Utilisateur.role,
)
_SESSION = Instruction(
    lambda _: (
        select(
            SessionWeb.appareil_id,
            SessionWeb.donnees,
            SessionWeb.cree_le,
            SessionWeb.vue_le,
            SessionWeb.expire_le,
            Appareil.revoque_le,
            *_UTILISATEUR,
        )
        .join(
            Utilisateur,
            (Utilisateur.structure_id == SessionWeb.structure_id) & (Utilisateur.id == SessionWeb.utilisateur_id),
        )
        .outerjoin(
            Appareil, (Appareil.structure_id == SessionWeb.structure_id) & (Appareil.id == SessionWeb.appareil_id)
        )
        .where(
            SessionWeb.structure_id == bindparam("structure"), SessionWeb.id == bindparam("jeton"), Utilisateur.actif
        )
    )
)
_STRUCTURE = Instruction(lambda _: select(SessionWeb.structure_id).where(SessionWeb.id == bindparam("jeton")))

_PROLONGER = Instruction(
    lambda _: (
        update(SessionWeb)
        .where(SessionWeb.structure_id == bindparam("structure"), SessionWeb.id == bindparam("jeton"))
        .values(vue_le=bindparam("vue", type_=InstantUTC()), expire_le=bindparam("limite", type_=InstantUTC()))
    )
)


def _retrouver(app: Flask, jeton: str) -> Session:
    presentee = empreinte(jeton)
    # Le jeton n'ouvre que sa session ; elle dit la structure, où se lit le reste.
    cloisonner(Cloison(session=presentee))
    connue = _STRUCTURE.une(db.session(), jeton=presentee)
    if connue is None:
        return _perdue()
    cloisonner(Cloison(connue[0], session=presentee))
    trouvee = _SESSION.une(db.session(), structure=connue[0], jeton=presentee)
    if trouvee is None:
        return _perdue()
    appareil_id, donnees, cree_le, vue_le, expire_le, revoque_le, *personne = trouvee
    structure_id, utilisateur_id, prenom, nom, courriel, role = personne
    maintenant = _maintenant()
    limite = duree(app, appareil_id)
    # Ouverte plus loin dans l'avenir que ce qu'elle dure, c'est que l'horloge du serveur était folle : elle vaudrait
    # d'autant plus longtemps.
    if expire_le <= maintenant or not cree_le - limite <= maintenant < cree_le + limite:
        return _perdue()
    if revoque_le is not None:
        session = _perdue()
        session.appareil_revoque = True
        return session
    session = Session(
        dict(donnees or {}), jeton, Compte(structure_id, utilisateur_id, prenom, nom, courriel, role, appareil_id)
    )
    session.ouverte_le = cree_le
    if maintenant - vue_le > _PAS_DE_VUE:
        session.a_prolonger = maintenant, min(maintenant + inactivite(app, appareil_id), cree_le + limite)
    return session


def _perdue() -> Session:
    """Le cookie ne vaut plus rien, et reste : l'effacer emporterait celui qu'une connexion pose au même instant."""
    return Session({})


def prolonger(base: SessionDeBase, session: Session) -> None:
    """Note, dans l'écriture en cours, que cette session sert, s'il en est temps."""
    if session.a_prolonger is None or session.jeton is None or session.compte is None:
        return
    vue, limite = session.a_prolonger
    cle = {"structure": session.compte.structure_id, "jeton": empreinte(session.jeton)}
    _PROLONGER.executer(base, [{**cle, "vue": vue, "limite": limite}])


def _prolonger_seule(session: Session) -> None:
    try:
        with ecriture() as base:
            prolonger(base, session)
    except OperationalError:
        # Le disque est plein, ou la base occupée : on lit encore ; la session reste comptée d'avant.
        db.session.rollback()


def _garder_donnees(session: Session) -> None:
    if session.jeton is None:
        return
    with ecriture() as base:
        base.execute(update(SessionWeb).where(SessionWeb.id == empreinte(session.jeton)).values(donnees=dict(session)))


def _signature(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secrets_de_signature(app.config)[::-1], salt="jalon-session-anonyme")


def _lire_anonyme(app: Flask, valeur: str) -> dict[str, Any]:
    limite = int(app.config["SESSION_DUREE"].total_seconds())
    try:
        contenu = _signature(app).loads(valeur, max_age=limite)
    except BadSignature:
        return {}
    return dict(contenu) if isinstance(contenu, dict) else {}


def _maintenant() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
