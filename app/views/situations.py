"""Le comité, dans la salle : la liste des situations, une à une, ce qui est décidé. Qui n'y participe pas : 404."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain import saisie as lectures
from app.domain.personne import nom_affiche
from app.domain.recherche import cle
from app.securite.permissions import permission
from app.viewmodels import comite as vues
from app.views import carnet
from app.views.formulaire import conclure

situations = Blueprint("situations", __name__)

Fiche = dict[str, Any]
Erreurs = dict[str, str]


@situations.get("/comites")
@permission("entretiens.noter")
def liste() -> Response:
    return _page("comites", vues.comites(carnet.cahiers(), carnet.contexte()))


@situations.get("/comites/<uuid:id>")
@permission("entretiens.noter")
def un_comite(id: UUID) -> Response:
    return _page("comite", vues.comite(_comite(id), carnet.contexte()))


@situations.get("/comites/<uuid:id>/situation")
@permission("entretiens.noter")
def imprevue(id: UUID) -> Response:
    return _situation(_comite(id))


@situations.post("/comites/<uuid:id>/situation")
@permission("entretiens.noter")
def ajouter(id: UUID) -> Response:
    cahier, saisie = _comite(id), carnet.saisie()
    lu = lectures.lire_situation(saisie, carnet.contexte() | {"cahier": cahier, "dossiers": _dossiers()})
    return conclure(lu, f"/comites/{id}", partial(_situation, cahier, None, saisie))


@situations.get("/situations/<uuid:id>/modifier")
@permission("entretiens.noter")
def une(id: UUID) -> Response:
    return _situation(*_trouver(id))


@situations.post("/situations/<uuid:id>/modifier")
@permission("entretiens.noter")
def decider(id: UUID) -> Response:
    cahier, fiche = _trouver(id)
    saisie = carnet.saisie()
    lu = lectures.lire_situation(saisie, carnet.contexte() | {"cahier": cahier}, fiche)
    return conclure(lu, vues.vers(cahier, fiche), partial(_situation, cahier, fiche, saisie))


@situations.post("/situations/<uuid:id>/retirer")
@permission("entretiens.noter")
def retirer(id: UUID) -> Response:
    cahier, fiche = _trouver(id)
    lu = lectures.lire_retrait(carnet.saisie(), {"piece": fiche})
    return conclure(lu, f"/comites/{cahier['cahier']['id']}", partial(_situation, cahier, fiche, None))


def _comite(id: UUID) -> Fiche:
    siens = vues.comites_de(carnet.cahiers(), carnet.aujourd_hui())
    trouve = next((cahier for cahier in siens if cahier["cahier"]["id"] == str(id)), None)
    if trouve is None:
        raise NotFound
    return trouve


def _trouver(id: UUID) -> tuple[Fiche, Fiche]:
    cahier = carnet.cahier_de_la_feuille(str(id))
    fiche = carnet.fiche(cahier["feuilles"], str(id))
    if fiche["forme"] != "situation":
        raise NotFound
    return cahier, fiche


def _dossiers() -> list[dict[str, str]]:
    """Ceux qu'elle suit : ce que son téléphone tient."""
    siens = [dossier["personne"] for dossier in carnet.file_active()]
    return sorted(({"id": p["id"], "nom": nom_affiche(p)} for p in siens), key=lambda p: (cle(p["nom"]), p["id"]))


def _situation(
    cahier: Fiche, fiche: Fiche | None = None, saisie: Fiche | None = None, erreurs: Erreurs | None = None
) -> Response:
    vue = vues.situation(cahier, carnet.contexte(), fiche, saisie, erreurs, _dossiers())
    return _page("situation", vue, 422 if erreurs else 200)


def _page(nom: str, vue: Fiche, statut: int = 200) -> Response:
    return rendre(f"partages/pages/{nom}.html", titre="Comité", onglet="comite", statut=statut, **vue)
