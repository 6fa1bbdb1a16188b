"""Noter un contact, ou corriger une fiche."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain.saisie import lire_entretien
from app.securite.permissions import permission
from app.viewmodels.entretien import entretien as vue_entretien
from app.views import carnet, choix
from app.views.formulaire import Fiche, Formulaire, identifiant

entretiens = Blueprint("entretiens", __name__, url_prefix="/entretiens")

ONGLET = "noter"
NOTER, CORRIGER = "Noter un contact", "Corriger une fiche"


def _vue(
    dossier: Fiche,
    contexte: dict[str, Any],
    existant: Fiche | None,
    saisie: Mapping[str, Any] | None,
    erreurs: dict[str, str] | None,
) -> dict[str, Any]:
    demande = existant["rendez_vous_id"] if existant else identifiant(request.values.get("rendez_vous"))
    return vue_entretien(dossier, contexte, demande, existant, saisie, erreurs, request.args.get("lieu"))


FORMULAIRE = Formulaire("partages/pages/entretien.html", ONGLET, lire_entretien, _vue)


@entretiens.get("/nouveau")
@permission("entretiens.noter")
def nouveau() -> Response:
    personne_id = identifiant(request.args.get("dossier"))
    if personne_id is None:
        return _choisir()
    return FORMULAIRE.montrer(NOTER, carnet.dossier(personne_id))


@entretiens.post("/choisir")
@permission("entretiens.noter")
def chercher() -> Response:
    """Par POST : un nom cherché ne doit entrer dans aucune adresse."""
    return _choisir(request.form.get("q", ""))


def _choisir(q: str = "") -> Response:
    """Venue sans rendez-vous : la personne choisie, le lieu est déjà dit."""
    lieu = identifiant(request.args.get("lieu"))
    page = choix.page(q, chercher=f"/entretiens/choisir?lieu={lieu}" if lieu else "/entretiens/choisir")
    return rendre(choix.PAGE, titre=NOTER, onglet=ONGLET, suite=f"&lieu={lieu}" if lieu else None, **page)


@entretiens.post("/nouveau")
@permission("entretiens.noter")
def noter() -> Response:
    identifiant(request.form.get("rendez_vous"))
    return FORMULAIRE.enregistrer(NOTER, carnet.dossier_du_formulaire())


@entretiens.get("/<uuid:id>/modifier")
@permission("entretiens.noter")
def corriger(id: UUID) -> Response:
    dossier = carnet.dossier_de_l_entretien(str(id))
    return FORMULAIRE.montrer(CORRIGER, dossier, carnet.fiche(dossier["entretiens"], str(id)))


@entretiens.post("/<uuid:id>/modifier")
@permission("entretiens.noter")
def enregistrer(id: UUID) -> Response:
    dossier = carnet.dossier_de_l_entretien(str(id))
    return FORMULAIRE.enregistrer(CORRIGER, dossier, carnet.fiche(dossier["entretiens"], str(id)))
