"""Fiches reçues : lire ce que l'équipe a envoyé, valider, retourner avec une remarque."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, chemin_local, rendre
from app.domain.dates import instant, jour_paris
from app.domain.identifiant import est_identifiant
from app.models import Controle
from app.models import Operation as Journal
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.securite.session import Compte
from app.supervision import a_reprendre, annonces, desaccords, fiches_recues
from app.views import carnet
from app.views.formulaire import identifiant
from sync.appliquer import appliquer
from sync.operation import Operation, Resultat, lire_operation

supervision = Blueprint("supervision", __name__, url_prefix="/supervision")

ACCUEIL = "/supervision/fiches"


@supervision.get("/fiches")
@permission("fiches.lire")
def fiches() -> Response:
    return _page()


@supervision.post("/fiches/valider")
@permission("fiches.controler")
def valider() -> Response:
    """Une ou plusieurs : chaque case cochée porte « contrôle.opération.version »."""
    cochees = request.form.getlist("fiche")[: fiches_recues.PAGE]
    if not cochees:
        return _page(rien_de_coche=True)
    resultats = _controler(cochees, "valider_fiche", {})
    faites = sum(1 for resultat in resultats if resultat.statut in {"applied", "duplicate"})
    changees = sum(1 for resultat in resultats if resultat.statut == "refused" and "base" in resultat.erreurs)
    validees = [
        coche for coche, r in zip(cochees, resultats, strict=True) if r.statut in {"applied", "merged", "duplicate"}
    ]
    annoncer(annonces.validees(faites, changees, len(resultats) - faites - changees), annuler=_remettre(validees))
    return rediriger(_retour())


@supervision.post("/fiches/remettre")
@permission("fiches.controler")
def remettre() -> Response:
    """Revenir sur une validation ou un retour : la fiche est de nouveau à contrôler, et le journal garde les deux."""
    resultats = _controler(request.form.getlist("fiche")[: fiches_recues.PAGE], "remettre_fiche", {})
    refus = [phrase for r in resultats if r.statut == "refused" for phrases in r.erreurs.values() for phrase in phrases]
    if refus:
        annoncer(refus[0])
    else:
        une = len(resultats) == 1
        annoncer("Fiche remise à contrôler." if une else f"{len(resultats)} fiches remises à contrôler.")
    return rediriger(_retour())


@supervision.post("/fiches/reprise")
@permission("fiches.controler")
def reprise() -> Response:
    """Ce qu'un appareil retiré n'a pas pu faire entrer dans un dossier a été repris à la main : qui, quand."""
    perdue, _, op_id = request.form.get("operation", "").partition(".")
    if not (est_identifiant(perdue) and est_identifiant(op_id)):
        raise BadRequest
    ligne = db.session.get(Journal, (compte().structure_id, perdue))
    if ligne is None:
        raise BadRequest
    operation = {"id": op_id, "genre": "reprendre_operation", "entite": perdue, "personne": ligne.personne_id}
    with ecriture() as session:
        lue = lire_operation(operation | {"champs": {}, "heure": instant(carnet.maintenant())})
        appliquer(session, carnet.acteur(), [lue])
    annoncer("Noté\u202f: repris à la main.")
    return rediriger(_retour())


@supervision.post("/fiches/retourner")
@permission("fiches.controler")
def retourner() -> Response:
    """Une fiche, ou toutes les cochées avec la même remarque : elle arrive sur le téléphone au prochain échange."""
    cochees, remarque = request.form.getlist("fiche")[: fiches_recues.PAGE], request.form.get("remarque", "").strip()
    lot = request.form.get("lot") == "oui"
    if lot and not cochees:
        return _page(rien_de_coche=True)
    reprise = {"fiche": cochees[0] if cochees else "", "remarque": remarque, "lot": lot, "coches": cochees}
    if not remarque:
        return _page(reprise | {"message": "Écrivez ce qu’il faut corriger."})
    resultats = _controler(cochees, "retourner_fiche", {"remarque": remarque})
    refus = [resultat for resultat in resultats if resultat.statut == "refused"]
    if refus and not lot:
        message = " ".join(phrase for phrases in refus[0].erreurs.values() for phrase in phrases)
        return _page(reprise | {"message": message})
    changees = sum(1 for resultat in refus if "base" in resultat.erreurs)
    annoncer(annonces.retournees(len(resultats) - len(refus), changees, len(refus) - changees))
    return rediriger(_retour())


@supervision.post("/fiches/vu")
@permission("fiches.lire")
def vu() -> Response:
    """« J'ai tout vu », jusqu'à l'heure où la page a été faite : ce qui est arrivé depuis reste nouveau."""
    try:
        jusqu_au = dt.datetime.fromisoformat(request.form.get("jusqu_au", ""))
    except ValueError:
        raise BadRequest from None
    if jusqu_au.tzinfo is None:
        raise BadRequest
    qui = compte()
    with ecriture() as session:
        limite = min(jusqu_au, carnet.maintenant())
        fiches_recues.marquer_vu(session, qui.structure_id, qui.utilisateur_id, limite)
    return rediriger(ACCUEIL)


def _page(erreur: dict[str, Any] | None = None, *, rien_de_coche: bool = False) -> Response:
    qui, maintenant = compte(), carnet.maintenant()
    retour = request.full_path.rstrip("?") if request.method == "GET" else _retour()
    # Une demande à reprendre rend la page d'où elle venait, avec son filtre.
    demande = dict(parse_qsl(urlsplit(retour).query))
    filtre = demande.get("filtre", "a_controler")
    filtre = filtre if filtre in fiches_recues.FILTRES else "a_controler"
    auteur = identifiant(demande.get("par"))
    jour = jour_paris(instant(maintenant))
    page = _numero(demande.get("page"))
    file = fiches_recues.lire(db.session(), qui.structure_id, qui.utilisateur_id, qui.role, filtre, auteur, jour, page)
    adresse = f"{ACCUEIL}?filtre={filtre}" + (f"&par={auteur}" if auteur else "")
    voit_les_reprises = filtre == "a_controler" and peut(qui.role, "fiches.controler")
    return rendre(
        "serveur/bureau/fiches_recues.html",
        titre="Fiches reçues",
        onglet="bureau",
        statut=422 if erreur or rien_de_coche else 200,
        file=file,
        filtres=_filtres(filtre, auteur, file.comptes),
        filtre=filtre,
        par=auteur,
        precedente=f"{adresse}&page={page - 1}" if page > 1 else None,
        suivante=f"{adresse}&page={page + 1}" if file.reste else None,
        erreur=erreur,
        cochees={coche.partition(".")[0] for coche in (erreur or {}).get("coches", ())},
        rien_de_coche=rien_de_coche,
        desaccords=desaccords.compter(db.session(), qui.structure_id),
        a_reprendre=_a_reprendre(qui, maintenant) if voit_les_reprises else [],
        reprises=a_reprendre.faites(db.session(), qui.structure_id, maintenant) if voit_les_reprises else [],
        maintenant=maintenant.isoformat(),
        aujourd_hui=jour,
        peut_controler=peut(qui.role, "fiches.controler"),
        nouvel_identifiant=lambda: str(uuid7()),
        retour=retour,
    )


def _numero(texte: str | None) -> int:
    """Le numéro d'une page de la file ; ce qui n'en est pas un ramène à la première."""
    return int(texte) if texte and texte.isascii() and texte.isdecimal() and len(texte) <= 4 and int(texte) else 1


def _a_reprendre(qui: Compte, maintenant: dt.datetime) -> list[a_reprendre.Reprise]:
    """Devant qui décide ; le secrétariat n'a rien à y faire."""
    if not peut(qui.role, "fiches.controler"):
        return []
    return a_reprendre.lire(db.session(), qui.structure_id, qui.role, maintenant)


def _filtres(actuel: str, auteur: str | None, comptes: dict[str, int]) -> list[dict[str, Any]]:
    par = f"&par={auteur}" if auteur else ""
    return [
        {
            "libelle": libelle,
            "url": f"{ACCUEIL}?filtre={code}{par}",
            "choisi": code == actuel,
            "nombre": comptes.get(code),
        }
        for code, libelle in fiches_recues.FILTRES.items()
    ]


def _controler(coches: list[str], genre: str, champs: dict[str, Any]) -> list[Resultat]:
    if not coches:
        raise BadRequest
    with ecriture() as session:
        operations = [_operation(session, coche, genre, champs) for coche in coches]
        return appliquer(session, carnet.acteur(), operations)


def _operation(session: Any, coche: str, genre: str, champs: dict[str, Any]) -> Operation:
    """L'opération d'une case : la fiche est relue de la base, jamais crue du formulaire."""
    controle_id, _, reste = coche.partition(".")
    op_id, _, version = reste.partition(".")
    if not (est_identifiant(controle_id) and est_identifiant(op_id) and version.isdecimal() and len(version) < 16):
        raise BadRequest
    controle = session.get(Controle, (compte().structure_id, controle_id))
    if controle is None:
        raise BadRequest
    return lire_operation(
        {
            "id": op_id,
            "genre": genre,
            "entite": controle.fiche_id,
            "personne": controle.personne_id,
            "base": int(version),
            "champs": {"fiche_type": controle.fiche_type, **champs},
            "heure": instant(carnet.maintenant()),
        }
    )


def _remettre(coches: list[str]) -> dict[str, Any] | None:
    """« Annuler » une validation : les mêmes fiches, sous d'autres opérations."""
    if not coches:
        return None
    neuves = [f"{controle}.{uuid7()}.{version}" for controle, _, version in (coche.split(".") for coche in coches)]
    champs = [{"nom": "fiche", "valeur": neuve} for neuve in neuves]
    return {"url": f"{ACCUEIL}/remettre", "champs": [*champs, {"nom": "retour", "valeur": _retour()}]}


def _retour() -> str:
    retour = chemin_local(request.form.get("retour"), ACCUEIL)
    return retour if retour.startswith(ACCUEIL) else ACCUEIL
