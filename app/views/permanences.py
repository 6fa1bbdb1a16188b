"""Les permanences : chacun tient les siennes ; qui tient les lieux, celles de tous."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from sqlalchemy import select
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.francais import SEMAINE
from app.domain.identifiant import est_identifiant
from app.domain.recherche import cle
from app.domain.roles import TERRAIN
from app.equipe import permanences as lecture
from app.equipe.lieux import lire as lire_lieux
from app.models import Lieu, Permanence, Utilisateur
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.views import carnet

permanences = Blueprint("permanences", __name__, url_prefix="/permanences")

ACCUEIL = "/permanences"


@permanences.get("")
@permission("permanences")
def liste() -> Response:
    return rendre(
        "serveur/bureau/permanences.html",
        titre="Permanences",
        onglet="bureau",
        permanences=_visibles(),
        noms=_qui(),
        lieux={lieu.id: lieu.nom for lieu in _lieux()},
        semaine=SEMAINE,
        de_tous=_de_tous(),
    )


@permanences.get("/nouvelle")
@permission("permanences")
def nouvelle() -> Response:
    return _montrer(str(uuid7()), None, lecture.neuve(compte().utilisateur_id, carnet.aujourd_hui()))


@permanences.post("/nouvelle")
@permission("permanences")
def ajouter() -> Response:
    identifiant = request.form.get("id", "")
    deja = db.session.get(Permanence, (compte().structure_id, identifiant)) if est_identifiant(identifiant) else None
    if not est_identifiant(identifiant) or (deja is not None and deja.id not in [p.id for p in _visibles()]):
        raise BadRequest
    return _enregistrer(identifiant, None)


@permanences.get("/<uuid:id>")
@permission("permanences")
def modifier(id: UUID) -> Response:
    permanence = _trouver(id)
    return _montrer(permanence.id, permanence, lecture.telle_quelle(permanence))


@permanences.post("/<uuid:id>")
@permission("permanences")
def corriger(id: UUID) -> Response:
    return _enregistrer(str(id), _trouver(id))


@permanences.post("/<uuid:id>/retirer")
@permission("permanences")
def retirer(id: UUID) -> Response:
    identifiant = _trouver(id).id
    with ecriture() as session:
        lecture.retirer(session, compte().structure_id, identifiant)
    annoncer("Permanence retirée. Les rendez-vous déjà proposés restent.")
    return rediriger(ACCUEIL)


def _enregistrer(identifiant: str, permanence: Permanence | None) -> Response:
    qui = compte()
    saisie = request.form.to_dict() | ({} if _de_tous() else {"utilisateur": qui.utilisateur_id})
    proposes = [lieu.id for lieu in _lieux() if lieu.actif or (permanence and lieu.id == permanence.lieu_id)]
    lu = lecture.lire_saisie(saisie, list(_qui()), proposes)
    if lu.erreurs:
        return _montrer(identifiant, permanence, lu)
    with ecriture() as session:
        lecture.enregistrer(session, qui.structure_id, identifiant, lu.lues, qui.utilisateur_id, carnet.maintenant())
    annoncer("C’est noté\u202f: ses créneaux libres seront proposés dans les rendez-vous.")
    return rediriger(ACCUEIL)


def _montrer(identifiant: str, permanence: Permanence | None, lu: lecture.Saisie) -> Response:
    return rendre(
        "serveur/bureau/permanence.html",
        titre="Permanences",
        onglet="bureau",
        statut=422 if lu.erreurs else 200,
        id=identifiant,
        permanence=permanence,
        f=lu.f,
        erreurs=lu.erreurs,
        utilisateurs=list(_qui().items()) if _de_tous() else [],
        lieux=[(lieu.id, lieu.nom) for lieu in _lieux() if lieu.actif or lieu.id == lu.f["lieu"]],
        jours=[(str(rang), jour) for rang, jour in enumerate(SEMAINE)],
        pas=[str(pas) for pas in lecture.PAS],
    )


def _de_tous() -> bool:
    return peut(compte().role, "lieux")


def _qui() -> dict[str, str]:
    """Qui peut recevoir : soi, ou quiconque suit des dossiers, pour qui tient les permanences de tous."""
    qui, u = compte(), Utilisateur
    requete = select(u.id, u.prenom, u.nom).where(u.structure_id == qui.structure_id, u.actif.is_(True))
    requete = requete.where(u.role.in_(TERRAIN)) if _de_tous() else requete.where(u.id == qui.utilisateur_id)
    lus = sorted(db.session.execute(requete), key=lambda lu: cle(f"{lu.prenom} {lu.nom}"))
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}


def _visibles() -> list[Permanence]:
    qui = compte()
    toutes = lecture.lire(db.session(), qui.structure_id, None if _de_tous() else qui.utilisateur_id)
    return [permanence for permanence in toutes if permanence.utilisateur_id in _qui()]


def _lieux() -> list[Lieu]:
    return lire_lieux(db.session(), compte().structure_id)


def _trouver(id: UUID) -> Permanence:
    trouvee = next((permanence for permanence in _visibles() if permanence.id == str(id)), None)
    if trouvee is None:
        raise NotFound
    return trouvee
