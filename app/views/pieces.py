"""Les pièces d'un dossier : en ajouter une, la lire, la modifier, la retirer. Une page pour toutes les formes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain.formes import forme
from app.domain.saisie import lire_piece, lire_retrait
from app.securite.permissions import permission
from app.viewmodels import piece as vues
from app.viewmodels.annuaire import recopier, trouver
from app.viewmodels.piece_formulaire import formulaire
from app.views import carnet
from app.views.annuaire import emportee
from app.views.formulaire import conclure, identifiant

pieces = Blueprint("pieces", __name__, url_prefix="/pieces")

ONGLET, TITRE = "dossiers", "Fiche du dossier"
AJOUTER, ECRIRE, LIRE = (f"partages/pages/piece{suite}.html" for suite in ("_ajouter", "_formulaire", ""))
Fiche = dict[str, Any]


@pieces.get("/nouvelle")
@permission("entretiens.noter")
def nouvelle() -> Response:
    personne_id = identifiant(request.args.get("dossier"))
    if personne_id is None:
        raise NotFound
    dossier = carnet.dossier(personne_id)
    if forme(request.args.get("forme", "")) is None:
        return rendre(AJOUTER, titre=TITRE, onglet=ONGLET, **vues.ajouter(dossier, carnet.contexte()))
    return _ecrire(dossier, None, voulu=request.args.to_dict() | _vers())


@pieces.post("/nouvelle")
@permission("entretiens.noter")
def noter() -> Response:
    return _enregistrer(carnet.dossier_du_formulaire(), None)


@pieces.get("/<uuid:id>")
@permission("dossiers.lire")
def lire(id: UUID) -> Response:
    return _montrer(*_trouver(id))


@pieces.get("/<uuid:id>/modifier")
@permission("entretiens.noter")
def modifier(id: UUID) -> Response:
    return _ecrire(*_trouver(id))


@pieces.post("/<uuid:id>/modifier")
@permission("entretiens.noter")
def modifiee(id: UUID) -> Response:
    return _enregistrer(*_trouver(id))


@pieces.post("/<uuid:id>/retirer")
@permission("entretiens.noter")
def retirer(id: UUID) -> Response:
    dossier, piece = _trouver(id)
    return conclure(
        lire_retrait(carnet.saisie(), {"piece": piece}),
        vers=f"/dossiers/{dossier['personne']['id']}",
        remontrer=lambda erreurs: _montrer(dossier, piece, erreurs),
    )


def _vers() -> dict[str, str]:
    """« vers » un service de l'annuaire : son nom se recopie dans le formulaire."""
    vers = identifiant(request.args.get("vers"))
    return recopier(trouver(emportee(carnet.contexte()), vers)) if vers else {}


def _trouver(id: UUID) -> tuple[Fiche, Fiche]:
    dossier = carnet.dossier_de_la_piece(str(id))
    return dossier, carnet.fiche(dossier["pieces"], str(id))


def _montrer(dossier: Fiche, piece: Fiche, erreurs: dict[str, str] | None = None) -> Response:
    page = vues.lecture(dossier, carnet.contexte(), piece, erreurs)
    return rendre(LIRE, titre=TITRE, onglet=ONGLET, statut=422 if erreurs else 200, **page)


def _ecrire(
    dossier: Fiche,
    existante: Fiche | None,
    saisie: Fiche | None = None,
    erreurs: dict[str, str] | None = None,
    voulu: dict[str, str] | None = None,
) -> Response:
    page = formulaire(dossier, carnet.contexte(), existante, saisie, erreurs, voulu)
    return rendre(ECRIRE, titre=TITRE, onglet=ONGLET, statut=422 if erreurs else 200, **page)


def _enregistrer(dossier: Fiche, existante: Fiche | None) -> Response:
    saisie = carnet.saisie()
    vers = f"/pieces/{existante['id']}" if existante else f"/dossiers/{dossier['personne']['id']}"
    return conclure(
        lire_piece(saisie, carnet.contexte() | {"dossier": dossier}, existante),
        vers=vers,
        remontrer=lambda erreurs: _ecrire(dossier, existante, saisie, erreurs),
    )
