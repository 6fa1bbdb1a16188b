"""Les papiers d'un dossier : ce qui peut s'imprimer, chaque papier en page, et le même en PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import annoncer, rendre
from app.papiers.composition import CaractereAbsent, composer
from app.papiers.papier import nom_de_fichier
from app.securite.permissions import permission
from app.securite.portier import rediriger
from app.viewmodels import papier as vues
from app.views import carnet

papiers = Blueprint("papiers", __name__, url_prefix="/papiers")

ONGLET, TITRE = "dossiers", "Imprimer"
_PAPIER = "/<any(piece, relance, liaison, parcours, droits_devoirs):genre>/<uuid:id>"
SANS_PDF = (
    "Ce papier a des caractères que le PDF ne sait pas écrire. Imprimez-le depuis cette page\u202f: "
    "le navigateur les connaît."
)


@papiers.get("/dossier/<uuid:id>")
@permission("dossiers.lire")
def liste(id: UUID) -> Response:
    page = vues.papiers(carnet.dossier(str(id)), carnet.contexte())
    return rendre("partages/pages/papiers.html", titre=TITRE, onglet=ONGLET, **page)


@papiers.get(_PAPIER)
@permission("dossiers.lire")
def lire(genre: str, id: UUID) -> Response:
    return rendre("partages/pages/papier.html", titre=TITRE, onglet=ONGLET, **_trouver(genre, str(id)))


@papiers.get(f"{_PAPIER}.pdf")
@permission("dossiers.lire")
def pdf(genre: str, id: UUID) -> Response:
    sans_pdf = request.full_path.removesuffix("?").replace(".pdf", "", 1)
    return en_pdf(_trouver(genre, str(id))["papier"], sans_pdf)


def en_pdf(papier: dict[str, Any], sans_pdf: str) -> Response:
    """Le nom du fichier ne dit pas de qui il parle ; rien n'en reste en cache (`Cache-Control: no-store`).

    `sans_pdf` : la page où s'imprime ce que le PDF ne sait pas écrire.
    """
    try:
        reponse = make_response(composer(papier, carnet.maintenant()))
    except CaractereAbsent:
        annoncer(SANS_PDF)
        return rediriger(sans_pdf)
    nom = nom_de_fichier(papier, carnet.contexte()["aujourd_hui"])
    reponse.headers["Content-Type"] = "application/pdf"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


def _trouver(genre: str, id: str) -> dict[str, Any]:
    dossier, fiche = _sujet(genre, id)
    trouve = vues.papier(genre, dossier, carnet.contexte(), fiche, request.args.get("langue", "fr"))
    if trouve is None:
        raise NotFound
    return trouve


def _sujet(genre: str, id: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    if genre == "piece":
        dossier = carnet.dossier_de_la_piece(id)
        return dossier, carnet.fiche(dossier["pieces"], id)
    if genre == "relance":
        dossier = carnet.dossier_du_rendez_vous(id)
        return dossier, carnet.fiche(dossier["rendez_vous"], id)
    return carnet.dossier(id), None
