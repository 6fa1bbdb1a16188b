"""Comités techniques, au bureau : préparer la liste, lire chaque situation sur un écran, noter ce qui est décidé."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain import saisie as lectures
from app.domain.cahier import valeur
from app.domain.identifiant import est_identifiant
from app.equipe import files_actives
from app.equipe.cahiers import collegues, membres_de
from app.reunions import comites as lecture
from app.reunions.comites import Comite
from app.reunions.resume import feuille, resumer
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels import comite as vues
from app.views import carnet, structure_entiere
from app.views.confirmation import mot_de_passe_recent
from app.views.formulaire import identifiant
from app.views.imprimes import en_pdf

comites = Blueprint("comites", __name__, url_prefix="/reunions/comites")

ACCUEIL = "/reunions/comites"
TROUVEES_MAX = 50
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
    erreurs = erreurs or _faire("creer_cahier", id, id, {"genre": "comite", **lus})
    if erreurs:
        return _liste(request.form.to_dict(), erreurs)
    annoncer("C’est noté\u202f: choisissez maintenant les situations, puis qui y va.")
    return rediriger(f"{ACCUEIL}/{id}/choisir")


@comites.get("/<uuid:id>")
@permission("equipe")
def un_comite(id: UUID) -> Response:
    return _comite(_trouver(id))


@comites.post("/<uuid:id>")
@permission("equipe")
def corriger(id: UUID) -> Response:
    comite = _trouver(id)
    lus, erreurs = lecture.lire_reunion(request.form)
    erreurs = erreurs or _faire("modifier_cahier", comite.id, comite.id, lus, _base())
    if erreurs:
        return _comite(comite, request.form.to_dict(), erreurs)
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
    """Des dossiers cochés, chacun avec son résumé ; ou le nom de quelqu'un qui n'est suivi qu'à ce comité."""
    comite, structure = _trouver(id), compte().structure_id
    choisis = [personne for personne in request.form.getlist("dossier") if est_identifiant(personne)]
    neuves = lecture.neuves(db.session(), structure, comite, choisis)
    if neuves is None:
        raise NotFound
    sans_dossier = " ".join(request.form.get("nom", "").split())[: lecture.TEXTE_MAX]
    noms = files_actives.noms_de(db.session(), structure, neuves)
    champs = [{"nom": un["nom"][: lecture.TEXTE_MAX], "dossier_id": un["id"]} for un in noms]
    champs += [{"nom": sans_dossier}] if sans_dossier and len(comite.situations) + len(champs) < lecture.LOT else []
    depart = request.form.get("id", "")
    if champs and not est_identifiant(depart):
        raise BadRequest
    if champs and lecture.existe(db.session(), structure, _places(depart, 0)[1]):
        # La page d'avant, rouverte par « Retour » : ce qui s'y ajoute est neuf, le nom déjà noté ne l'est pas.
        depart, notes = str(uuid7()), {valeur(une, "nom") for une in comite.situations if not valeur(une, "dossier_id")}
        champs = [dit for dit in champs if "dossier_id" in dit or dit["nom"] not in notes]
    operations = [_noter(comite.id, depart, rang, dit) for rang, dit in enumerate(champs)]
    carnet.enregistrer(operations)
    comite = _trouver(id)
    _preparer(comite, {operation["entite"] for operation in operations})
    dit = "Aucune situation ajoutée." if not champs else f"{len(champs)} de plus dans la liste."
    pleine = len(comite.situations) >= lecture.LOT
    annoncer(f"{dit} Elle en a {lecture.LOT}, et n’en prend pas plus." if pleine else dit)
    return rediriger(f"{ACCUEIL}/{id}")


@comites.post("/<uuid:id>/preparer")
@permission("equipe")
def preparer(id: UUID) -> Response:
    comite = _trouver(id)
    nombre = _preparer(comite, {une["id"] for une in comite.situations})
    annoncer(f"Résumés à jour\u202f: {nombre}. Les téléphones de ceux qui y vont les recevront au prochain échange.")
    return rediriger(f"{ACCUEIL}/{id}")


@comites.get("/<uuid:id>/situations/<uuid:situation>")
@permission("equipe")
def situation(id: UUID, situation: UUID) -> Response:
    return _situation(_trouver(id), situation)


@comites.post("/<uuid:id>/situations/<uuid:situation>")
@permission("equipe")
def decider(id: UUID, situation: UUID) -> Response:
    comite, saisie = _trouver(id), carnet.saisie()
    fiche = _fiche(comite, situation)
    lu = lectures.lire_situation(saisie, carnet.contexte() | {"cahier": comite.cahier}, fiche)
    erreurs = lu["erreurs"] or _enregistrer(lu["operations"])
    if erreurs:
        return _situation(comite, situation, saisie, erreurs)
    annoncer("Décision notée." if lu["champs"]["decision"] else "Plus aucune décision notée.")
    suivante = vues.suivante(comite.cahier, fiche)
    return rediriger(f"{ACCUEIL}/{id}" + (f"/situations/{suivante['id']}" if suivante else ""))


@comites.post("/<uuid:id>/situations/<uuid:situation>/retirer")
@permission("equipe")
def retirer(id: UUID, situation: UUID) -> Response:
    """Ce qui a été décidé ne se retire pas : on l'efface d'abord, et cela se voit."""
    fiche = _fiche(_trouver(id), situation)
    if valeur(fiche, "decision"):
        annoncer("Une décision y est notée\u202f: effacez-la d’abord.")
    else:
        _faire("retirer_situation", fiche["id"], str(id), {"motif": "Retirée de la liste."})
        annoncer("Retirée de la liste.")
    return rediriger(f"{ACCUEIL}/{id}")


@comites.get("/<uuid:id>/imprimer")
@permission("equipe")
@mot_de_passe_recent
def imprimer(id: UUID) -> Response:
    """Les situations qui ont un dossier, une feuille chacune."""
    comite, contexte = _trouver(id), carnet.contexte()
    siens = _dossiers(comite)
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
    comite = _trouver(id)
    return _feuilles(comite, [lecture.releve(comite, carnet.contexte())], f"{ACCUEIL}/{id}/decisions.pdf")


@comites.get("/<uuid:id>/decisions.pdf")
@permission("equipe")
@mot_de_passe_recent
def decisions_pdf(id: UUID) -> Response:
    return en_pdf(lecture.releve(_trouver(id), carnet.contexte()))


def _faire(genre: str, entite: str, cahier_id: str, champs: dict[str, Any], base: int | None = None) -> Erreurs:
    """Par la porte de tout le reste. La page choisit l'opération : envoyée deux fois, elle n'en fait qu'une."""
    op_id = request.form.get("operation", "")
    if not est_identifiant(op_id) or not est_identifiant(entite):
        raise BadRequest
    operation = {"id": op_id, "genre": genre, "entite": entite, "personne": cahier_id, "champs": champs, "base": base}
    return {_NOMS.get(nom, nom): dit for nom, dit in _enregistrer([operation]).items()}


def _enregistrer(operations: Sequence[dict[str, Any]]) -> Erreurs:
    try:
        carnet.enregistrer(operations)
    except carnet.Refusee as refus:
        return refus.erreurs
    return {}


def _noter(cahier_id: str, depart: str, rang: int, champs: dict[str, Any]) -> dict[str, Any]:
    """Une situation de plus, dans l'ordre : ses identifiants suivent celui que la page a choisi."""
    op_id, entite = _places(depart, rang)
    return {"id": op_id, "genre": "noter_situation", "entite": entite, "personne": cahier_id, "champs": champs}


def _places(depart: str, rang: int) -> tuple[str, str]:
    op_id, entite = (str(UUID(int=UUID(depart).int + 2 * rang + decalage)) for decalage in (0, 1))
    return op_id, entite


def _base() -> int:
    """La version que la page montrait."""
    texte = request.form.get("version", "")
    if not (texte.isascii() and texte.isdecimal() and len(texte) < 16):
        raise BadRequest
    return int(texte)


def _preparer(comite: Comite, situations: set[str]) -> int:
    """Le résumé de ces situations, celui que l'on emporte : ni justice, ni santé, ni lieu masqué."""
    contexte, siens = carnet.contexte(), _dossiers(comite)
    resumes = {
        situation: resumer(carnet.dossier(dossier), contexte, sortant=True) | {"le": contexte["aujourd_hui"]}
        for situation, dossier in siens.items()
        if situation in situations
    }
    with ecriture() as session:
        lecture.preparer(session, compte().structure_id, comite.id, resumes)
    return len(resumes)


def _dossiers(comite: Comite) -> dict[str, str]:
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


def _choix(comite: Comite, de: str | None, q: str = "") -> Response:
    qui, jour = compte(), carnet.acteur().jour
    tous = files_actives.collegues(db.session(), qui.structure_id, jour)
    choisi = next((collegue for collegue in tous if collegue.id == de), None)
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
        collegues=tous,
        choisi=choisi,
        proposes=proposes,
        presentes=set(_dossiers(comite).values()),
        q=q,
        nouvel_identifiant=lambda: str(uuid7()),
    )


def _situation(
    comite: Comite, situation: UUID, saisie: dict[str, Any] | None = None, erreurs: Erreurs | None = None
) -> Response:
    fiche, contexte = _fiche(comite, situation), carnet.contexte()
    dossier_id = _dossiers(comite).get(fiche["id"])
    return rendre(
        "serveur/bureau/situation.html",
        titre="Situation",
        onglet="bureau",
        statut=422 if erreurs else 200,
        comite=comite,
        situation_id=fiche["id"],
        dossier_id=dossier_id,
        adresse=f"{ACCUEIL}/{comite.id}/situations",
        **vues.situation(comite.cahier, contexte, fiche, saisie, erreurs)
        # Au bureau, le dossier se lit tel qu'il est aujourd'hui.
        | {"prepare": resumer(carnet.dossier(dossier_id), contexte) if dossier_id else None},
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


def _trouver(id: UUID) -> Comite:
    trouve = lecture.trouver(db.session(), compte().structure_id, str(id))
    if trouve is None:
        raise NotFound
    return trouve


def _fiche(comite: Comite, situation: UUID) -> dict[str, Any]:
    return carnet.fiche(list(comite.situations), str(situation))
