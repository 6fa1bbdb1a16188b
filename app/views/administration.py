"""Les comptes et les appareils d'une structure."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import Blueprint
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.models import Appareil, Utilisateur
from app.securite.ouverture import fermer_toutes
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger

administration = Blueprint("administration", __name__, url_prefix="/administration")


@administration.get("")
@permission("administration")
def accueil() -> Response:
    structure = compte().structure_id
    utilisateurs = db.session.scalars(
        select(Utilisateur).where(Utilisateur.structure_id == structure).order_by(Utilisateur.nom, Utilisateur.prenom)
    ).all()
    appareils = db.session.scalars(
        select(Appareil).where(Appareil.structure_id == structure).order_by(Appareil.enrole_le.desc())
    ).all()
    return rendre(
        "serveur/bureau/administration.html",
        titre="Comptes et appareils",
        onglet="bureau",
        utilisateurs=utilisateurs,
        appareils=appareils,
        noms={u.id: f"{u.prenom} {u.nom}" for u in utilisateurs},
        soi=compte().utilisateur_id,
    )


@administration.post("/appareils/<uuid:id>/revoquer")
@permission("administration")
def revoquer(id: UUID) -> Response:
    with ecriture() as base:
        appareil = base.get(Appareil, (compte().structure_id, str(id)))
        if appareil is None:
            raise NotFound
        appareil.revoque_le = appareil.revoque_le or dt.datetime.now(dt.UTC)
    annoncer("Appareil retiré. Sa copie s’effacera à son prochain échange.")
    return rediriger("/administration")


@administration.post("/utilisateurs/<uuid:id>/desactiver")
@permission("administration")
def desactiver(id: UUID) -> Response:
    return _activer(str(id), actif=False)


@administration.post("/utilisateurs/<uuid:id>/reactiver")
@permission("administration")
def reactiver(id: UUID) -> Response:
    return _activer(str(id), actif=True)


def _activer(identifiant: str, actif: bool) -> Response:
    qui = compte()
    with ecriture() as base:
        utilisateur = base.get(Utilisateur, (qui.structure_id, identifiant))
        # Se fermer la porte à soi-même ne se répare pas d'ici.
        if utilisateur is None or identifiant == qui.utilisateur_id:
            raise NotFound
        utilisateur.actif = actif
        utilisateur.desactive_le = None if actif else dt.datetime.now(dt.UTC)
        fermer_toutes(base, qui.structure_id, identifiant)
    annoncer("Compte rouvert." if actif else "Compte fermé : ses sessions et ses échanges s’arrêtent tout de suite.")
    return rediriger("/administration")
