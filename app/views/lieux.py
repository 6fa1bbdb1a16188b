"""Les lieux où l'on reçoit : où ils sont, quand ils ouvrent, qui les prête."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.francais import SEMAINE
from app.domain.identifiant import est_identifiant
from app.equipe import lieux as lecture
from app.models import Lieu
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger

lieux = Blueprint("lieux", __name__, url_prefix="/lieux")

ACCUEIL = "/lieux"


@lieux.get("")
@permission("lieux")
def liste() -> Response:
    return rendre(
        "serveur/bureau/lieux.html",
        titre="Lieux",
        onglet="bureau",
        lieux=[(lieu, lecture.ouvertures(lieu)) for lieu in _tous()],
    )


@lieux.get("/nouveau")
@permission("lieux")
def nouveau() -> Response:
    return _montrer(str(uuid7()), None, lecture.Saisie(lecture.valeurs(None)))


@lieux.post("/nouveau")
@permission("lieux")
def ajouter() -> Response:
    identifiant = request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    return _enregistrer(identifiant, None)


@lieux.get("/<uuid:id>")
@permission("lieux")
def modifier(id: UUID) -> Response:
    lieu = _trouver(id)
    return _montrer(lieu.id, lieu, lecture.Saisie(lecture.valeurs(lieu)))


@lieux.post("/<uuid:id>")
@permission("lieux")
def corriger(id: UUID) -> Response:
    return _enregistrer(str(id), _trouver(id))


def _enregistrer(identifiant: str, lieu: Lieu | None) -> Response:
    autres = [autre for autre in _tous() if autre.id != identifiant]
    lu = lecture.lire_saisie(request.form, lieu, _est_ecrit(lieu), autres)
    if lu.erreurs:
        return _montrer(identifiant, lieu, lu)
    with ecriture() as session:
        lecture.enregistrer(session, compte().structure_id, identifiant, lu.lues)
    annoncer("C’est noté\u202f; les téléphones le sauront au prochain échange.")
    return rediriger(ACCUEIL)


def _montrer(identifiant: str, lieu: Lieu | None, lu: lecture.Saisie) -> Response:
    return rendre(
        "serveur/bureau/lieu.html",
        titre="Lieux",
        onglet="bureau",
        statut=422 if lu.erreurs else 200,
        id=identifiant,
        lieu=lieu,
        fige=_est_ecrit(lieu),
        f=lu.f,
        erreurs=lu.erreurs,
        semaine=SEMAINE,
    )


def _est_ecrit(lieu: Lieu | None) -> bool:
    return lieu is not None and lecture.est_ecrit(db.session(), compte().structure_id, lieu.nom)


def _tous() -> list[Lieu]:
    return lecture.lire(db.session(), compte().structure_id)


def _trouver(id: UUID) -> Lieu:
    trouve = next((lieu for lieu in _tous() if lieu.id == str(id)), None)
    if trouve is None:
        raise NotFound
    return trouve
