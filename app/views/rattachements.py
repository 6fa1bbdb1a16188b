"""Rattacher à un dossier quelqu'un que l'on connaît de la rue ; l'en détacher.

Miroir : static/js/worker/field_rattachements.js.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import annoncer, rendre
from app.domain.roles import ACCOMPAGNANTS
from app.domain.saisie import lire_detachement, lire_rattachement
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels import rattachement as vues
from app.views import carnet, choix
from app.views.feuilles import Fiche, trouver
from app.views.formulaire import conclure, identifiant

rattachements = Blueprint("rattachements", __name__)

TITRE, ONGLET = "Rattacher", "maraude"
DETACHEE = {"texte": "Détachée\u202f: ses rencontres restent au cahier.", "ton": "fait", "suite": None, "annuler": None}


@rattachements.get("/connus/<uuid:id>/rattacher")
@permission("entretiens.noter")
def choisir(id: UUID) -> Response:
    voulu = identifiant(request.args.get("dossier"))
    if voulu is None:
        return _choisir(id)
    return _montrer(*_connu(id), carnet.dossier_suivi(voulu))


@rattachements.post("/connus/<uuid:id>/rattacher/choisir")
@permission("entretiens.noter")
def chercher(id: UUID) -> Response:
    return _choisir(id, request.form.get("q", ""))


def _choisir(id: UUID, q: str = "") -> Response:
    page = choix.page(q, vers=f"/connus/{id}/rattacher", chercher=f"/connus/{id}/rattacher/choisir")
    page |= vues.a_quel_dossier(*_connu(id), carnet.contexte())
    return rendre(choix.PAGE, titre=TITRE, onglet=ONGLET, **page)


@rattachements.post("/connus/<uuid:id>/rattacher")
@permission("entretiens.noter")
def rattacher(id: UUID) -> Response:
    cahier, connu = _connu(id)
    saisie, dossier = carnet.saisie(), carnet.dossier_suivi(identifiant(request.form.get("dossier")) or "")
    return conclure(
        lire_rattachement(saisie, carnet.contexte() | {"connu": connu, "dossier": dossier}),
        vers=f"/connus/{id}",
        remontrer=lambda erreurs: _montrer(cahier, connu, dossier, saisie, erreurs),
    )


@rattachements.post("/dossiers/<uuid:id>/rattachements/<uuid:fiche>/detacher")
@permission("entretiens.noter")
def detacher(id: UUID, fiche: UUID) -> Response:
    dossier = carnet.dossier_suivi(str(id))
    rattachement = carnet.fiche(dossier["personne"].get("rattachements") or [], str(fiche))
    lu = lire_detachement(carnet.saisie(), {"dossier": dossier, "rattachement": rattachement})
    erreurs = lu["erreurs"]
    try:
        carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        erreurs = refus.erreurs
    if erreurs:
        annoncer(" ".join(erreurs.values()))
    else:
        session["message"] = DETACHEE
    return rediriger(f"/dossiers/{id}")


def _connu(id: UUID) -> tuple[Fiche, Fiche]:
    """Quelqu'un de connu d'un cahier que l'on tient ; sinon 404."""
    cahier, connu = trouver("connu", id)
    if connu["retiree_le"] or compte().role not in ACCOMPAGNANTS:
        raise NotFound
    return cahier, connu


def _montrer(
    cahier: Fiche, connu: Fiche, dossier: Fiche, saisie: Fiche | None = None, erreurs: dict[str, str] | None = None
) -> Response:
    page = vues.rattacher(cahier, connu, dossier, carnet.contexte(), saisie, erreurs)
    statut = 422 if erreurs else 200
    return rendre("partages/pages/rattacher.html", titre=TITRE, onglet=ONGLET, statut=statut, **page)
