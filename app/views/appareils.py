"""Les appareils de la personne connectée : les enrôler, les voir, les retirer ; le jeton de sa session."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from uuid import UUID

import msgspec
from flask import Blueprint, Response, current_app, jsonify, request
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]  # Flask-WTF ne publie pas ses types
from sqlalchemy import select
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as ReponseWerkzeug

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.equipe.appareils import lire as lire_appareils
from app.models import Appareil, Structure, Utilisateur
from app.securite import ouverture
from app.securite.comptes import consigner
from app.securite.erreurs import reponse_erreur
from app.securite.permissions import permission, publique
from app.securite.portier import compte, rediriger, type_de_media
from app.securite.preuve import appareil_annonce, oublier_appareil, poser_appareil, poser_preuve, preuve_valide
from app.securite.session import session_courante
from sync import appareil as regles
from sync.echange import MEDIA
from sync.erreur import Erreur

appareils = Blueprint("appareils", __name__)

REDONNER = "Reconnectez-vous avec votre mot de passe, puis recommencez\u202f: ce téléphone a déjà gardé un carnet."


class Enrolement(msgspec.Struct, forbid_unknown_fields=True):
    id: UUID
    nom: str


@appareils.post("/appareils")
@permission("echange")
@type_de_media("application/json")
def enroler() -> Response:
    """Enrôle ce navigateur. Le même id renvoyé redonne un secret : une réponse perdue se redemande."""
    demande = _lire(request.get_data(cache=False))
    if mot_de_passe_a_redonner():
        return reponse_erreur(401, code="mot_de_passe", texte=REDONNER)
    qui, secret = compte(), secrets.token_urlsafe(32)
    identifiant = str(demande.id)
    with ecriture() as base:
        appareil = base.get(Appareil, (qui.structure_id, identifiant))
        if appareil is None:
            appareil = Appareil(
                structure_id=qui.structure_id,
                id=identifiant,
                utilisateur_id=qui.utilisateur_id,
                enrole_le=dt.datetime.now(dt.UTC),
            )
            base.add(appareil)
        if appareil.utilisateur_id != qui.utilisateur_id:
            raise regles.appareil_d_un_autre()
        if appareil.revoque_le is not None:
            raise regles.appareil_revoque()
        appareil.nom = demande.nom.strip()
        appareil.depot_empreinte = hashlib.sha256(secret.encode()).hexdigest()
    ouverture.attacher_appareil(current_app, session_courante(), identifiant)
    reponse = jsonify({"appareil": identifiant, "depot": secret, "jeton_depot": f"{identifiant}.{secret}"})
    poser_appareil(reponse, qui.structure_id, identifiant)
    poser_preuve(reponse, qui.utilisateur_id, identifiant)
    return reponse


@appareils.errorhandler(Erreur)
def refuser(erreur: Erreur) -> Response:
    return reponse_erreur(erreur.http, code=erreur.code, texte=erreur.message)


@appareils.get("/session/jeton")
@permission("compte")
def jeton() -> Response:
    """Un jeton de formulaire frais, pour une page restée hors ligne."""
    return jsonify({"jeton": generate_csrf()})


@appareils.get("/appareils")
@permission("appareil")
def liste() -> Response:
    qui = compte()
    siens = db.session.scalars(
        select(Appareil)
        .where(Appareil.structure_id == qui.structure_id, Appareil.utilisateur_id == qui.utilisateur_id)
        .order_by(Appareil.enrole_le.desc())
    )
    return rendre(
        "serveur/appareils.html",
        titre="Mes appareils",
        onglet="appareils",
        appareils=list(siens),
        celui_ci=qui.appareil_id,
    )


@appareils.get("/appareils/<uuid:id>")
@permission("appareil")
def confirmer_le_retrait(id: UUID) -> Response:
    """Ce que retirer le sien veut dire, avant de le faire."""
    qui = compte()
    vus = lire_appareils(db.session(), qui.structure_id, dt.datetime.now(dt.UTC), qui.utilisateur_id)
    vu = next((vu for vu in vus if vu.id == str(id) and not vu.revoque_le), None)
    if vu is None:
        raise NotFound
    return rendre(
        "serveur/bureau/retirer_appareil.html",
        titre="Mes appareils",
        onglet="",
        a=vu,
        bail=db.session.get_one(Structure, qui.structure_id).bail_jours,
        action=f"/appareils/{id}/revoquer",
        retour="/appareils",
        retour_libelle="Mes appareils",
    )


@appareils.post("/appareils/<uuid:id>/revoquer")
@permission("appareil")
def revoquer(id: UUID) -> ReponseWerkzeug:
    qui = compte()
    with ecriture() as base:
        appareil = base.get(Appareil, (qui.structure_id, str(id)))
        if appareil is None or appareil.utilisateur_id != qui.utilisateur_id:
            raise NotFound
        if appareil.revoque_le is None:
            appareil.revoque_le = dt.datetime.now(dt.UTC)
            soi = base.get_one(Utilisateur, (qui.structure_id, qui.utilisateur_id))
            consigner(base, "appareil_retire", soi, qui.utilisateur_id)
    annoncer("Appareil retiré. Sa copie s’effacera à son prochain échange.")
    return rediriger("/appareils")


@appareils.post("/appareils/oublier")
@permission("appareil")
def oublier() -> ReponseWerkzeug:
    """Ce navigateur n'a plus de carnet et n'en veut pas : il redevient un simple poste."""
    ouverture.detacher_appareil(current_app, session_courante())
    reponse = rediriger("/")
    oublier_appareil(reponse)
    return reponse


@appareils.get("/reglages")
@appareils.get("/reglages/effacer")
@permission("appareil")
def reglages() -> ReponseWerkzeug:
    """Ces écrans sont ceux d'un carnet, que le téléphone rend lui-même ; sans carnet, la liste de ses appareils."""
    return rediriger("/appareils")


def appareil_de_ce_navigateur() -> Appareil | None:
    """L'appareil que ce navigateur a été, s'il est encore à la personne connectée."""
    qui, annonce = compte(), appareil_annonce(request)
    if annonce is None or annonce[0] != qui.structure_id:
        return None
    appareil = db.session.get(Appareil, annonce)
    sien = appareil is not None and appareil.utilisateur_id == qui.utilisateur_id and appareil.revoque_le is None
    return appareil if sien else None


def mot_de_passe_a_redonner() -> bool:
    """Sur un navigateur déjà préparé, la session seule ne suffit pas à préparer de nouveau : un téléphone trouvé,
    carnet fermé, livrerait ses dossiers sous une phrase choisie par un autre.
    """
    appareil = appareil_de_ce_navigateur()
    if appareil is None or ouverture.est_recente(current_app, session_courante()):
        return False
    return not preuve_valide(request, compte().utilisateur_id, appareil.id)


@appareils.post("/appareils/adieu")
@publique
@type_de_media(MEDIA)
def adieu() -> Response:
    """Un appareil révoqué, ses dépôts partis, demande au navigateur d'oublier tout ce qui est d'ici."""
    reponse = Response(status=204)
    reponse.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    oublier_appareil(reponse)
    return reponse


def _lire(corps: bytes) -> Enrolement:
    try:
        demande = msgspec.json.decode(corps, type=Enrolement)
    except (msgspec.DecodeError, UnicodeDecodeError) as erreur:
        raise BadRequest from erreur
    if not 1 <= len(demande.nom.strip()) <= 60 or not demande.nom.isprintable():
        raise BadRequest
    return demande
