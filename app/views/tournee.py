"""Tournée : la journée lieu par lieu, sa clôture, et ce qu'on en déplace quand la salle manque."""

from __future__ import annotations

from flask import Blueprint, request, session
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain.saisie import lire_deplacement
from app.securite.permissions import permission
from app.securite.portier import rediriger
from app.viewmodels import tournee as vues
from app.viewmodels.deplacement import deplacement as vue_deplacement
from app.viewmodels.deplacement import prevenir as vue_prevenir
from app.viewmodels.messages import message_deplacement
from app.views import carnet
from app.views.formulaire import noter_autrement
from app.views.sans_entretien import selon_le_role

tournee = Blueprint("tournee", __name__, url_prefix="/tournee")


@tournee.get("")
@permission("journee")
def page() -> Response:
    vue = vues.tournee(carnet.file_active(), carnet.contexte(), request.args.get("jour"))
    return rendre("partages/pages/tournee.html", titre="Tournée", onglet="journee", **selon_le_role(vue))


@tournee.get("/cloture")
@permission("journee")
def cloture() -> Response:
    vue = vues.cloture(carnet.file_active(), carnet.contexte(), request.args.get("jour"))
    return rendre("partages/pages/cloture.html", titre="Clore la journée", onglet="journee", **selon_le_role(vue))


@tournee.get("/salle")
@permission("dossiers.ecrire")
def salle() -> Response:
    return _salle()


@tournee.post("/salle")
@permission("dossiers.ecrire")
def deplacer() -> Response:
    """Chaque rendez-vous a son opération, toutes d'un seul geste ; puis vient de quoi prévenir."""
    lu = lire_deplacement(carnet.saisie(), carnet.contexte() | {"dossiers": carnet.file_active()})
    if lu["erreurs"]:
        return _salle(lu["erreurs"])
    try:
        a_regler = carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        return _salle(refus.erreurs)
    fait = message_deplacement(lu["operations"], lu["avertissements"])
    session["message"] = noter_autrement(lu["operations"]) if a_regler else fait
    return rediriger("/tournee/prevenir?" + "&".join(f"r={op['entite']}" for op in lu["operations"]))


def _salle(erreurs: dict[str, str] | None = None) -> Response:
    saisie = carnet.saisie() if erreurs else None
    jour, lieu = request.args.get("jour"), request.args.get("lieu")
    vue = vue_deplacement(carnet.file_active(), carnet.contexte(), jour, lieu, saisie, erreurs)
    page = "partages/pages/deplacement.html"
    return rendre(page, titre="Déplacer la journée", onglet="journee", statut=422 if erreurs else 200, **vue)


@tournee.get("/prevenir")
@permission("dossiers.ecrire")
def prevenir() -> Response:
    vue = vue_prevenir(carnet.file_active(), carnet.contexte(), request.args.getlist("r"))
    return rendre("partages/pages/prevenir.html", titre="Prévenir chacun", onglet="journee", **vue)
