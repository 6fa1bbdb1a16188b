"""Proposer un rendez-vous, le déplacer, dire ce qu'il en est advenu."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, session
from werkzeug.wrappers import Response

from app.cadre import annoncer, chemin_local, rendre
from app.domain.permanence import creneaux
from app.domain.saisie import lire_constat, lire_rendez_vous
from app.securite.permissions import permission
from app.securite.portier import rediriger
from app.viewmodels.messages import message_constat
from app.viewmodels.rendez_vous import rendez_vous as vue_rendez_vous
from app.views import carnet, choix
from app.views.formulaire import Fiche, Formulaire, identifiant, noter_autrement
from app.views.sans_entretien import selon_le_role

rendez_vous = Blueprint("rendez_vous", __name__, url_prefix="/rendez-vous")

ONGLET = "dossiers"
CRENEAUX = 4


def _vue(dossier: Fiche, contexte: dict[str, Any], *reste: Any) -> dict[str, Any]:
    """Le formulaire, avec les créneaux libres de ses permanences."""
    permanences = contexte["reference"].get("permanences")
    libres = creneaux(permanences, carnet.agenda(), contexte["maintenant"], CRENEAUX) if permanences else []
    return vue_rendez_vous(dossier, contexte | {"creneaux": libres}, *reste)


FORMULAIRE = Formulaire("partages/pages/rendez_vous.html", ONGLET, lire_rendez_vous, _vue)
PROPOSER, DEPLACER = "Proposer un rendez-vous", "Déplacer un rendez-vous"


@rendez_vous.get("/nouveau")
@permission("dossiers.ecrire")
def nouveau() -> Response:
    personne_id = identifiant(request.args.get("dossier"))
    if personne_id is None:
        return _choisir()
    return FORMULAIRE.montrer(PROPOSER, carnet.dossier(personne_id))


@rendez_vous.post("/choisir")
@permission("dossiers.ecrire")
def chercher() -> Response:
    """Par POST : un nom cherché ne doit entrer dans aucune adresse."""
    return _choisir(request.form.get("q", ""))


def _choisir(q: str = "") -> Response:
    page = choix.page(q, "/rendez-vous/nouveau", "/rendez-vous/choisir")
    return rendre(choix.PAGE, titre=PROPOSER, onglet=ONGLET, **page)


@rendez_vous.post("/nouveau")
@permission("dossiers.ecrire")
def proposer() -> Response:
    return FORMULAIRE.enregistrer(PROPOSER, carnet.dossier_du_formulaire())


@rendez_vous.get("/<uuid:id>/deplacer")
@permission("dossiers.ecrire")
def deplacer(id: UUID) -> Response:
    dossier = carnet.dossier_du_rendez_vous(str(id))
    return FORMULAIRE.montrer(DEPLACER, dossier, carnet.fiche(dossier["rendez_vous"], str(id)))


@rendez_vous.post("/<uuid:id>/deplacer")
@permission("dossiers.ecrire")
def deplace(id: UUID) -> Response:
    dossier = carnet.dossier_du_rendez_vous(str(id))
    return FORMULAIRE.enregistrer(DEPLACER, dossier, carnet.fiche(dossier["rendez_vous"], str(id)))


@rendez_vous.post("/<uuid:id>/constat")
@permission("dossiers.ecrire")
def constater(id: UUID) -> Response:
    """L'issue en un geste ; « propose » la défait."""
    dossier = carnet.dossier_du_rendez_vous(str(id))
    avant, contexte = carnet.fiche(dossier["rendez_vous"], str(id)), carnet.contexte()
    retour = chemin_local(request.form.get("retour"), f"/dossiers/{dossier['personne']['id']}")
    lu = lire_constat(carnet.saisie(), contexte | {"rendez_vous": avant, "dossier": dossier})
    erreurs, a_regler = lu["erreurs"], False
    try:
        a_regler = carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        erreurs = refus.erreurs
    if erreurs:
        annoncer(" ".join(erreurs.values()))
    elif a_regler:
        session["message"] = noter_autrement(lu["operations"])
    else:
        session["message"] = selon_le_role(message_constat(avant, lu["champs"]["statut"], dossier, contexte))
    return rediriger(retour)
