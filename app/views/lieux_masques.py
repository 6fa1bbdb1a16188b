"""Les lieux que les listes taisent : en ajouter, en rendre, lire qui l'a fait."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.identifiant import est_identifiant
from app.equipe import lieux_masques as masques
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet

lieux_masques = Blueprint("lieux_masques", __name__, url_prefix="/equipe/lieux-masques")

ACCUEIL = "/equipe/lieux-masques"


@lieux_masques.get("")
@permission("equipe")
def page() -> Response:
    return _montrer()


@lieux_masques.post("")
@permission("equipe")
def masquer() -> Response:
    qui, identifiant = compte(), request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    nom, erreur = masques.lire_nom(request.form.get("nom", ""), masques.actuels(db.session(), qui.structure_id))
    if erreur:
        return _montrer(nom, erreur)
    with ecriture() as session:
        masques.ajouter(session, qui.structure_id, identifiant, nom, qui.utilisateur_id, carnet.maintenant())
    annoncer("C’est masqué dans les listes\u202f; les téléphones le sauront au prochain échange.")
    return rediriger(ACCUEIL)


@lieux_masques.post("/<uuid:id>/rendre")
@permission("equipe")
def rendre_le_nom(id: UUID) -> Response:
    qui = compte()
    with ecriture() as session:
        if not masques.rendre(session, qui.structure_id, str(id), qui.utilisateur_id, carnet.maintenant()):
            raise NotFound
    annoncer("Les listes le disent de nouveau.")
    return rediriger(ACCUEIL)


def _montrer(nom: str = "", erreur: str | None = None) -> Response:
    lus = masques.lire(db.session(), compte().structure_id)
    return rendre(
        "serveur/bureau/lieux_masques.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if erreur else 200,
        masques=[masque for masque in lus if masque.rendu_le is None],
        rendus=[masque for masque in lus if masque.rendu_le is not None],
        nom=nom,
        erreur=erreur,
        nouvel_identifiant=lambda: uuid7(),
    )
