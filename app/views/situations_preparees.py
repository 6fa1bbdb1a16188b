"""Les situations d'un comité, au bureau : les choisir, lire chacune sur un écran, noter ce qui est décidé."""

from __future__ import annotations

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
from app.reunions import comites as lecture
from app.reunions.comites import Comite
from app.reunions.resume import resumer
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels import comite as vues
from app.views import carnet, structure_entiere
from app.views.comites import ACCUEIL, Erreurs, dossiers_de, enregistrer, faire, trouver
from app.views.formulaire import identifiant

situations_preparees = Blueprint("situations_preparees", __name__, url_prefix=ACCUEIL)

TROUVEES_MAX = 50


@situations_preparees.get("/<uuid:id>/choisir")
@permission("equipe")
def choisir(id: UUID) -> Response:
    de = request.args.get("de")
    return _choix(trouver(id), de if de == files_actives.SANS else identifiant(de))


@situations_preparees.post("/<uuid:id>/chercher")
@permission("equipe")
def chercher(id: UUID) -> Response:
    """Un nom se tape, et ne s'écrit dans aucune adresse."""
    return _choix(trouver(id), None, request.form.get("q", "")[:60])


@situations_preparees.post("/<uuid:id>/situations")
@permission("equipe")
def ajouter(id: UUID) -> Response:
    """Des dossiers cochés, chacun avec son résumé ; ou le nom de quelqu'un qui n'est suivi qu'à ce comité."""
    comite, structure = trouver(id), compte().structure_id
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
    comite = trouver(id)
    _preparer(comite, {operation["entite"] for operation in operations})
    dit = "Aucune situation ajoutée." if not champs else f"{len(champs)} de plus dans la liste."
    pleine = len(comite.situations) >= lecture.LOT
    annoncer(f"{dit} Elle en a {lecture.LOT}, et n’en prend pas plus." if pleine else dit)
    return rediriger(f"{ACCUEIL}/{id}")


@situations_preparees.post("/<uuid:id>/preparer")
@permission("equipe")
def preparer(id: UUID) -> Response:
    comite = trouver(id)
    nombre = _preparer(comite, {une["id"] for une in comite.situations})
    annoncer(f"Résumés à jour\u202f: {nombre}. Les téléphones de ceux qui y vont les recevront au prochain échange.")
    return rediriger(f"{ACCUEIL}/{id}")


@situations_preparees.get("/<uuid:id>/situations/<uuid:situation>")
@permission("equipe")
def situation(id: UUID, situation: UUID) -> Response:
    return _situation(trouver(id), situation)


@situations_preparees.post("/<uuid:id>/situations/<uuid:situation>")
@permission("equipe")
def decider(id: UUID, situation: UUID) -> Response:
    comite, saisie = trouver(id), carnet.saisie()
    fiche = _fiche(comite, situation)
    lu = lectures.lire_situation(saisie, carnet.contexte() | {"cahier": comite.cahier}, fiche)
    erreurs = lu["erreurs"] or enregistrer(lu["operations"])
    if erreurs:
        return _situation(comite, situation, saisie, erreurs)
    fait = "Décision notée." if lu["champs"]["decision"] else "Plus aucune décision notée."
    annoncer(" ".join([fait, *lu["avertissements"].values()]))
    suivante = vues.suivante(comite.cahier, fiche)
    return rediriger(f"{ACCUEIL}/{id}" + (f"/situations/{suivante['id']}" if suivante else ""))


@situations_preparees.post("/<uuid:id>/situations/<uuid:situation>/retirer")
@permission("equipe")
def retirer(id: UUID, situation: UUID) -> Response:
    """Ce qui a été décidé ne se retire pas : on l'efface d'abord, et cela se voit."""
    fiche = _fiche(trouver(id), situation)
    if valeur(fiche, "decision"):
        annoncer("Une décision y est notée\u202f: effacez-la d’abord.")
    else:
        faire("retirer_situation", fiche["id"], str(id), {"motif": "Retirée de la liste."})
        annoncer("Retirée de la liste.")
    return rediriger(f"{ACCUEIL}/{id}")


def _noter(cahier_id: str, depart: str, rang: int, champs: dict[str, Any]) -> dict[str, Any]:
    """Une situation de plus, dans l'ordre : ses identifiants suivent celui que la page a choisi."""
    op_id, entite = _places(depart, rang)
    return {"id": op_id, "genre": "noter_situation", "entite": entite, "personne": cahier_id, "champs": champs}


def _places(depart: str, rang: int) -> tuple[str, str]:
    op_id, entite = (str(UUID(int=UUID(depart).int + 2 * rang + decalage)) for decalage in (0, 1))
    return op_id, entite


def _preparer(comite: Comite, situations: set[str]) -> int:
    """Le résumé de ces situations, celui que l'on emporte : ni justice, ni santé, ni lieu masqué."""
    contexte, siens = carnet.contexte(), dossiers_de(comite)
    resumes = {
        situation: resumer(carnet.dossier(dossier), contexte, sortant=True) | {"le": contexte["aujourd_hui"]}
        for situation, dossier in siens.items()
        if situation in situations
    }
    with ecriture() as session:
        lecture.preparer(session, compte().structure_id, comite.id, resumes)
    return len(resumes)


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
        presentes=set(dossiers_de(comite).values()),
        q=q,
        nouvel_identifiant=lambda: str(uuid7()),
    )


def _situation(
    comite: Comite, situation: UUID, saisie: dict[str, Any] | None = None, erreurs: Erreurs | None = None
) -> Response:
    fiche, contexte = _fiche(comite, situation), carnet.contexte()
    dossier_id = dossiers_de(comite).get(fiche["id"])
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


def _fiche(comite: Comite, situation: UUID) -> dict[str, Any]:
    return carnet.fiche(list(comite.situations), str(situation))
