"""Demandes de logement : par bailleur, ce que l'on emporte à la rencontre."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.models import Structure
from app.reunions import logement as lecture
from app.securite.permissions import permission
from app.securite.portier import compte
from app.views import carnet
from app.views.confirmation import mot_de_passe_recent
from app.views.imprimes import en_pdf

logement = Blueprint("logement", __name__, url_prefix="/reunions/logement")

ACCUEIL = "/reunions/logement"


@logement.get("")
@permission("equipe")
def bailleurs() -> Response:
    par_nature = _lire()
    natures = lecture.natures(par_nature)
    voulue = request.args.get("nature", "logement")
    choisie = voulue if voulue in par_nature else (natures[0][0] if natures else None)
    return rendre(
        "serveur/bureau/logement.html",
        titre="Demandes de logement",
        onglet="bureau",
        natures=[
            {"code": code, "libelle": libelle, "nombre": sum(len(b.demandes) for b in par_nature[code])}
            for code, libelle in natures
        ],
        nature=choisie,
        bailleurs=par_nature[choisie] if choisie else [],
    )


@logement.get("/<code>")
@permission("equipe")
def un_bailleur(code: str) -> Response:
    bailleur = _trouver(code)
    return rendre("serveur/bureau/bailleur.html", titre="Demandes de logement", onglet="bureau", bailleur=bailleur)


@logement.get("/<code>.pdf")
@permission("equipe")
@mot_de_passe_recent
def pdf(code: str) -> Response:
    return en_pdf(_feuille(code))


@logement.get("/<code>/imprimer")
@permission("equipe")
@mot_de_passe_recent
def imprimer(code: str) -> Response:
    return rendre(
        "serveur/bureau/feuilles.html",
        titre="Demandes de logement",
        onglet="bureau",
        feuilles=[_feuille(code)],
        url_pdf=f"{ACCUEIL}/{code}.pdf",
        retour=f"{ACCUEIL}/{code}",
        retour_libelle="Demandes",
        aucune="",
    )


def _feuille(code: str) -> dict[str, Any]:
    structure = db.session.get_one(Structure, compte().structure_id).nom
    return lecture.feuille(_trouver(code), structure, carnet.aujourd_hui())


def _lire() -> dict[str, list[lecture.Bailleur]]:
    return lecture.lire(db.session(), compte().structure_id, carnet.aujourd_hui())


def _trouver(code: str) -> lecture.Bailleur:
    trouve = next((b for siens in _lire().values() for b in siens if b.code == code), None)
    if trouve is None:
        raise NotFound
    return trouve
