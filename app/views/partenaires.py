"""Partenaires, au bureau : recevoir l'annuaire, y écrire un partenaire local, annoter un service."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import Blueprint, request
from sqlalchemy import func, select
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.annuaire import saisie, schema
from app.annuaire import territoire as lieux
from app.annuaire.ecriture import Bilan, importer
from app.annuaire.lecture import Lu, lire
from app.annuaire.poche import SOURCE_EQUIPE
from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.identifiant import est_identifiant
from app.domain.recherche import classer, cle
from app.importation.illisible import FichierIllisible
from app.models import Partenaire, ServicePartenaire, Structure
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet

partenaires = Blueprint("partenaires", __name__, url_prefix="/partenaires")

ACCUEIL, TITRE = "/partenaires", "Partenaires"
MONTREES = 100
_DIT = "C’est noté\u202f; les téléphones le sauront au prochain échange."


@partenaires.get("")
@permission("annuaire")
def liste() -> Response:
    return _accueil()


@partenaires.post("")
@permission("annuaire")
def recevoir() -> Response:
    """Le fichier se lit en mémoire ; reprendre le même ne change rien. Ce qui ne s'est pas lu est dit ligne à ligne."""
    territoire = lieux.lire(request.form.get("territoire", ""))
    erreurs = {} if territoire is not None else {"territoire": lieux.DEMANDE}
    fichiers = [recu for recu in request.files.getlist("fichiers") if recu.filename]
    lu = Lu()
    if not fichiers:
        erreurs["fichiers"] = "Choisissez le fichier à recevoir."
    for recu in fichiers:
        try:
            sien = lire(recu.read(), _jour())
        except FichierIllisible as refus:
            erreurs["fichiers"] = refus.message
            continue
        lu.joindre(sien)
    if erreurs or territoire is None:
        return _accueil(erreurs)
    with ecriture() as session:
        bilan = importer(session, compte().structure_id, lu, territoire, carnet.maintenant())
    return _accueil(bilan=bilan)


@partenaires.get("/nouveau")
@permission("annuaire")
def nouveau() -> Response:
    return _formulaire(str(uuid7()), saisie.Saisie(saisie.valeurs(None, None)))


@partenaires.post("/nouveau")
@permission("annuaire")
def ajouter() -> Response:
    code = request.form.get("id", "")
    if not est_identifiant(code):
        raise BadRequest
    return _enregistrer(code)


@partenaires.get("/<uuid:id>")
@permission("annuaire")
def modifier(id: UUID) -> Response:
    service, partenaire = _trouver(id)
    return _formulaire(service.code, saisie.Saisie(saisie.valeurs(service, partenaire)), service, partenaire)


@partenaires.post("/<uuid:id>")
@permission("annuaire")
def corriger(id: UUID) -> Response:
    """D'une fiche importée, seule la note est à nous."""
    service, partenaire = _trouver(id)
    if service.source == SOURCE_EQUIPE:
        return _enregistrer(service.code, service, partenaire)
    lu = saisie.Saisie(saisie.valeurs(service, partenaire))
    if "note" in request.form:
        saisie.lire_note(request.form, lu)
    if lu.erreurs:
        return _formulaire(service.code, lu, service, partenaire)
    with ecriture() as session:
        saisie.annoter(session, session.get_one(ServicePartenaire, (service.structure_id, service.id)), lu.f["note"])
    annoncer(_DIT)
    return rediriger(ACCUEIL)


def _enregistrer(code: str, service: ServicePartenaire | None = None, partenaire: Partenaire | None = None) -> Response:
    lu = saisie.lire(request.form)
    if lu.erreurs:
        return _formulaire(code, lu, service, partenaire)
    with ecriture() as session:
        saisie.enregistrer(session, compte().structure_id, code, lu, carnet.maintenant(), _jour())
    annoncer(_DIT)
    return rediriger(ACCUEIL)


def _accueil(erreurs: dict[str, str] | None = None, bilan: Bilan | None = None) -> Response:
    maison = db.session.get_one(Structure, compte().structure_id)
    q = request.args.get("q", "")[:60]
    s, p = ServicePartenaire, Partenaire
    requete = select(s, p).join(p, (p.structure_id == s.structure_id) & (p.id == s.partenaire_id))
    lignes = sorted(
        db.session.execute(requete.where(s.structure_id == maison.id)).all(),
        key=lambda ligne: (ligne[0].absent_le is None, cle(ligne[0].nom)),
    )
    trouvees = [lignes[rang] for rang in classer(q, [[service.nom, chez.nom] for service, chez in lignes])]
    sources = select(s.source, func.count(), func.max(s.maj_le), func.max(s.recu_le)).where(s.structure_id == maison.id)
    return rendre(
        "serveur/bureau/partenaires.html",
        titre=TITRE,
        onglet="bureau",
        statut=422 if erreurs else 200,
        erreurs=erreurs or {},
        territoire=request.form.get("territoire", maison.territoire or ""),
        bilan=bilan,
        anomalies=[str(anomalie) for anomalie in bilan.anomalies[:MONTREES]] if bilan else [],
        q=q,
        lignes=trouvees[:MONTREES],
        nombre=len(trouvees),
        sources=db.session.execute(sources.group_by(s.source).order_by(s.source)).all(),
        equipe=SOURCE_EQUIPE,
    )


def _formulaire(
    code: str, lu: saisie.Saisie, service: ServicePartenaire | None = None, partenaire: Partenaire | None = None
) -> Response:
    return rendre(
        "serveur/bureau/partenaire.html",
        titre=TITRE,
        onglet="bureau",
        statut=422 if lu.erreurs else 200,
        id=code,
        service=service,
        partenaire=partenaire,
        importe=service is not None and service.source != SOURCE_EQUIPE,
        f=lu.f,
        erreurs=lu.erreurs,
        familles=list(schema.FAMILLES.items()),
    )


def _trouver(id: UUID) -> tuple[ServicePartenaire, Partenaire]:
    structure_id = compte().structure_id
    service = db.session.get(ServicePartenaire, (structure_id, str(id)))
    if service is None:
        raise NotFound
    return service, db.session.get_one(Partenaire, (structure_id, service.partenaire_id))


def _jour() -> dt.date:
    return dt.date.fromisoformat(carnet.aujourd_hui())
