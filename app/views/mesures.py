"""Ouvrir une mesure pour quelqu'un que l'on connaît ; dater son premier contact et son entrée."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from app.domain.saisie import lire_mesure, lire_sortie
from app.securite.permissions import permission
from app.viewmodels.mesure import mesure as vue_mesure
from app.viewmodels.sortie import sortie as vue_sortie
from app.views import carnet
from app.views.formulaire import Fiche, Formulaire

mesures = Blueprint("mesures", __name__, url_prefix="/dossiers/<uuid:id>/mesures")

FORMULAIRE = Formulaire("partages/pages/mesure.html", "dossiers", lire_mesure, vue_mesure)
SORTIE = Formulaire("partages/pages/piece_formulaire.html", "dossiers", lire_sortie, vue_sortie)
OUVRIR, DATER, SORTIR = "Ouvrir une mesure", "Dates de la mesure", "Sortie de la mesure"


@mesures.get("/nouvelle")
@permission("dossiers.ecrire")
def nouvelle(id: UUID) -> Response:
    return FORMULAIRE.montrer(OUVRIR, carnet.dossier_suivi(str(id)))


@mesures.post("/nouvelle")
@permission("dossiers.ecrire")
def ouvrir(id: UUID) -> Response:
    return FORMULAIRE.enregistrer(OUVRIR, carnet.dossier_suivi(str(id)))


@mesures.get("/<uuid:mesure>/modifier")
@permission("dossiers.ecrire")
def dates(id: UUID, mesure: UUID) -> Response:
    return FORMULAIRE.montrer(DATER, *_connue(id, mesure))


@mesures.post("/<uuid:mesure>/modifier")
@permission("dossiers.ecrire")
def dater(id: UUID, mesure: UUID) -> Response:
    return FORMULAIRE.enregistrer(DATER, *_connue(id, mesure))


@mesures.get("/<uuid:mesure>/sortie")
@permission("dossiers.ecrire")
def sortie(id: UUID, mesure: UUID) -> Response:
    return SORTIE.montrer(SORTIR, *_connue(id, mesure))


@mesures.post("/<uuid:mesure>/sortie")
@permission("dossiers.ecrire")
def sortir(id: UUID, mesure: UUID) -> Response:
    return SORTIE.enregistrer(SORTIR, *_connue(id, mesure))


def _connue(id: UUID, mesure: UUID) -> tuple[Fiche, Fiche]:
    """Le dossier, et celle de ses mesures dont parle l'adresse."""
    dossier = carnet.dossier_suivi(str(id))
    return dossier, carnet.fiche(dossier["mesures"], str(mesure))
