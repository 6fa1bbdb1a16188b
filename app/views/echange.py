"""L'échange des appareils : `POST /sync` et le dépôt d'enveloppes scellées. Tout le travail est dans `sync/`."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import msgspec
from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from app.affluence import Guichet
from app.annuaire.poche import poche
from app.base import db
from app.config import secrets_de_signature
from app.domain.annuaire import empreinte_dite
from app.models import Structure
from app.securite.erreurs import reponse_erreur
from app.securite.permissions import permission, peut, publique
from app.securite.portier import compte, compte_ou_rien, type_de_media
from app.securite.preuve import appareil_annonce, poser_appareil, poser_preuve, preuve_a_renouveler, preuve_valide
from app.securite.session import session_courante
from app.securite.session_web import prolonger
from sync import appareil as appareils
from sync import depot
from sync import echange as protocole
from sync.acteur import Acteur
from sync.codec import LIMITE_COMPRESSEE, compresser, decompresser, trop_volumineux
from sync.erreur import Erreur

echange = Blueprint("echange", __name__)

# Ce que l'on accepte de lire pour rien. Au-delà, la connexion est coupée. Qui n'a rien prouvé n'a droit qu'à la taille
# d'un envoi honnête : celui d'un téléphone dont la session a expiré doit encore finir, et lire pourquoi.
REBUT_MAX = 32 * 1024 * 1024
REBUT_INCONNU_MAX = LIMITE_COMPRESSEE


@echange.post("/sync")
@permission("echange")
@type_de_media(protocole.MEDIA)
def echanger() -> Response:
    demande = protocole.lire_demande(_corps())
    with _place():
        return _echanger(demande)


def _echanger(demande: protocole.Demande) -> Response:
    # L'heure se prend le corps lu : celui d'un réseau lent ne fait pas dater l'acquittement d'avant une sauvegarde.
    qui = acteur()
    secret = secrets_de_signature(current_app.config)[0]
    corps = protocole.echanger(db.engine, qui, demande, secret, aussi=lambda base: prolonger(base, session_courante()))
    reponse = _repondre(corps, protocole.MEDIA)
    # Seul un coffre ouvert échange ainsi : l'échange vaut preuve, et ravive le cookie de l'appareil.
    if not preuve_valide(request, qui.utilisateur_id, demande.appareil) or preuve_a_renouveler(request):
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
    with _place():
        return _repondre(depot.deposer(db.engine, qui, recu, secrets_de_signature(current_app.config)), depot.MEDIA)


@echange.post("/sync/annuaire")
@permission("echange")
@type_de_media(protocole.MEDIA)
def annuaire() -> Response:
    """L'annuaire entier : un téléphone ne le demande que si la référence lui en dit une autre empreinte."""
    with _place():
        qui = compte()
        empreinte = empreinte_dite(db.session.get_one(Structure, qui.structure_id).annuaire)
        emporte = poche(db.session(), qui.structure_id, empreinte)
        return _repondre(msgspec.json.encode({"annuaire": emporte}), protocole.MEDIA)


@echange.record
def ouvrir_le_guichet(etat: BlueprintSetupState) -> None:
    etat.app.extensions["guichet"] = Guichet()


@contextmanager
def _place() -> Iterator[None]:
    """Une place au guichet, le corps une fois lu : un réseau lent n'en occupe pas. Lève `Erreur` 503."""
    guichet: Guichet = current_app.extensions["guichet"]
    # La session est lue : qui attend ne garde pas de connexion à la base.
    db.session.close()
    attendre = guichet.entrer()
    if attendre is not None:
        raise Erreur(
            "affluence",
            "Beaucoup d’appareils envoient en même temps. Rien n’est perdu : le vôtre recommencera.",
            503,
            attendre,
        )
    debut = time.monotonic()
    try:
        yield
    finally:
        guichet.sortir(time.monotonic() - debut)


@echange.after_request
def jeter_le_reste(reponse: Response) -> Response:
    """Refuser avant d'avoir tout lu coupe l'envoi : l'appareil y lit « connexion perdue » et recommence sans fin."""
    request.max_content_length = REBUT_MAX if _est_reconnu() else REBUT_INCONNU_MAX
    try:
        while request.stream.read(64 * 1024):
            pass
    except (RequestEntityTooLarge, ClientDisconnected):
        reponse.headers["Connection"] = "close"
    return reponse


@echange.errorhandler(Erreur)
def refuser(erreur: Erreur) -> Response:
    entetes = {"Retry_After": str(erreur.attendre)} if erreur.attendre else {}
    return reponse_erreur(erreur.http, code=erreur.code, texte=erreur.message, **entetes)


@echange.errorhandler(RequestEntityTooLarge)
def couper(_: RequestEntityTooLarge) -> Response:
    return refuser(trop_volumineux())


def acteur(origine: str = "echange") -> Acteur:
    """Qui agit, selon la session et elle seule."""
    qui = compte()
    maintenant = dt.datetime.now(dt.UTC)
    return Acteur(qui.structure_id, qui.utilisateur_id, qui.role, qui.appareil_id, maintenant, origine)


def _deposant() -> Acteur | None:
    autorisation = request.headers.get("Authorization")
    if autorisation:
        try:
            trouve = appareils.deposant(db.session(), autorisation, dt.datetime.now(dt.UTC))
        except OperationalError:
            raise Erreur("indisponible", "Le serveur est occupé. Rien n’est perdu.", 503, 5) from None
        if trouve is None:
            raise Erreur(
                "depot_refuse",
                "Le secret de dépôt de cet appareil n’est pas, ou plus, valable : reconnectez-vous.",
                401,
            )
        g.depot_reconnu = True
        return trouve
    present = compte_ou_rien()
    if present is None or not peut(present.role, "deposer"):
        return None
    # La session vaut pour tous les appareils de la personne : celui d'avant peut avoir laissé des plis.
    return replace(acteur("scelle"), appareil_id=None)


def _est_reconnu() -> bool:
    return compte_ou_rien() is not None or bool(g.get("depot_reconnu"))


def _corps() -> bytes:
    request.max_content_length = REBUT_MAX
    corps = request.stream.read(LIMITE_COMPRESSEE + 1)
    if len(corps) > LIMITE_COMPRESSEE:
        raise trop_volumineux()
    return decompresser(corps, request.headers.get("Content-Encoding"))


def _repondre(corps: bytes, media: str) -> Response:
    compresse, codage = compresser(corps, request.headers.get("Accept-Encoding"))
    reponse = Response(compresse, content_type=media)
    if codage:
        reponse.headers["Content-Encoding"] = codage
    reponse.vary.add("Accept-Encoding")
    return reponse
