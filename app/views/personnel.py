"""Personnel : la fonction, le temps de travail, le diplôme de chacun. Seul le chef de service l'écrit et le lit."""

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
from app.domain.mesure import convention_au, nom_court
from app.equipe import personnel as lecture
from app.equipe.personnel import Fiche
from app.models import Agent
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet
from sync.conventions import conventions_de

personnel = Blueprint("personnel", __name__, url_prefix="/equipe/personnel")

ACCUEIL = "/equipe/personnel"


@personnel.get("")
@permission("equipe")
def liste() -> Response:
    return rendre("serveur/bureau/personnel.html", titre="Équipe", onglet="bureau", fiches=_lire())


@personnel.get("/nouveau")
@permission("equipe")
def nouveau() -> Response:
    return _formulaire(str(uuid7()))


@personnel.post("/nouveau")
@permission("equipe")
def creer() -> Response:
    identifiant = request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    return _enregistrer(identifiant, None)


@personnel.get("/<uuid:id>")
@permission("equipe")
def une_fiche(id: UUID) -> Response:
    return _montrer(_trouver(id))


@personnel.post("/<uuid:id>")
@permission("equipe")
def corriger(id: UUID) -> Response:
    return _enregistrer(str(id), _trouver(id))


@personnel.post("/<uuid:id>/temps")
@permission("equipe")
def dater(id: UUID) -> Response:
    fiche, structure = _trouver(id), compte().structure_id
    lues, erreurs = lecture.lire_temps(request.form, [convention["code"] for convention in _conventions()])
    if erreurs:
        return _montrer(fiche, erreurs_temps=erreurs)
    with ecriture() as session:
        lecture.dater_temps(session, structure, str(id), lues)
    annoncer("Temps de travail noté.")
    return rediriger(f"{ACCUEIL}/{id}")


def _enregistrer(identifiant: str, fiche: Fiche | None) -> Response:
    qui = compte()
    sien = fiche.agent.utilisateur_id if fiche else None
    lues, erreurs = lecture.lire_fiche(request.form, lecture.comptes_libres(db.session(), qui.structure_id, sien))
    if erreurs:
        return _montrer(fiche, erreurs) if fiche else _formulaire(identifiant, erreurs)
    with ecriture() as session:
        lecture.enregistrer(session, qui.structure_id, identifiant, lues, qui.utilisateur_id, carnet.maintenant())
    annoncer("C’est noté." if fiche else "C’est noté\u202f: donnez maintenant son temps de travail.")
    return rediriger(ACCUEIL if fiche else f"{ACCUEIL}/{identifiant}")


def _montrer(
    fiche: Fiche, erreurs: dict[str, str] | None = None, erreurs_temps: dict[str, str] | None = None
) -> Response:
    return _page(fiche.agent.id, fiche, erreurs, erreurs_temps)


def _formulaire(identifiant: str, erreurs: dict[str, str] | None = None) -> Response:
    return _page(identifiant, None, erreurs, None)


def _page(
    identifiant: str, fiche: Fiche | None, erreurs: dict[str, str] | None, erreurs_temps: dict[str, str] | None
) -> Response:
    sien = fiche.agent.utilisateur_id if fiche else None
    connue = _valeurs(fiche.agent) if fiche else {}
    return rendre(
        "serveur/bureau/agent.html",
        titre="Personnel",
        onglet="bureau",
        statut=422 if erreurs or erreurs_temps else 200,
        id=identifiant,
        fiche=fiche,
        valeurs=request.form.to_dict() if erreurs is not None else connue,
        temps=request.form.to_dict() if erreurs_temps is not None else {"jour": carnet.aujourd_hui()},
        erreurs=erreurs or {},
        erreurs_temps=erreurs_temps or {},
        comptes=lecture.comptes_libres(db.session(), compte().structure_id, sien),
        conventions=_conventions(),
    )


def _valeurs(agent: Agent) -> dict[str, Any]:
    dates = {nom: jour.isoformat() if (jour := getattr(agent, nom)) else "" for nom in ("valide_le", "parti_le")}
    textes = {nom: getattr(agent, nom) or "" for nom in ("prenom", "nom", "fonction", "diplome", "utilisateur_id")}
    return textes | dates


def _conventions() -> list[dict[str, str]]:
    """Chaque convention une fois, sous son nom du jour."""
    jour, connues = carnet.aujourd_hui(), conventions_de(db.session(), compte().structure_id)
    codes = sorted({connue["code"] for connue in connues})
    return [{"code": code, "nom": nom_court(convention_au(connues, code, jour) or {"code": code})} for code in codes]


def _lire() -> list[Fiche]:
    structure = compte().structure_id
    return lecture.lire(db.session(), structure, conventions_de(db.session(), structure), carnet.aujourd_hui())


def _trouver(id: UUID) -> Fiche:
    trouvee = next((fiche for fiche in _lire() if fiche.agent.id == str(id)), None)
    if trouvee is None:
        raise NotFound
    return trouvee
