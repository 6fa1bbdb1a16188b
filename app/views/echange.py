"""L'échange des appareils : `POST /sync` et le dépôt d'enveloppes scellées. Tout le travail est dans `sync/`."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import OperationalError

from app.base import db
from app.config import secrets_de_signature
from app.securite.erreurs import reponse_erreur
from app.securite.permissions import permission, peut, publique
from app.securite.portier import compte, compte_ou_rien, type_de_media
from app.securite.preuve import appareil_annonce, poser_appareil, poser_preuve
from sync import appareil as appareils
from sync import depot
from sync import echange as protocole
from sync.acteur import Acteur
from sync.codec import compresser, decompresser
from sync.erreur import Erreur

echange = Blueprint("echange", __name__)


@echange.post("/sync")
@permission("echange")
@type_de_media(protocole.MEDIA)
def echanger() -> Response:
    qui = acteur()
    demande = protocole.lire_demande(_corps())
    corps = protocole.echanger(db.engine, qui, demande, secrets_de_signature(current_app.config)[0])
    reponse = _repondre(corps, protocole.MEDIA)
    # Seul un coffre ouvert échange ainsi : l'échange vaut preuve, et ravive le cookie de l'appareil.
    poser_preuve(reponse, qui.utilisateur_id, demande.appareil)
    if appareil_annonce(request) != (qui.structure_id, demande.appareil):
        poser_appareil(reponse, qui.structure_id, demande.appareil)
    return reponse


@echange.post("/sync/scelles")
@publique
@type_de_media(depot.MEDIA)
def deposer() -> Response:
    """Ouverte à qui n'a plus de session : c'est le secret de dépôt de l'appareil qui autorise."""
    qui = _deposant()
    if qui is None:
        return reponse_erreur(401)
    recu = depot.lire_depot(_corps())
    return _repondre(depot.deposer(db.engine, qui, recu, secrets_de_signature(current_app.config)), depot.MEDIA)


@echange.errorhandler(Erreur)
def refuser(erreur: Erreur) -> Response:
    entetes = {"Retry_After": str(erreur.attendre)} if erreur.attendre else {}
    return reponse_erreur(erreur.http, code=erreur.code, texte=erreur.message, **entetes)


def acteur(origine: str = "echange") -> Acteur:
    """Qui agit, selon la session et elle seule."""
    qui = compte()
    maintenant = dt.datetime.now(dt.UTC)
    return Acteur(qui.structure_id, qui.utilisateur_id, qui.role, qui.appareil_id, maintenant, origine)


def _deposant() -> Acteur | None:
    autorisation = request.headers.get("Authorization")
    if autorisation:
        try:
            return appareils.deposant(db.session(), autorisation, dt.datetime.now(dt.UTC))
        except OperationalError:
            raise Erreur("indisponible", "Le serveur est occupé. Rien n'est perdu.", 503, 5) from None
    present = compte_ou_rien()
    return acteur("scelle") if present is not None and peut(present.role, "deposer") else None


def _corps() -> bytes:
    return decompresser(request.get_data(cache=False), request.headers.get("Content-Encoding"))


def _repondre(corps: bytes, media: str) -> Response:
    compresse, codage = compresser(corps, request.headers.get("Accept-Encoding"))
    reponse = Response(compresse, content_type=media)
    if codage:
        reponse.headers["Content-Encoding"] = codage
    reponse.vary.add("Accept-Encoding")
    return reponse
