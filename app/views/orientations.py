"""Orientations : recevoir la liste du mois, la vérifier ligne à ligne, la confier, puis l'enregistrer d'un geste."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer
from app.domain.identifiant import est_identifiant
from app.domain.recherche import cle
from app.importation.illisible import FichierIllisible
from app.models import ImportOrientations, LigneOrientation
from app.orientations import dire, lecture, magasin, reception, sources
from app.orientations.champs import CHAMPS, SANS_TITRES
from app.orientations.ecarts import A_PRENDRE, choix
from app.orientations.preparation import A_CONFIER, A_DECIDER, ECARTEE, NOUVELLE, PRETE
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet
from app.views import pages_orientations as pages
from app.views.liste_orientations import champs_saisis, lire_reglages, preparer_liste
from sync.sequence import reserver

orientations = Blueprint("orientations", __name__, url_prefix="/orientations")

ACCUEIL = "/orientations"


@orientations.get("")
@permission("orientations.importer")
def accueil() -> Response:
    return pages.accueil()


@orientations.post("")
@permission("orientations.importer")
def deposer() -> Response:
    """Le fichier se lit en mémoire ; s'il ne se lit pas, rien n'en est gardé."""
    qui, identifiant = compte(), request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    source, recu = magasin.nom_de_source(request.form.get("source", "")), request.files.get("fichier")
    erreurs = {} if source else {"source": "Dites qui envoie cette liste."}
    octets = recu.read() if recu else b""
    feuilles: list[list[lecture.Ligne]] = []
    if recu is None or not recu.filename:
        erreurs["fichier"] = "Choisissez le fichier à recevoir."
    else:
        try:
            feuilles = lecture.lire(octets)
        except FichierIllisible as refus:
            erreurs["fichier"] = refus.message
    if erreurs or recu is None:
        return pages.accueil(erreurs)
    with ecriture() as session:
        depot = (source, recu.filename or "", octets)
        magasin.deposer(
            session, qui.structure_id, identifiant, qui.utilisateur_id, carnet.maintenant(), depot, feuilles
        )
    return rediriger(f"{ACCUEIL}/{identifiant}/colonnes")


@orientations.get("/<uuid:id>/colonnes")
@permission("orientations.importer")
def colonnes(id: UUID) -> Response:
    importee = _import(db.session(), id)
    return rediriger(f"{ACCUEIL}/{id}") if importee.fini_le else pages.colonnes(importee)


@orientations.post("/<uuid:id>/colonnes")
@permission("orientations.importer")
def regler(id: UUID) -> Response:
    """Ce que veut dire chaque colonne ; ou quelle ligne porte les titres, tant que rien n'est réglé."""
    if request.form.get("geste") == "titres":
        return _changer_de_titres(id)
    importee = _import(db.session(), id)
    champs = champs_saisis(importee)
    defauts, erreurs = lire_reglages(champs)
    if erreurs:
        return pages.colonnes(importee, champs, erreurs)
    with _modifiee(id) as (session, vue):
        magasin.regler(session, vue, champs, defauts)
    return rediriger(f"{ACCUEIL}/{id}")


@orientations.get("/<uuid:id>")
@permission("orientations.importer")
def verifier(id: UUID) -> Response:
    importee = _import(db.session(), id)
    if importee.fini_le is None and not importee.reglages["verifie"]:
        return rediriger(f"{ACCUEIL}/{id}/colonnes")
    return pages.finie(importee) if importee.fini_le else pages.lignes(importee)


@orientations.get("/<uuid:id>/lignes/<int:numero>")
@permission("orientations.importer")
def une_ligne(id: UUID, numero: int) -> Response:
    importee = _import(db.session(), id, verifiee=True)
    outils, preparation = preparer_liste(db.session(), importee)
    situation = next((s for s in preparation.situations if s.numero == numero and s.ligne.recue_le is None), None)
    if situation is None:
        raise NotFound
    return pages.une_ligne(importee, outils, situation)


@orientations.post("/<uuid:id>/lignes/<int:numero>")
@permission("orientations.importer")
def corriger(id: UUID, numero: int) -> Response:
    """Récrire ce qui n'a pas été compris, dire qui c'est, choisir le référent, ou ne pas reprendre la ligne."""
    saisie = request.form.to_dict()
    with _modifiee(id, verifiee=True) as (session, importee):
        ligne = magasin.ligne(session, importee, numero)
        if ligne is None or ligne.recue_le is not None:
            raise NotFound
        recrits = {nom.removeprefix("c-"): valeur for nom, valeur in saisie.items() if nom.startswith("c-")}
        recrits = {champ: magasin.propre(valeur) for champ, valeur in recrits.items() if champ in CHAMPS}
        if not recrits.get("convention"):
            recrits.pop("convention", None)
        if est_identifiant(saisie.get("rejoint")):
            recrits[A_PRENDRE] = choix(saisie["rejoint"], request.form.getlist("prendre"))
        ligne.corrections = {**ligne.corrections, **recrits}
        _decider(ligne, saisie)
        if "referent" in saisie:
            ligne.referent_id = saisie["referent"] if est_identifiant(saisie["referent"]) else None
    return rediriger(f"{ACCUEIL}/{id}?voir={pages.voir(saisie.get('voir'))}")


@orientations.post("/<uuid:id>/repartir")
@permission("orientations.importer")
def repartir(id: UUID) -> Response:
    """Un référent pour toutes les lignes, par lieu, ou ligne par ligne."""
    saisie = request.form.to_dict()
    with _modifiee(id, verifiee=True) as (session, importee):
        outils, preparation = preparer_liste(session, importee)
        ouvertes = [*preparation.de(A_CONFIER), *preparation.de(PRETE)]
        choix: dict[str, list[int]] = {}
        retenus: dict[str, str] = {}
        for situation in ouvertes:
            vise = saisie.get(f"ligne-{situation.numero}")
            if saisie.get("geste") == "toutes" and situation.etat == A_CONFIER:
                vise = saisie.get("toutes")
            elif saisie.get("geste") == "lieux":
                lieu = cle(situation.comprise.valeurs.get("lieu"))
                vise = saisie.get(f"lieu-{lieu}")
                if lieu and vise in outils.suivent:
                    retenus[lieu] = vise
            if vise in outils.suivent and vise != situation.referent_id:
                choix.setdefault(vise, []).append(situation.numero)
        for qui, numeros in choix.items():
            magasin.confier(session, importee, numeros, qui)
        sources.retenir(session, importee, retenus)
    confiees = sum(map(len, choix.values()))
    annoncer(
        f"{confiees} ligne{'s' if confiees > 1 else ''} confiée{'s' if confiees > 1 else ''}."
        if confiees
        else "Rien n’a changé\u202f: choisissez à qui."
    )
    return rediriger(f"{ACCUEIL}/{id}?voir={pages.voir(saisie.get('voir'))}")


@orientations.post("/<uuid:id>/recevoir")
@permission("orientations.importer")
def recevoir(id: UUID) -> Response:
    """Les lignes prêtes, toutes ou aucune ; les autres restent à corriger, à décider ou à confier."""
    acteur = dataclasses.replace(carnet.acteur(), origine="import")
    try:
        with ecriture() as session:
            # Sous le verrou de la structure dès la lecture : deux personnes qui reçoivent la même liste se suivent.
            # Sous celui de la liste aussi : qui la corrige au même instant passe avant, ou la trouve reçue.
            reserver(session, acteur.structure_id, 1)
            importee = _import(session, id, verifiee=True, verrouiller=True)
            recues = reception.recevoir(session, acteur, importee, lambda lue: preparer_liste(lue, importee, acteur)[1])
            _, apres = preparer_liste(session, importee, acteur)
            if not apres.restent:
                magasin.finir(session, importee, acteur.maintenant)
    except reception.Refusee as refus:
        annoncer(str(refus))
        return rediriger(f"{ACCUEIL}/{id}")
    total = recues.nouvelles + recues.rattachees
    annoncer(
        f"{dire.recu({'nouvelles': recues.nouvelles, 'rattachees': recues.rattachees})}. Les téléphones suivront."
        if total
        else "Aucune ligne n’était prête."
    )
    return rediriger(f"{ACCUEIL}/{id}")


@orientations.post("/<uuid:id>/finir")
@permission("orientations.importer")
def finir(id: UUID) -> Response:
    """Effacer ce qui reste de la liste ; ce qui a été reçu l'est."""
    with _modifiee(id) as (session, importee):
        restent = [ligne for ligne in magasin.lignes(session, importee) if ligne.recue_le is None]
        connues = importee.bilan.get("connues", 0) + importee.bilan.get("ecartees", 0)
        magasin.finir(session, importee, carnet.maintenant(), max(0, len(restent) - connues))
    annoncer("C’est effacé\u202f: il n’en reste que les nombres.")
    return rediriger(ACCUEIL)


def _import(session: Session, id: UUID, verifiee: bool = False, verrouiller: bool = False) -> ImportOrientations:
    importee = magasin.lire(session, compte().structure_id, str(id), verrouiller)
    if importee is None or (verifiee and (importee.fini_le or not importee.reglages["verifie"])):
        raise NotFound
    return importee


def _decider(ligne: LigneOrientation, saisie: dict[str, str]) -> None:
    """Ce que la page proposait, renvoyé tel quel, n'est pas une décision : la ligne, récrite, peut dire autre chose."""
    decision = saisie.get("decision")
    if decision is None:
        if saisie.get("voir") == A_DECIDER:
            annoncer("Choisissez qui c’est.")
    elif decision != saisie.get("proposee") or ligne.decision:
        ligne.decision = decision if decision in (NOUVELLE, ECARTEE) or est_identifiant(decision) else None


@contextmanager
def _modifiee(id: UUID, verifiee: bool = False) -> Iterator[tuple[Session, ImportOrientations]]:
    """L'import à changer, s'il attend encore : sept jours de plus à partir de maintenant."""
    with ecriture() as session:
        importee = magasin.lire(session, compte().structure_id, str(id), verrouiller=True)
        if importee is None or importee.fini_le or (verifiee and not importee.reglages["verifie"]):
            raise NotFound
        importee.touche_le = carnet.maintenant()
        yield session, importee


def _changer_de_titres(id: UUID) -> Response:
    with _modifiee(id) as (session, importee):
        numeros = {ligne.numero for ligne in magasin.toutes(session, importee)}
        voulu = request.form.get("titres", "")
        choisi = int(voulu) if voulu.isascii() and voulu.isdecimal() and len(voulu) < 6 else -1
        if importee.reglages["verifie"] or choisi not in {SANS_TITRES, *numeros}:
            raise BadRequest
        retenus = sources.titres_retenus(session, importee.structure_id, importee.source)
        magasin.relier(session, importee, choisi, retenus)
    return rediriger(f"{ACCUEIL}/{id}/colonnes")
