"""Envoi, vu du serveur : il ne sait pas ce qu'un téléphone garde, et ne prétend rien."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.dates import instant
from app.models import Appareil
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels.envoi import envoi as vue_envoi
from app.views import carnet

envoi = Blueprint("envoi", __name__, url_prefix="/envoi")


@envoi.get("")
@permission("envoi")
def page() -> Response:
    qui = compte()
    appareil = db.session.get(Appareil, (qui.structure_id, qui.appareil_id)) if qui.appareil_id else None
    dernier = appareil.dernier_echange_le if appareil else None
    contexte = carnet.contexte() | {"dernier_echange": instant(dernier) if dernier else None}
    decrit = {"nom": appareil.nom} if appareil else None
    return rendre(
        "partages/pages/envoi.html", titre="Envoi", onglet="envoi", **vue_envoi({}, [], contexte, False, decrit)
    )


@envoi.post("/maintenant")
@permission("envoi")
def maintenant() -> Response:
    """Le bouton du carnet, arrivé ici parce que le worker manque : la page dira ce qu'il en est."""
    return rediriger("/envoi")
