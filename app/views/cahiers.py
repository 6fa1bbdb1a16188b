"""Les cahiers d'équipe, au bureau : les ouvrir, dire qui les tient, les fermer, compter les maraudes d'un secteur."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import annoncer, rendre
from app.domain import cahier as domaine
from app.domain import nomenclatures
from app.domain.identifiant import est_identifiant
from app.equipe import cahiers as lecture
from app.models import Cahier
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet

cahiers = Blueprint("cahiers", __name__, url_prefix="/equipe/cahiers")

ACCUEIL = "/equipe/cahiers"
# Ceux que l'on ouvre ici, pour l'instant.
SECTEUR = "secteur"


@cahiers.get("")
@permission("equipe")
def liste() -> Response:
    lus = lecture.lister(db.session(), compte().structure_id)
    return rendre(
        "serveur/bureau/cahiers.html",
        titre="Équipe",
        onglet="bureau",
        genres=[(_titre(genre, len(siens)), siens) for genre, siens in lus.items()],
    )


@cahiers.get("/nouveau")
@permission("equipe")
def nouveau() -> Response:
    return _formulaire(str(uuid7()), None, {}, {})


@cahiers.post("/nouveau")
@permission("equipe")
def ouvrir() -> Response:
    identifiant = request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    champs = {"genre": SECTEUR, **_champs(SECTEUR)}
    if erreurs := _faire("creer_cahier", identifiant, champs):
        return _formulaire(identifiant, None, champs, erreurs)
    annoncer("Cahier ouvert\u202f: dites maintenant qui le tient.")
    return rediriger(f"{ACCUEIL}/{identifiant}")


@cahiers.get("/<uuid:id>")
@permission("equipe")
def un_cahier(id: UUID) -> Response:
    return _cahier(_trouver(id))


@cahiers.get("/<uuid:id>/modifier")
@permission("equipe")
def modifier(id: UUID) -> Response:
    cahier = _trouver(id)
    return _formulaire(cahier.id, cahier, {"nom": cahier.nom, **cahier.valeurs}, {})


@cahiers.post("/<uuid:id>/modifier")
@permission("equipe")
def corriger(id: UUID) -> Response:
    cahier = _trouver(id)
    champs = _champs(cahier.genre)
    if erreurs := _faire("modifier_cahier", cahier.id, champs, _base()):
        return _formulaire(cahier.id, cahier, champs, erreurs)
    annoncer("C’est noté\u202f; les téléphones de ceux qui le tiennent le sauront au prochain échange.")
    return rediriger(f"{ACCUEIL}/{id}")


@cahiers.post("/<uuid:id>/fermer")
@permission("equipe")
def fermer(id: UUID) -> Response:
    cahier = _trouver(id)
    _sans_refus("modifier_cahier", cahier.id, {"ferme_le": carnet.aujourd_hui()})
    annoncer("Cahier fermé\u202f: il n’est plus proposé. Ce qui a été noté sans réseau y arrive encore.")
    return rediriger(f"{ACCUEIL}/{id}")


@cahiers.post("/<uuid:id>/rouvrir")
@permission("equipe")
def rouvrir(id: UUID) -> Response:
    cahier = _trouver(id)
    _sans_refus("modifier_cahier", cahier.id, {"ferme_le": None})
    annoncer("Cahier rouvert.")
    return rediriger(f"{ACCUEIL}/{id}")


@cahiers.post("/<uuid:id>/membres")
@permission("equipe")
def ajouter(id: UUID) -> Response:
    cahier = _trouver(id)
    if erreurs := _faire("ajouter_membre", cahier.id, {"utilisateur": request.form.get("utilisateur") or None}):
        return _cahier(cahier, erreurs)
    annoncer("C’est noté\u202f: son téléphone recevra le cahier entier au prochain échange.")
    return rediriger(f"{ACCUEIL}/{id}")


@cahiers.post("/<uuid:id>/membres/<uuid:qui>/retirer")
@permission("equipe")
def retirer(id: UUID, qui: UUID) -> Response:
    cahier = _trouver(id)
    if str(qui) not in _membres(cahier):
        raise NotFound
    _sans_refus("retirer_membre", cahier.id, {"utilisateur": str(qui)})
    annoncer("C’est noté\u202f: son téléphone enverra ce qu’il garde, puis oubliera ce cahier.")
    return rediriger(f"{ACCUEIL}/{id}")


def _faire(genre: str, cahier_id: str, champs: dict[str, Any], base: int | None = None) -> dict[str, str]:
    """Par la porte de tout le reste ; ce qui s'y oppose, par champ. La page choisit l'opération : envoyée deux fois,
    elle n'en fait qu'une.
    """
    op_id = request.form.get("operation", "")
    if not est_identifiant(op_id):
        raise BadRequest
    operation = {"id": op_id, "genre": genre, "entite": cahier_id, "personne": cahier_id, "champs": champs}
    try:
        carnet.enregistrer([operation | {"base": base}])
    except carnet.Refusee as refus:
        return refus.erreurs
    return {}


def _sans_refus(genre: str, cahier_id: str, champs: dict[str, Any]) -> None:
    """Un geste que la page ne propose que s'il est permis."""
    if _faire(genre, cahier_id, champs):
        raise BadRequest


def _champs(genre: str) -> dict[str, str | None]:
    noms = ["nom", *(champ["nom"] for champ in domaine.champs_du_genre(genre))]
    return {nom: request.form.get(nom, "").strip() or None for nom in noms}


def _base() -> int:
    """La version que la page montrait : ce qu'un autre a changé depuis n'est pas effacé."""
    texte = request.form.get("version", "")
    if not (texte.isascii() and texte.isdecimal() and len(texte) < 16):
        raise BadRequest
    return int(texte)


def _formulaire(identifiant: str, cahier: Cahier | None, valeurs: dict[str, Any], erreurs: dict[str, str]) -> Response:
    return rendre(
        "serveur/bureau/modifier_cahier.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if erreurs else 200,
        id=identifiant,
        cahier=cahier,
        champs=domaine.champs_du_genre(cahier.genre if cahier else SECTEUR),
        valeurs=valeurs,
        erreurs=erreurs,
        operation=str(uuid7()),
    )


def _cahier(cahier: Cahier, erreurs: dict[str, str] | None = None) -> Response:
    structure, membres = compte().structure_id, _membres(cahier)
    maraudes, nombre = lecture.maraudes(db.session(), structure, cahier.id) if cahier.genre == SECTEUR else ([], 0)
    collegues = lecture.collegues(db.session(), structure)
    return rendre(
        "serveur/bureau/cahier.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if erreurs else 200,
        cahier=cahier,
        genre=nomenclatures.libelle("genre_cahier", cahier.genre),
        champs=[champ for champ in domaine.champs_du_genre(cahier.genre) if cahier.valeurs.get(champ["nom"])],
        membres=membres,
        proposes=[(qui, nom) for qui, nom in collegues.items() if qui not in membres],
        maraudes=maraudes,
        nombre=nombre,
        annee=carnet.aujourd_hui()[:4],
        secteur=cahier.genre == SECTEUR,
        nouvelle_operation=lambda: str(uuid7()),
        erreurs=erreurs or {},
    )


def _titre(genre: str, nombre: int) -> str:
    libelle = nomenclatures.libelle("genre_cahier", genre)
    return libelle.replace("Cahier", "Cahiers", 1) if nombre > 1 else libelle


def _membres(cahier: Cahier) -> dict[str, str]:
    return lecture.membres_de(db.session(), compte().structure_id, [cahier.id])[cahier.id]


def _trouver(id: UUID) -> Cahier:
    trouve = db.session.get(Cahier, (compte().structure_id, str(id)))
    if trouve is None:
        raise NotFound
    return trouve
