"""Les cahiers d'équipe, au bureau : les ouvrir, dire qui les tient, les fermer, compter ce qui s'y note."""

from __future__ import annotations

from itertools import groupby
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
from app.domain.formes import Forme
from app.domain.francais import quantite
from app.domain.identifiant import est_identifiant
from app.domain.mesure import convention_au, nom_court
from app.domain.saisie.lecture import nouveau_resultat
from app.domain.saisie.piece import lire_valeur, verifier
from app.equipe import actions
from app.equipe import cahiers as lecture
from app.models import Cahier
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels.contexte import Vue
from app.viewmodels.formulaires import cases, premiere
from app.viewmodels.piece_formulaire import champ_en_saisie, vue_du_champ
from app.views import carnet
from sync.conventions import conventions_de

cahiers = Blueprint("cahiers", __name__, url_prefix="/equipe/cahiers")

ACCUEIL = "/equipe/cahiers"
# Ceux que l'on ouvre ici. Un comité se prépare dans Réunions, avec ses situations ; ici, seulement qui y va.
SECTEUR, ACTION, COMITE = "secteur", "action", "comite"
OUVERTS = (SECTEUR, ACTION)


@cahiers.get("")
@permission("equipe")
def liste() -> Response:
    lus = lecture.lister(db.session(), compte().structure_id, carnet.acteur().jour)
    return rendre(
        "serveur/bureau/cahiers.html",
        titre="Équipe",
        onglet="bureau",
        genres=[(_titre(genre, len(siens)), siens) for genre, siens in lus.items()],
    )


@cahiers.get("/nouveau")
@permission("equipe")
def nouveau() -> Response:
    return _formulaire(str(uuid7()), _genre_voulu(request.args.get("genre", SECTEUR)), None, {}, {})


@cahiers.post("/nouveau")
@permission("equipe")
def ouvrir() -> Response:
    identifiant = request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    genre = _genre_voulu(request.form.get("genre", SECTEUR))
    lus, erreurs = _champs(genre)
    if erreurs := erreurs or _faire("creer_cahier", identifiant, {"genre": genre, **lus}):
        return _formulaire(identifiant, genre, None, _saisie(genre), erreurs)
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
    valeurs = {"nom": cahier.nom}
    for champ in domaine.champs_du_genre(cahier.genre):
        valeurs |= champ_en_saisie(champ, champ["nom"], cahier.valeurs.get(champ["nom"]))
    return _formulaire(cahier.id, cahier.genre, cahier, valeurs, {})


@cahiers.post("/<uuid:id>/modifier")
@permission("equipe")
def corriger(id: UUID) -> Response:
    cahier = _trouver(id)
    lus, erreurs = _champs(cahier.genre)
    if erreurs := erreurs or _faire("modifier_cahier", cahier.id, lus, _base()):
        return _formulaire(cahier.id, cahier.genre, cahier, _saisie(cahier.genre), erreurs)
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


@cahiers.post("/<uuid:id>/seances")
@permission("equipe")
def creer_seances(id: UUID) -> Response:
    """Celles que le calendrier annonce, d'un coup."""
    cahier = _trouver(id)
    operations = actions.a_creer(db.session(), cahier, _operation()) if cahier.genre == ACTION else []
    if operations:
        carnet.enregistrer(operations)
        annoncer(f"{quantite(len(operations), 'séance créée', 'séances créées')}\u202f: les téléphones les auront.")
    return rediriger(f"{ACCUEIL}/{id}")


@cahiers.post("/<uuid:id>/membres")
@permission("equipe")
def ajouter(id: UUID) -> Response:
    cahier = _trouver(id, *OUVERTS, COMITE)
    erreurs = _faire("ajouter_membre", cahier.id, {"utilisateur": request.form.get("utilisateur") or None})
    if erreurs and cahier.genre != COMITE:
        return _cahier(cahier, erreurs)
    sinon = "C’est noté\u202f: son téléphone recevra le cahier entier au prochain échange."
    annoncer(next(iter(erreurs.values()), sinon))
    return rediriger(_adresse(cahier))


@cahiers.post("/<uuid:id>/membres/<uuid:qui>/retirer")
@permission("equipe")
def retirer(id: UUID, qui: UUID) -> Response:
    cahier = _trouver(id, *OUVERTS, COMITE)
    if str(qui) not in _membres(cahier):
        raise NotFound
    _sans_refus("retirer_membre", cahier.id, {"utilisateur": str(qui)})
    annoncer("C’est noté\u202f: son téléphone enverra ce qu’il garde, puis oubliera ce cahier.")
    return rediriger(_adresse(cahier))


def _faire(genre: str, cahier_id: str, champs: dict[str, Any], base: int | None = None) -> dict[str, str]:
    """Par la porte de tout le reste ; ce qui s'y oppose, par champ. La page choisit l'opération : envoyée deux fois,
    elle n'en fait qu'une.
    """
    operation = {"id": _operation(), "genre": genre, "entite": cahier_id, "personne": cahier_id, "champs": champs}
    try:
        carnet.enregistrer([operation | {"base": base}])
    except carnet.Refusee as refus:
        return refus.erreurs
    return {}


def _sans_refus(genre: str, cahier_id: str, champs: dict[str, Any]) -> None:
    """Un geste que la page ne propose que s'il est permis."""
    if _faire(genre, cahier_id, champs):
        raise BadRequest


def _operation() -> str:
    op_id = request.form.get("operation", "")
    if not est_identifiant(op_id):
        raise BadRequest
    return op_id


def _genre_voulu(genre: str) -> str:
    if genre not in OUVERTS:
        raise NotFound
    return genre


def _champs(genre: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Le nom et les champs du genre, lus ; et ce qui ne se lit pas, par champ."""
    resultat, saisie = nouveau_resultat(), carnet.saisie()
    decrits = domaine.champs_du_genre(genre)
    contexte = {"conventions": {code for code, _ in _conventions()}}
    lus = {champ["nom"]: lire_valeur(resultat, saisie, champ, champ["nom"], contexte) for champ in decrits}
    for champ in decrits:
        verifier(resultat, champ, lus, carnet.aujourd_hui())
    trouvees = resultat["erreurs"]
    erreurs = {champ["nom"]: trouvees[champ["nom"]] for champ in decrits if champ["nom"] in trouvees}
    return {"nom": request.form.get("nom", "").strip() or None, **lus}, erreurs


def _saisie(genre: str) -> dict[str, Any]:
    return {nom: request.form.getlist(nom) for nom in ("nom", *(c["nom"] for c in domaine.champs_du_genre(genre)))}


def _conventions() -> list[tuple[str, str]]:
    """`[(code, nom court)]`, celles de la structure."""
    connues = conventions_de(db.session(), compte().structure_id)
    codes = sorted({convention["code"] for convention in connues})
    return [(code, nom_court(convention_au(connues, code, carnet.aujourd_hui()) or {"code": code})) for code in codes]


def _base() -> int:
    """La version que la page montrait : ce qu'un autre a changé depuis n'est pas effacé."""
    texte = request.form.get("version", "")
    if not (texte.isascii() and texte.isdecimal() and len(texte) < 16):
        raise BadRequest
    return int(texte)


def _formulaire(
    identifiant: str, genre: str, cahier: Cahier | None, valeurs: dict[str, Any], erreurs: dict[str, str]
) -> Response:
    return rendre(
        "serveur/bureau/modifier_cahier.html",
        titre="Équipe",
        onglet="bureau",
        statut=422 if erreurs else 200,
        id=identifiant,
        cahier=cahier,
        genre=genre,
        intitule=nomenclatures.libelle("genre_cahier", genre),
        nom=premiere(valeurs, "nom"),
        rangs=[[_vue(champ, valeurs) for champ in rang] for rang in _rangs(genre)],
        erreurs=erreurs,
        operation=str(uuid7()),
    )


def _rangs(genre: str) -> list[list[Forme]]:
    """Du et au, de et à : côte à côte."""
    courts, champs = {"jour", "heure"}, domaine.champs_du_genre(genre)
    return [list(rang) for _, rang in groupby(champs, lambda c: c["genre"] if c["genre"] in courts else c["nom"])]


def _vue(champ: Forme, valeurs: dict[str, Any]) -> Vue:
    vue = vue_du_champ(champ, champ["nom"], valeurs, {})
    if champ["genre"] == "conventions":
        dites = cases(valeurs, champ["nom"])
        choix = [{"code": code, "libelle": nom, "choisi": code in dites} for code, nom in _conventions()]
        return {**vue, "genre": "puces_multiples", "choix": choix}
    return {**vue, "genre": "heure"} if champ["genre"] == "heure" else vue


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
        action=actions.lire(db.session(), cahier) if cahier.genre == ACTION else None,
        nouvelle_operation=lambda: str(uuid7()),
        erreurs=erreurs or {},
    )


def _titre(genre: str, nombre: int) -> str:
    libelle = nomenclatures.libelle("genre_cahier", genre)
    return libelle.replace("Cahier", "Cahiers", 1) if nombre > 1 else libelle


def _membres(cahier: Cahier) -> dict[str, str]:
    return lecture.membres_de(db.session(), compte().structure_id, [cahier.id])[cahier.id]


def _adresse(cahier: Cahier) -> str:
    return f"/reunions/comites/{cahier.id}" if cahier.genre == COMITE else f"{ACCUEIL}/{cahier.id}"


def _trouver(id: UUID, *genres: str) -> Cahier:
    """Un cahier d'ici, d'un de ces genres ; sans eux, de ceux que l'on ouvre ici."""
    trouve = db.session.get(Cahier, (compte().structure_id, str(id)))
    if trouve is None or trouve.genre not in (genres or OUVERTS):
        raise NotFound
    return trouve
