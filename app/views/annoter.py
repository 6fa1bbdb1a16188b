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
from app.viewmodels.annuaire import suite_de, trouver
from app.views import carnet
from app.views.annuaire import ONGLET, TITRE, dossier_cherche, emportee, un_service
from app.views.feuilles import Ecrans, Fiche, Formulaire, ou_404

annoter = Blueprint("annoter", __name__)

ECRANS = Ecrans(TITRE, ONGLET, "feuille_formulaire")


@annoter.get("/annuaire/services/<uuid:id>/noter")
@permission("entretiens.noter")
def noter(id: UUID) -> Response:
    return _neuve(id)[0].montrer()


@annoter.post("/annuaire/services/<uuid:id>/noter")
@permission("entretiens.noter")
def notee(id: UUID) -> Response:
    formulaire, suite = _neuve(id)
    return formulaire.enregistrer(lectures.lire_annotation, f"/annuaire/services/{id}{suite}")


def _neuve(id: UUID) -> tuple[Formulaire, str]:
    """Le formulaire, et ce que l'adresse garde de la personne pour qui l'on cherche."""
    cahier, suite = ou_404(carnet_de(carnet.cahiers())), suite_de(dossier_cherche())
    return ECRANS.formulaire(vues.annoter, cahier, un_service(id, carnet.contexte()), suite), suite


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
