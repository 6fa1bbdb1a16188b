"""Ce que l'équipe note d'un service de l'annuaire : ajouter une note, la corriger, la retirer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from app.domain import saisie as lectures
from app.domain.annuaire import carnet_de
from app.domain.cahier import valeur
from app.securite.permissions import permission
from app.viewmodels import annotation as vues
from app.viewmodels.annuaire import trouver
from app.views import carnet
from app.views.annuaire import ONGLET, TITRE, emportee, un_service
from app.views.feuilles import Ecrans, Fiche, Formulaire, ou_404

annoter = Blueprint("annoter", __name__)

ECRANS = Ecrans(TITRE, ONGLET, "feuille_formulaire")


@annoter.get("/annuaire/services/<uuid:id>/noter")
@permission("entretiens.noter")
def noter(id: UUID) -> Response:
    return _neuve(id).montrer()


@annoter.post("/annuaire/services/<uuid:id>/noter")
@permission("entretiens.noter")
def notee(id: UUID) -> Response:
    return _neuve(id).enregistrer(lectures.lire_annotation, f"/annuaire/services/{id}")


def _neuve(id: UUID) -> Formulaire:
    cahier = ou_404(carnet_de(carnet.cahiers()))
    return ECRANS.formulaire(vues.annoter, cahier, un_service(id, carnet.contexte()))


def _au_service(_cahier: Fiche, fiche: Fiche) -> str:
    """Sa fiche, tant que l'annuaire l'a ; la note d'un service parti ramène à l'annuaire."""
    service_id = valeur(fiche, "service_id")
    connu = trouver(emportee(carnet.contexte()), service_id)
    return f"/annuaire/services/{service_id}" if connu else "/annuaire"


ECRANS.corriger(
    annoter,
    "annotation",
    vue=vues.corriger,
    lire=lectures.lire_annotation,
    vers=_au_service,
    apres_retrait=_au_service,
)
