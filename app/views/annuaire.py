"""L'annuaire : chercher un service, le lire, y orienter quelqu'un."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template
from htmx_flask import request  # type: ignore[import-untyped]  # htmx-flask ne publie pas ses types
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.annuaire.poche import Poche, poche
from app.base import db
from app.cadre import contexte_cadre, rendre
from app.securite.permissions import permission
from app.securite.portier import compte
from app.viewmodels import annuaire as vues
from app.views import carnet, choix
from app.views.formulaire import identifiant

annuaire = Blueprint("annuaire", __name__, url_prefix="/annuaire")

TITRE, ONGLET = "Annuaire", "dossiers"


def emportee(contexte: dict[str, Any]) -> Poche | None:
    """L'annuaire tel qu'un téléphone de la structure l'emporte."""
    return poche(db.session(), compte().structure_id, contexte["reference"].get("annuaire"))


@annuaire.get("")
@permission("dossiers.lire")
def liste() -> Response:
    return _liste({}, request.args.get("dossier"))


@annuaire.post("/recherche")
@permission("dossiers.lire")
def recherche() -> Response:
    """Par POST : ce que l'on cherche pour quelqu'un ne doit entrer dans aucune adresse."""
    voulus = {nom: request.form.get(nom, "")[: choix.RECHERCHE_MAX] for nom in ("q", "famille", "commune")}
    return _liste(voulus, request.form.get("dossier"), request.htmx and not request.htmx.boosted)


@annuaire.get("/services/<uuid:id>")
@permission("dossiers.lire")
def lire(id: UUID) -> Response:
    contexte = carnet.contexte()
    page = vues.service(un_service(id, contexte), contexte, dossier_cherche(), carnet.carnet_d_annuaire())
    return rendre("partages/pages/annuaire_service.html", titre=TITRE, onglet=ONGLET, **page)


@annuaire.get("/services/<uuid:id>/orienter")
@permission("entretiens.noter")
def orienter(id: UUID) -> Response:
    return _choisir(id)


@annuaire.post("/services/<uuid:id>/orienter")
@permission("entretiens.noter")
def chercher(id: UUID) -> Response:
    return _choisir(id, request.form.get("q", ""))


def _choisir(id: UUID, q: str = "") -> Response:
    service = un_service(id, carnet.contexte())
    page = choix.page(q, vers="/pieces/nouvelle", chercher=f"/annuaire/services/{id}/orienter")
    suite = f"&forme={vues.FORME}&vers={id}"
    return rendre(choix.PAGE, titre=TITRE, onglet=ONGLET, suite=suite, pour=vues.qui_orienter(service), **page)


def _liste(voulus: dict[str, str], dossier_id: str | None, morceau: bool = False) -> Response:
    contexte = carnet.contexte()
    page = vues.annuaire(emportee(contexte), contexte, voulus, _dossier(dossier_id), carnet.carnet_d_annuaire())
    if morceau:
        cadre = contexte_cadre(titre=TITRE, onglet=ONGLET, garder_message=True)
        return make_response(render_template("partages/fragments/liste_annuaire.html", **(page | cadre)))
    return rendre("partages/pages/annuaire.html", titre=TITRE, onglet=ONGLET, **page)


def un_service(id: UUID, contexte: dict[str, Any]) -> dict[str, Any]:
    trouve = vues.trouver(emportee(contexte), str(id))
    if trouve is None:
        raise NotFound
    return trouve


def dossier_cherche() -> dict[str, Any] | None:
    """Celui de la personne pour qui l'on cherche un service."""
    return _dossier(request.args.get("dossier"))


def _dossier(demande: str | None) -> dict[str, Any] | None:
    personne_id = identifiant(demande)
    return carnet.dossier(personne_id) if personne_id else None
