"""Les comptes et les appareils d'une structure."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import Blueprint
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.recherche import cle
from app.equipe.agenda import fermer as fermer_l_agenda
from app.equipe.appareils import lire as lire_appareils
from app.models import Appareil, EvenementCompte, Structure, Utilisateur
from app.securite.comptes import consigner
from app.securite.ouverture import fermer_toutes
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.views import carnet
from sync.notes import laissees

administration = Blueprint("administration", __name__, url_prefix="/administration")

EVENEMENTS_MONTRES = 30
QUOI = {
    "compte_cree": "compte ouvert",
    "lien_donne": "lien de mot de passe donné",
    "mot_de_passe_choisi": "mot de passe choisi par le lien",
    "mot_de_passe_change": "mot de passe changé",
    "compte_ferme": "compte fermé",
    "compte_rouvert": "compte rouvert",
    "appareil_retire": "appareil retiré",
    "agenda_ouvert": "adresse d’agenda ouverte",
    "agenda_ferme": "adresse d’agenda fermée",
}


@administration.get("")
@permission("administration")
def accueil() -> Response:
    structure = compte().structure_id
    comptes = db.session.scalars(select(Utilisateur).where(Utilisateur.structure_id == structure))
    utilisateurs = sorted(comptes, key=lambda utilisateur: cle(f"{utilisateur.nom} {utilisateur.prenom}"))
    appareils = db.session.scalars(
        select(Appareil).where(Appareil.structure_id == structure).order_by(Appareil.enrole_le.desc())
    ).all()
    evenements = db.session.scalars(
        select(EvenementCompte)
        .where(EvenementCompte.structure_id == structure)
        .order_by(EvenementCompte.survenu_le.desc(), EvenementCompte.id.desc())
        .limit(EVENEMENTS_MONTRES)
    ).all()
    return rendre(
        "serveur/bureau/administration.html",
        titre="Comptes et appareils",
        onglet="bureau",
        utilisateurs=utilisateurs,
        appareils=appareils,
        evenements=evenements,
        quoi=QUOI,
        noms={u.id: f"{u.prenom} {u.nom}" for u in utilisateurs},
        soi=compte().utilisateur_id,
    )


@administration.get("/appareils/<uuid:id>")
@permission("administration")
def confirmer_le_retrait(id: UUID) -> Response:
    """Ce que le retrait fera, avant de le faire."""
    structure = compte().structure_id
    vus = lire_appareils(db.session(), structure, dt.datetime.now(dt.UTC))
    vu = next((vu for vu in vus if vu.id == str(id) and not vu.revoque_le), None)
    if vu is None:
        raise NotFound
    return rendre(
        "serveur/bureau/retirer_appareil.html",
        titre="Comptes et appareils",
        onglet="bureau",
        a=vu,
        bail=db.session.get_one(Structure, structure).bail_jours,
        action=f"/administration/appareils/{id}/revoquer",
        retour="/administration",
        retour_libelle="Comptes et appareils",
    )


@administration.post("/appareils/<uuid:id>/revoquer")
@permission("administration")
def revoquer(id: UUID) -> Response:
    with ecriture() as base:
        appareil = base.get(Appareil, (compte().structure_id, str(id)))
        if appareil is None:
            raise NotFound
        if appareil.revoque_le is None:
            appareil.revoque_le = dt.datetime.now(dt.UTC)
            proprietaire = base.get_one(Utilisateur, (compte().structure_id, appareil.utilisateur_id))
            consigner(base, "appareil_retire", proprietaire, compte().utilisateur_id)
    annoncer("Appareil retiré. Sa copie s’effacera à son prochain échange.")
    return rediriger("/administration")


@administration.post("/utilisateurs/<uuid:id>/desactiver")
@permission("administration")
def desactiver(id: UUID) -> Response:
    return _activer(str(id), actif=False)


@administration.post("/utilisateurs/<uuid:id>/reactiver")
@permission("administration")
def reactiver(id: UUID) -> Response:
    return _activer(str(id), actif=True)


def _activer(identifiant: str, actif: bool) -> Response:
    qui = compte()
    with ecriture() as base:
        utilisateur = base.get(Utilisateur, (qui.structure_id, identifiant))
        # Se fermer la porte à soi-même ne se répare pas d'ici.
        if utilisateur is None or identifiant == qui.utilisateur_id:
            raise NotFound
        utilisateur.actif = actif
        utilisateur.desactive_le = None if actif else dt.datetime.now(dt.UTC)
        fermer_toutes(base, qui.structure_id, identifiant)
        fermer_l_agenda(base, utilisateur, qui.utilisateur_id)
        consigner(base, "compte_rouvert" if actif else "compte_ferme", utilisateur, qui.utilisateur_id)
    if actif:
        annoncer("Compte rouvert.")
    else:
        _annoncer_la_fermeture(identifiant)
    return rediriger("/administration")


def _annoncer_la_fermeture(identifiant: str) -> None:
    """Avec les notes personnelles que ce compte laisse sans choix ; leur écran n'est proposé qu'à qui l'a."""
    qui, texte = compte(), "Compte fermé\u202f: ses sessions et ses échanges s’arrêtent tout de suite."
    nombre = laissees(db.session(), qui.structure_id, identifiant, carnet.acteur().jour)
    if not nombre:
        annoncer(texte)
        return
    attendent = "notes personnelles attendent" if nombre > 1 else "note personnelle attend"
    passe = "Passé trente jours, le chef de service choisira."
    suite = {"libelle": "Notes sans choix", "url": "/equipe/notes"} if peut(qui.role, "equipe") else None
    annoncer(f"{texte} {nombre} {attendent} encore son choix. {passe}", suite=suite)
