"""Point du mois : entrées et sorties par convention, et les noms derrière chaque chiffre."""

from __future__ import annotations

import re

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.dates import ajouter_mois
from app.domain.francais import mois_long
from app.models import Structure
from app.reunions import point as lecture
from app.securite.permissions import permission
from app.securite.portier import compte
from app.views import carnet
from app.views.confirmation import mot_de_passe_recent
from app.views.imprimes import en_pdf
from sync.conventions import conventions_de

point = Blueprint("point", __name__, url_prefix="/reunions/point")

ACCUEIL = "/reunions/point"


@point.get("")
@permission("equipe")
def du_mois() -> Response:
    lu = _lire()
    return rendre(
        "serveur/bureau/point.html",
        titre="Point du mois",
        onglet="bureau",
        point=lu,
        avant=_voisin(lu.mois, -1),
        apres=_voisin(lu.mois, 1) if lu.mois < carnet.aujourd_hui()[:7] else None,
        imprimer=f"{ACCUEIL}/imprimer?mois={lu.mois}",
    )


@point.get("/imprimer")
@permission("equipe")
@mot_de_passe_recent
def imprimer() -> Response:
    lu = _lire()
    return rendre(
        "serveur/bureau/feuilles.html",
        titre="Point du mois",
        onglet="bureau",
        feuilles=[lecture.feuille(lu, _structure(), carnet.aujourd_hui())],
        url_pdf=f"{ACCUEIL}/imprimer.pdf?mois={lu.mois}",
        retour=f"{ACCUEIL}?mois={lu.mois}",
        retour_libelle="Point du mois",
        aucune="",
    )


@point.get("/imprimer.pdf")
@permission("equipe")
@mot_de_passe_recent
def pdf() -> Response:
    return en_pdf(lecture.feuille(_lire(), _structure(), carnet.aujourd_hui()))


def _lire() -> lecture.Point:
    """Le mois demandé ; à défaut, celui qui court."""
    structure, jour = compte().structure_id, carnet.aujourd_hui()
    mois = request.args.get("mois", jour[:7])
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", mois, re.ASCII):
        raise NotFound
    try:
        return lecture.lire(db.session(), structure, mois, conventions_de(db.session(), structure), jour)
    except ValueError:
        raise NotFound from None


def _voisin(mois: str, ecart: int) -> dict[str, str]:
    voisin = ajouter_mois(f"{mois}-01", ecart)[:7]
    return {"libelle": mois_long(voisin), "url": f"{ACCUEIL}?mois={voisin}"}


def _structure() -> str:
    return db.session.get_one(Structure, compte().structure_id).nom
