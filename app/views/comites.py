"""Comités techniques, au bureau : en ouvrir un, dire qui y va, imprimer ses situations et ses décisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import annoncer, rendre
from app.domain.cahier import valeur
from app.domain.identifiant import est_identifiant
from app.equipe.cahiers import collegues, membres_de
from app.reunions import comites as lecture
from app.reunions.comites import Comite
from app.reunions.resume import feuille
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels import comite as vues
from app.views import carnet
from app.views.confirmation import mot_de_passe_recent
from app.views.imprimes import en_pdf

comites = Blueprint("comites", __name__, url_prefix="/reunions/comites")

ACCUEIL = "/reunions/comites"
Erreurs = dict[str, str]
# Ce que le bureau nomme autrement que l'opération.
_NOMS = {"nom": "titre"}


@comites.get("")
@permission("equipe")
def liste() -> Response:
    return _liste()


@comites.post("")
@permission("equipe")
def creer() -> Response:
    id = request.form.get("id", "")
    lus, erreurs = lecture.lire_reunion(request.form)
    erreurs = erreurs or faire("creer_cahier", id, id, {"genre": "comite", **lus})
    if erreurs:
        return _liste(request.form.to_dict(), erreurs)
    annoncer("C’est noté\u202f: choisissez maintenant les situations, puis qui y va.")
    return rediriger(f"{ACCUEIL}/{id}/choisir")


@comites.get("/<uuid:id>")
@permission("equipe")
def un_comite(id: UUID) -> Response:
    return _comite(trouver(id))


@comites.post("/<uuid:id>")
@permission("equipe")
def corriger(id: UUID) -> Response:
    comite = trouver(id)
    lus, erreurs = lecture.lire_reunion(request.form)
    erreurs = erreurs or faire("modifier_cahier", comite.id, comite.id, lus, _base())
    if erreurs:
        return _comite(comite, request.form.to_dict(), erreurs)
    annoncer("C’est noté.")
    return rediriger(f"{ACCUEIL}/{id}")


@comites.get("/<uuid:id>/imprimer")
@permission("equipe")
@mot_de_passe_recent
def imprimer(id: UUID) -> Response:
    """Les situations qui ont un dossier, une feuille chacune."""
    comite, contexte = trouver(id), carnet.contexte()
    siens = dossiers_de(comite)
    feuilles = [
        feuille(carnet.dossier(siens[une["id"]]), contexte, comite, valeur(une, "decision"))
        for une in comite.situations[: lecture.LOT]
        if une["id"] in siens
    ]
    return _feuilles(comite, feuilles, None)


@comites.get("/<uuid:id>/decisions")
@permission("equipe")
@mot_de_passe_recent
def decisions(id: UUID) -> Response:
    comite = trouver(id)
    return _feuilles(comite, [lecture.releve(comite, carnet.contexte())], f"{ACCUEIL}/{id}/decisions.pdf")


@comites.get("/<uuid:id>/decisions.pdf")
@permission("equipe")
@mot_de_passe_recent
def decisions_pdf(id: UUID) -> Response:
    return en_pdf(lecture.releve(trouver(id), carnet.contexte()))


def faire(genre: str, entite: str, cahier_id: str, champs: dict[str, Any], base: int | None = None) -> Erreurs:
    """Par la porte de tout le reste. La page choisit l'opération : envoyée deux fois, elle n'en fait qu'une."""
    op_id = request.form.get("operation", "")
    if not est_identifiant(op_id) or not est_identifiant(entite):
        raise BadRequest
    operation = {"id": op_id, "genre": genre, "entite": entite, "personne": cahier_id, "champs": champs, "base": base}
    return {_NOMS.get(nom, nom): dit for nom, dit in enregistrer([operation]).items()}


def enregistrer(operations: Sequence[dict[str, Any]]) -> Erreurs:
    try:
        carnet.enregistrer(operations)
    except carnet.Refusee as refus:
        return refus.erreurs
    return {}


def _base() -> int:
    """La version que la page montrait."""
    texte = request.form.get("version", "")
    if not (texte.isascii() and texte.isdecimal() and len(texte) < 16):
        raise BadRequest
    return int(texte)


def dossiers_de(comite: Comite) -> dict[str, str]:
    return lecture.dossiers(db.session(), compte().structure_id, comite)


def _liste(saisie: dict[str, str] | None = None, erreurs: Erreurs | None = None) -> Response:
    return rendre(
        "serveur/bureau/comites.html",
        titre="Comités techniques",
        onglet="bureau",
        statut=422 if erreurs else 200,
        reunions=lecture.lister(db.session(), compte().structure_id),
        saisie=saisie or {},
        erreurs=erreurs or {},
        id=(saisie or {}).get("id") or str(uuid7()),
        operation=str(uuid7()),
    )


def _comite(comite: Comite, saisie: dict[str, str] | None = None, erreurs: Erreurs | None = None) -> Response:
    connu = {"jour": comite.jour.isoformat(), "titre": comite.titre, "avec": comite.avec or ""}
    structure = compte().structure_id
    membres = membres_de(db.session(), structure, [comite.id])[comite.id]
    return rendre(
        "serveur/bureau/comite.html",
        titre="Comité technique",
        onglet="bureau",
        statut=422 if erreurs else 200,
        comite=comite,
        suites={une["id"]: vues.suite(une, carnet.contexte()) for une in comite.situations},
        membres=membres,
        proposes=[(qui, nom) for qui, nom in collegues(db.session(), structure).items() if qui not in membres],
        saisie=saisie or connu,
        erreurs=erreurs or {},
        nouvelle_operation=lambda: str(uuid7()),
    )


def _feuilles(comite: Comite, feuilles: list[dict[str, Any]], url_pdf: str | None) -> Response:
    return rendre(
        "serveur/bureau/feuilles.html",
        titre="Comité technique",
        onglet="bureau",
        feuilles=feuilles,
        url_pdf=url_pdf,
        retour=f"{ACCUEIL}/{comite.id}",
        retour_libelle="Comité",
        aucune="Choisissez d’abord des situations.",
    )


def trouver(id: UUID) -> Comite:
    trouve = lecture.trouver(db.session(), compte().structure_id, str(id))
    if trouve is None:
        raise NotFound
    return trouve
