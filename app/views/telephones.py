"""Les téléphones de l'équipe : où en est chacun, le retirer, combien de jours un carnet s'ouvre sans le serveur."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.equipe import appareils
from app.models import Appareil, Structure, Utilisateur
from app.securite.comptes import consigner
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet

telephones = Blueprint("telephones", __name__, url_prefix="/equipe")

ACCUEIL = "/equipe/appareils"
BAIL_MAX = 30


@telephones.get("/appareils")
@permission("equipe")
def liste_des_appareils() -> Response:
    return _page_appareils()


@telephones.get("/appareils/<uuid:id>")
@permission("equipe")
def confirmer_le_retrait(id: UUID) -> Response:
    structure = compte().structure_id
    vus = appareils.lire(db.session(), structure, carnet.maintenant())
    vu = next((vu for vu in vus if vu.id == str(id) and not vu.revoque_le), None)
    if vu is None:
        raise NotFound
    return rendre(
        "serveur/bureau/retirer_appareil.html",
        titre="Équipe",
        onglet="bureau",
        a=vu,
        bail=db.session.get_one(Structure, structure).bail_jours,
        action=f"{ACCUEIL}/{id}/retirer",
        retour=ACCUEIL,
        retour_libelle="Téléphones",
    )


@telephones.post("/appareils/<uuid:id>/retirer")
@permission("equipe")
def retirer(id: UUID) -> Response:
    qui = compte()
    with ecriture() as base:
        appareil = base.get(Appareil, (qui.structure_id, str(id)))
        if appareil is None:
            raise NotFound
        if appareil.revoque_le is None:
            appareil.revoque_le = dt.datetime.now(dt.UTC)
            proprietaire = base.get_one(Utilisateur, (qui.structure_id, appareil.utilisateur_id))
            consigner(base, "appareil_retire", proprietaire, qui.utilisateur_id)
    annoncer("Appareil retiré. À son prochain échange il enverra ce qu’il garde, puis effacera sa copie.")
    return rediriger(ACCUEIL)


@telephones.post("/bail")
@permission("equipe")
def regler_le_bail() -> Response:
    """Combien de jours un carnet s'ouvre sans avoir joint le serveur."""
    texte = request.form.get("bail_jours", "").strip()
    jours = int(texte) if texte.isascii() and texte.isdecimal() and len(texte) <= 3 else 0
    if not 1 <= jours <= BAIL_MAX:
        return _page_appareils(texte, f"De 1 à {BAIL_MAX} jours.")
    with ecriture() as base:
        base.get_one(Structure, compte().structure_id).bail_jours = jours
    annoncer("C’est noté\u202f: chaque téléphone l’apprendra à son prochain échange.")
    return rediriger(ACCUEIL)


def _page_appareils(bail: str | None = None, erreur: str | None = None) -> Response:
    structure = compte().structure_id
    return rendre(
        "serveur/bureau/appareils.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if erreur else 200,
        appareils=appareils.lire(db.session(), structure, carnet.maintenant()),
        bail=bail if bail is not None else db.session.get_one(Structure, structure).bail_jours,
        bail_erreur=erreur,
        bail_max=BAIL_MAX,
    )
