"""Tournée : la journée lieu par lieu, et sa clôture."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.securite.permissions import permission
from app.viewmodels import tournee as vues
from app.views import carnet
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
