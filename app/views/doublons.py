"""Doublons possibles : comparer deux dossiers, les réunir, les séparer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.identifiant import est_identifiant
from app.domain.personne import nom_affiche
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.supervision import doublons as lecture
from app.viewmodels.contexte import libelle_convention
from app.views import carnet, structure_entiere
from sync.doublons import ecarter, ecartes, en_ordre, remettre

doublons = Blueprint("doublons", __name__, url_prefix="/supervision/doublons")

ACCUEIL = "/supervision/doublons"


@doublons.get("")
@permission("fiches.controler")
def liste() -> Response:
    qui = compte()
    personnes = structure_entiere.identites(db.session(), qui.structure_id, qui.role)
    trouvees, ecartees = lecture.trier(
        lecture.chercher(personnes, carnet.aujourd_hui()), ecartes(db.session(), qui.structure_id)
    )
    return rendre(
        "serveur/bureau/doublons.html",
        titre="Doublons possibles",
        onglet="bureau",
        paires=trouvees[: lecture.PAGE],
        total=len(trouvees),
        ecartees=ecartees[: lecture.PAGE],
    )


@doublons.get("/<uuid:reste>/<uuid:autre>")
@permission("fiches.controler")
def comparer(reste: UUID, autre: UUID) -> Response:
    premier, second = _les_deux(reste, autre)
    contexte = carnet.contexte()
    codes = {mesure["convention"] for dossier in (premier, second) for mesure in dossier["mesures"]}
    return rendre(
        "serveur/bureau/doublon.html",
        titre="Comparer deux dossiers",
        onglet="bureau",
        op_id=str(uuid7()),
        montree=premier["personne"]["version"],
        distinctes=en_ordre(str(reste), str(autre)) in ecartes(db.session(), compte().structure_id),
        noms_conventions={code: libelle_convention(code, contexte) for code in codes},
        **lecture.face_a_face(premier, second, carnet.aujourd_hui()),
    )


@doublons.post("/<uuid:reste>/<uuid:autre>")
@permission("fiches.controler")
def reunir(reste: UUID, autre: UUID) -> Response:
    """Les valeurs viennent de la base ; le formulaire dit seulement de quel côté prendre chacune."""
    premier, second = _les_deux(reste, autre)
    dites = lecture.choisies(premier, second, request.form.to_dict(), carnet.aujourd_hui())
    version = request.form.get("version", "")
    base = int(version) if version.isdecimal() and len(version) < 16 else None
    if not _faire("fusionner_dossiers", reste, {"absorbee": str(autre), **dites}, base):
        return rediriger(f"{ACCUEIL}/{reste}/{autre}")
    annoncer(f"Dossiers réunis sous {nom_affiche(premier['personne'])}\u202f: les téléphones suivront.")
    return rediriger(f"/supervision/historique/{reste}")


@doublons.post("/<uuid:reste>/<uuid:autre>/distinguer")
@permission("fiches.controler")
def distinguer(reste: UUID, autre: UUID) -> Response:
    """Ce sont deux personnes ; ou, finalement, la paire est à regarder encore."""
    deux = _les_deux(reste, autre)
    paire, qui = (str(reste), str(autre)), compte()
    a_revoir = request.form.get("geste") == "remettre"
    with ecriture() as base:
        if a_revoir:
            remettre(base, qui.structure_id, paire)
        else:
            ecarter(
                base,
                qui.structure_id,
                paire,
                lecture.raison(*deux, carnet.aujourd_hui()),
                qui.utilisateur_id,
                carnet.maintenant(),
            )
    noms = " et ".join(nom_affiche(dossier["personne"]) for dossier in deux)
    annoncer(f"{noms}\u202f: à regarder de nouveau." if a_revoir else f"{noms}\u202f: deux personnes, c’est retenu.")
    return rediriger(ACCUEIL)


@doublons.post("/<uuid:reste>/separer")
@permission("fiches.controler")
def separer(reste: UUID) -> Response:
    fusion = request.form.get("fusion", "")
    if not est_identifiant(fusion):
        raise BadRequest
    if _faire("separer_dossiers", reste, {"fusion": fusion}):
        annoncer("Dossiers séparés\u202f: chacun a repris ses fiches.")
    return rediriger(f"/supervision/historique/{reste}")


def _faire(genre: str, dossier: UUID, champs: dict[str, Any], base: int | None = None) -> bool:
    op_id = request.form.get("op_id", "")
    if not est_identifiant(op_id):
        raise BadRequest
    entite = str(dossier)
    operation = {"id": op_id, "genre": genre, "entite": entite, "personne": entite, "base": base, "champs": champs}
    try:
        carnet.enregistrer([operation])
    except carnet.Refusee as refus:
        annoncer(" ".join(refus.erreurs.values()))
        return False
    return True


def _les_deux(reste: UUID, autre: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    premier, second = carnet.dossier(str(reste)), carnet.dossier(str(autre))
    if premier["personne"]["id"] == second["personne"]["id"]:
        raise NotFound
    return premier, second
