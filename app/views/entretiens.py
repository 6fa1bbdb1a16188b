"""Noter un contact, ou corriger une fiche."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain.saisie import lire_entretien
from app.securite.permissions import permission
from app.viewmodels.entretien import entretien as vue_entretien
from app.views import carnet, choix
from app.views.formulaire import conclure, identifiant

entretiens = Blueprint("entretiens", __name__, url_prefix="/entretiens")

PAGE, ONGLET = "partages/pages/entretien.html", "noter"

CHOIX = "partages/pages/choisir_dossier.html"
# Au-delà ce n'est plus un nom que l'on cherche.
RECHERCHE_MAX = 60


@entretiens.get("/nouveau")
@permission("entretiens.noter")
def nouveau() -> Response:
    personne_id = identifiant(request.args.get("dossier"))
    if personne_id is None:
        return rendre(CHOIX, titre="Noter un contact", onglet=ONGLET, **choix.page())
    rendez_vous_id = identifiant(request.args.get("rendez_vous"))
    page = vue_entretien(carnet.dossier(personne_id), carnet.contexte(), rendez_vous_id)
    return rendre(PAGE, titre="Noter un contact", onglet=ONGLET, **page)


@entretiens.post("/choisir")
@permission("entretiens.noter")
def chercher() -> Response:
    """Par POST : un nom cherché ne doit entrer dans aucune adresse."""
    q = request.form.get("q", "")[:RECHERCHE_MAX]
    return rendre(CHOIX, titre="Noter un contact", onglet=ONGLET, **choix.page(q))


@entretiens.post("/nouveau")
@permission("entretiens.noter")
def noter() -> Response:
    dossier = carnet.dossier_du_formulaire()
    saisie, contexte = carnet.saisie(), carnet.contexte()
    rendez_vous_id = identifiant(request.form.get("rendez_vous"))
    return conclure(
        lire_entretien(saisie, contexte | {"dossier": dossier}),
        vers=f"/dossiers/{dossier['personne']['id']}",
        remontrer=lambda erreurs: rendre(
            PAGE,
            titre="Noter un contact",
            onglet=ONGLET,
            statut=422,
            **vue_entretien(dossier, contexte, rendez_vous_id, None, saisie, erreurs),
        ),
    )


@entretiens.get("/<uuid:id>/modifier")
@permission("entretiens.noter")
def corriger(id: UUID) -> Response:
    dossier = carnet.dossier_de_l_entretien(str(id))
    existant = carnet.fiche(dossier["entretiens"], str(id))
    page = vue_entretien(dossier, carnet.contexte(), existant["rendez_vous_id"], existant)
    return rendre(PAGE, titre="Corriger une fiche", onglet=ONGLET, **page)


@entretiens.post("/<uuid:id>/modifier")
@permission("entretiens.noter")
def enregistrer(id: UUID) -> Response:
    dossier = carnet.dossier_de_l_entretien(str(id))
    existant = carnet.fiche(dossier["entretiens"], str(id))
    saisie, contexte = carnet.saisie(), carnet.contexte()
    return conclure(
        lire_entretien(saisie, contexte | {"dossier": dossier}, existant),
        vers=f"/dossiers/{dossier['personne']['id']}",
        remontrer=lambda erreurs: rendre(
            PAGE,
            titre="Corriger une fiche",
            onglet=ONGLET,
            statut=422,
            **vue_entretien(dossier, contexte, existant["rendez_vous_id"], existant, saisie, erreurs),
        ),
    )
