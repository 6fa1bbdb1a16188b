"""Mon agenda ailleurs : ouvrir l'adresse qu'un autre calendrier lira, la remplacer, la fermer ; et la servir."""

from __future__ import annotations

from flask import Blueprint, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.equipe import agenda as abonnements
from app.models import Utilisateur
from app.securite.permissions import permission, publique
from app.securite.portier import compte, rediriger
from app.views import carnet
from app.views.confirmation import mot_de_passe_recent

agenda = Blueprint("agenda", __name__, url_prefix="/agenda")

ACCUEIL = "/agenda"


@agenda.get("")
@permission("permanences")
def page() -> Response:
    return _montrer()


@agenda.post("")
@permission("permanences")
@mot_de_passe_recent
def ouvrir() -> Response:
    if "ouvrir" not in request.form:
        return rediriger(ACCUEIL)
    with ecriture() as base:
        jeton = abonnements.ouvrir(base, base.get_one(Utilisateur, _cle()), carnet.maintenant())
    return _montrer(f"{request.host_url}agenda/{jeton}.ics")


@agenda.post("/fermer")
@permission("permanences")
def fermer() -> Response:
    if "fermer" in request.form:
        with ecriture() as base:
            abonnements.fermer(base, base.get_one(Utilisateur, _cle()), compte().utilisateur_id)
        annoncer("L’adresse est fermée\u202f: l’autre calendrier n’en lira plus rien.")
    return rediriger(ACCUEIL)


@agenda.get("/<jeton>.ics")
@publique
def lire(jeton: str) -> Response:
    """Ce que lit l'autre calendrier, sans session : l'adresse est la clé."""
    utilisateur = abonnements.titulaire(db.session(), jeton)
    if utilisateur is None:
        raise NotFound
    texte = abonnements.calendrier(db.session(), utilisateur, carnet.maintenant())
    reponse = make_response(texte)
    reponse.headers["Content-Type"] = "text/calendar; charset=utf-8"
    reponse.headers["Cache-Control"] = "no-store"
    return reponse


def _montrer(adresse: str | None = None) -> Response:
    """L'adresse n'est montrée qu'ici, une fois : ni la base ni la session ne la gardent."""
    reponse = rendre(
        "serveur/agenda.html",
        titre="Mon agenda ailleurs",
        onglet="",
        adresse=adresse,
        ouvert=abonnements.abonnement(db.session(), *_cle()),
    )
    if adresse:
        reponse.headers["HX-Push-Url"] = "false"
    return reponse


def _cle() -> tuple[str, str]:
    return compte().structure_id, compte().utilisateur_id
