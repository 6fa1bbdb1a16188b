"""Les gestes d'un dossier à plusieurs : régler un désaccord, archiver et rouvrir, partager et cesser de partager.

Miroir : static/js/worker/field_desaccords.js, aux mêmes adresses.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, session
from werkzeug.wrappers import Response

from app.cadre import annoncer, rendre
from app.domain.saisie import lire_archive, lire_coche, lire_fin_de_partage, lire_partage, lire_reglement
from app.securite.permissions import permission
from app.securite.portier import rediriger
from app.viewmodels.desaccord import face_a_face
from app.viewmodels.messages import message_archive, message_coche, message_desaccord
from app.viewmodels.partage import partage as vue_partage
from app.views import carnet
from app.views.formulaire import conclure, noter_autrement

partages = Blueprint("partages", __name__, url_prefix="/dossiers/<uuid:id>")

PAGE, TITRE, ONGLET = "partages/pages/partage.html", "Partager un dossier", "dossiers"


@partages.post("/desaccords/<uuid:fiche>")
@permission("entretiens.noter")
def regler(id: UUID, fiche: UUID) -> Response:
    dossier, contexte = carnet.dossier(str(id)), carnet.contexte()
    desaccord = carnet.fiche(dossier["desaccords"], str(fiche))
    lu = lire_reglement(carnet.saisie(), {"desaccord": desaccord})
    choix = "propose" if lu["champs"]["choix"] == "propose" else "en_vigueur"
    vue = face_a_face(desaccord, dossier, contexte["aujourd_hui"])
    return _faire(id, lu, message_desaccord(vue, choix, contexte))


@partages.post("/entretiens/<uuid:fiche>/partage")
@permission("entretiens.noter")
def cocher(id: UUID, fiche: UUID) -> Response:
    entretien = carnet.fiche(carnet.dossier_suivi(str(id))["entretiens"], str(fiche))
    lu = lire_coche(carnet.saisie(), {"entretien": entretien})
    return _faire(id, lu, message_coche(lu["operations"]))


@partages.post("/archiver")
@permission("entretiens.noter")
def archiver(id: UUID) -> Response:
    return _ranger(id, True)


@partages.post("/rouvrir")
@permission("entretiens.noter")
def rouvrir(id: UUID) -> Response:
    return _ranger(id, False)


@partages.get("/partager")
@permission("entretiens.noter")
def ouvrir(id: UUID) -> Response:
    return _montrer(carnet.dossier_suivi(str(id)))


@partages.post("/partager")
@permission("entretiens.noter")
def partager(id: UUID) -> Response:
    dossier, saisie = carnet.dossier_suivi(str(id)), carnet.saisie()
    return conclure(
        lire_partage(saisie, carnet.contexte() | {"dossier": dossier}),
        vers=f"/dossiers/{id}",
        remontrer=lambda erreurs: _montrer(dossier, saisie, erreurs),
    )


@partages.post("/partages/<uuid:fiche>/cesser")
@permission("entretiens.noter")
def cesser(id: UUID, fiche: UUID) -> Response:
    partage = carnet.fiche(carnet.dossier(str(id))["partages"], str(fiche))
    lu = lire_fin_de_partage(carnet.saisie(), carnet.contexte() | {"partage": partage})
    fini = {"texte": "Partage terminé.", "ton": "fait", "suite": None, "annuler": None}
    # Qui rend un dossier ne l'a plus : il n'y a pas d'écran où revenir.
    rendu = partage["utilisateur"] == carnet.acteur().utilisateur_id and not carnet.acteur().voit_tout
    return _faire(id, lu, fini, vers="/dossiers" if rendu else None)


def _ranger(id: UUID, archiver: bool) -> Response:
    dossier, contexte = carnet.dossier(str(id)), carnet.contexte()
    lu = lire_archive(carnet.saisie(), contexte | {"dossier": dossier}, archiver)
    return _faire(id, lu, message_archive(dossier, archiver, contexte))


def _faire(id: UUID, lu: dict[str, Any], message: dict[str, Any], vers: str | None = None) -> Response:
    """Un geste n'a pas de saisie à reprendre : refusé, il ramène au dossier, qui dit pourquoi."""
    erreurs, a_regler = lu["erreurs"], False
    try:
        a_regler = carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        erreurs = refus.erreurs
    if erreurs:
        annoncer(" ".join(erreurs.values()))
    else:
        session["message"] = noter_autrement(lu["operations"]) if a_regler else message
    return rediriger(vers if vers and not erreurs else f"/dossiers/{id}")


def _montrer(
    dossier: dict[str, Any], saisie: dict[str, Any] | None = None, erreurs: dict[str, str] | None = None
) -> Response:
    page = vue_partage(dossier, carnet.contexte(), saisie, erreurs)
    return rendre(PAGE, titre=TITRE, onglet=ONGLET, statut=422 if erreurs else 200, **page)
