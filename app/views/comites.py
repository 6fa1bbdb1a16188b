"""Comités techniques : préparer la liste, lire chaque situation sur un écran, noter ce qui est décidé."""

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
from app.equipe import files_actives
from app.models import Comite, Structure
from app.reunions import comites as lecture
from app.reunions.comites import Situation
from app.reunions.resume import feuille, resumer
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet, structure_entiere
from app.views.confirmation import mot_de_passe_recent
from app.views.formulaire import identifiant
from app.views.imprimes import en_pdf

comites = Blueprint("comites", __name__, url_prefix="/reunions/comites")

ACCUEIL = "/reunions/comites"
TROUVEES_MAX = 50


@comites.get("")
@permission("equipe")
def liste() -> Response:
    return _liste()


@comites.post("")
@permission("equipe")
def creer() -> Response:
    qui, id = compte(), request.form.get("id", "")
    if not est_identifiant(id):
        raise BadRequest
    lus, erreurs = lecture.lire_reunion(request.form)
    if erreurs:
        return _liste(request.form.to_dict(), erreurs)
    with ecriture() as session:
        lecture.enregistrer(session, qui.structure_id, id, lus, qui.utilisateur_id, carnet.maintenant())
    annoncer("C’est noté\u202f: choisissez maintenant les situations.")
    return rediriger(f"{ACCUEIL}/{id}/choisir")


@comites.get("/<uuid:id>")
@permission("equipe")
def un_comite(id: UUID) -> Response:
    return _comite(_trouver(id))


@comites.post("/<uuid:id>")
@permission("equipe")
def corriger(id: UUID) -> Response:
    comite, qui = _trouver(id), compte()
    lus, erreurs = lecture.lire_reunion(request.form)
    if erreurs:
        return _comite(comite, request.form.to_dict(), erreurs)
    with ecriture() as session:
        lecture.enregistrer(session, qui.structure_id, str(id), lus, qui.utilisateur_id, carnet.maintenant())
    annoncer("C’est noté.")
    return rediriger(f"{ACCUEIL}/{id}")


@comites.get("/<uuid:id>/choisir")
@permission("equipe")
def choisir(id: UUID) -> Response:
    de = request.args.get("de")
    return _choix(_trouver(id), de if de == files_actives.SANS else identifiant(de))


@comites.post("/<uuid:id>/chercher")
@permission("equipe")
def chercher(id: UUID) -> Response:
    """Un nom se tape, et ne s'écrit dans aucune adresse."""
    return _choix(_trouver(id), None, request.form.get("q", "")[:60])


@comites.post("/<uuid:id>/situations")
@permission("equipe")
def ajouter(id: UUID) -> Response:
    _trouver(id)
    choisis = [personne for personne in request.form.getlist("dossier") if est_identifiant(personne)]
    with ecriture() as session:
        nombre = lecture.ajouter(session, compte().structure_id, str(id), choisis)
    if nombre is None:
        raise NotFound
    dit = "Aucune situation ajoutée." if not nombre else f"{nombre} de plus dans la liste."
    pleine = len(_situations(_trouver(id))) >= lecture.LOT
    annoncer(f"{dit} Elle en a {lecture.LOT}, et n’en prend pas plus." if pleine else dit)
    return rediriger(f"{ACCUEIL}/{id}")


@comites.get("/<uuid:id>/situations/<uuid:personne>")
@permission("equipe")
def situation(id: UUID, personne: UUID) -> Response:
    return _situation(_trouver(id), personne)


@comites.post("/<uuid:id>/situations/<uuid:personne>")
@permission("equipe")
def decider(id: UUID, personne: UUID) -> Response:
    comite, qui = _trouver(id), compte()
    decision = request.form.get("decision", "").strip()
    if len(decision) > lecture.DECISION_MAX:
        return _situation(comite, personne, decision, f"Au plus {lecture.DECISION_MAX} signes.")
    cle = (qui.structure_id, str(id), str(personne))
    if not decision and not lecture.est_decidee(db.session(), *cle):
        return _situation(comite, personne, decision, "Écrivez ce qui est décidé, ou passez au nom suivant sans noter.")
    with ecriture() as session:
        if not lecture.decider(session, *cle, decision, qui.utilisateur_id, carnet.maintenant()):
            raise NotFound
    annoncer("Décision notée." if decision else "Plus aucune décision notée.")
    suivante = request.form.get("suivante", "")
    return rediriger(f"{ACCUEIL}/{id}/situations/{suivante}" if est_identifiant(suivante) else f"{ACCUEIL}/{id}")


@comites.post("/<uuid:id>/situations/<uuid:personne>/retirer")
@permission("equipe")
def retirer(id: UUID, personne: UUID) -> Response:
    _trouver(id)
    with ecriture() as session:
        retiree = lecture.retirer(session, compte().structure_id, str(id), str(personne))
    annoncer("Retirée de la liste." if retiree else "Une décision y est notée\u202f: effacez-la d’abord.")
    return rediriger(f"{ACCUEIL}/{id}")


@comites.get("/<uuid:id>/imprimer")
@permission("equipe")
@mot_de_passe_recent
def imprimer(id: UUID) -> Response:
    """Les situations, une feuille chacune."""
    comite, contexte = _trouver(id), carnet.contexte()
    siennes = _situations(comite)[: lecture.LOT]
    feuilles = [feuille(carnet.dossier(lue.personne_id), contexte, comite, lue.decision) for lue in siennes]
    return _feuilles(comite, feuilles, None)


@comites.get("/<uuid:id>/decisions")
@permission("equipe")
@mot_de_passe_recent
def decisions(id: UUID) -> Response:
    comite = _trouver(id)
    return _feuilles(comite, [_releve(comite)], f"{ACCUEIL}/{id}/decisions.pdf")


@comites.get("/<uuid:id>/decisions.pdf")
@permission("equipe")
@mot_de_passe_recent
def decisions_pdf(id: UUID) -> Response:
    return en_pdf(_releve(_trouver(id)))


def _liste(saisie: dict[str, str] | None = None, erreurs: dict[str, str] | None = None) -> Response:
    return rendre(
        "serveur/bureau/comites.html",
        titre="Comités techniques",
        onglet="bureau",
        statut=422 if erreurs else 200,
        reunions=lecture.lister(db.session(), compte().structure_id),
        saisie=saisie or {},
        erreurs=erreurs or {},
        id=(saisie or {}).get("id") or str(uuid7()),
    )


def _comite(comite: Comite, saisie: dict[str, str] | None = None, erreurs: dict[str, str] | None = None) -> Response:
    connu = {"jour": comite.jour.isoformat(), "titre": comite.titre, "avec": comite.avec or ""}
    return rendre(
        "serveur/bureau/comite.html",
        titre="Comité technique",
        onglet="bureau",
        statut=422 if erreurs else 200,
        comite=comite,
        situations=_situations(comite),
        saisie=saisie or connu,
        erreurs=erreurs or {},
    )


def _choix(comite: Comite, de: str | None, q: str = "") -> Response:
    qui, jour = compte(), carnet.acteur().jour
    collegues = files_actives.collegues(db.session(), qui.structure_id, jour)
    choisi = next((collegue for collegue in collegues if collegue.id == de), None)
    if de is not None and choisi is None:
        raise NotFound
    proposes: list[dict[str, str]] = []
    if q.strip():
        trouvees, _ = structure_entiere.trouver(db.session(), qui.structure_id, qui.role, carnet.aujourd_hui(), q)
        proposes = files_actives.noms_de(db.session(), qui.structure_id, trouvees[:TROUVEES_MAX])
    elif choisi is not None:
        file = files_actives.file_de(db.session(), qui.structure_id, choisi.id, jour)
        proposes = [{"id": s.id, "nom": s.nom, "quoi": " · ".join(nom for _, nom, _ in s.mesures)} for s in file]
    return rendre(
        "serveur/bureau/choisir_situations.html",
        titre="Choisir les situations",
        onglet="bureau",
        comite=comite,
        collegues=collegues,
        choisi=choisi,
        proposes=proposes,
        presentes={lue.personne_id for lue in _situations(comite)},
        q=q,
    )


def _situation(comite: Comite, personne: UUID, saisie: str | None = None, erreur: str | None = None) -> Response:
    siennes = _situations(comite)
    personne_id = lecture.reste(db.session(), compte().structure_id, str(personne))
    rang = next((rang for rang, lue in enumerate(siennes) if lue.personne_id == personne_id), None)
    if rang is None:
        raise NotFound
    dossier = carnet.dossier(personne_id)
    return rendre(
        "serveur/bureau/situation.html",
        titre="Situation",
        onglet="bureau",
        statut=422 if erreur else 200,
        comite=comite,
        rang=rang + 1,
        nombre=len(siennes),
        avant=siennes[rang - 1] if rang else None,
        apres=siennes[rang + 1] if rang + 1 < len(siennes) else None,
        personne_id=personne_id,
        resume=resumer(dossier, carnet.contexte()),
        decision=saisie if saisie is not None else siennes[rang].decision,
        erreur=erreur,
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


def _releve(comite: Comite) -> dict[str, Any]:
    structure = db.session.get_one(Structure, compte().structure_id).nom
    return lecture.releve(comite, _situations(comite), structure, carnet.aujourd_hui())


def _situations(comite: Comite) -> list[Situation]:
    return lecture.situations(db.session(), compte().structure_id, comite.id)


def _trouver(id: UUID) -> Comite:
    trouve = db.session.get(Comite, (compte().structure_id, str(id)))
    if trouve is None:
        raise NotFound
    return trouve
