"""Changer son mot de passe, ou choisir le premier par le lien que l'administration a donné."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.models import Utilisateur
from app.securite import comptes, frein, redonner
from app.securite.erreurs import reponse_erreur
from app.securite.permissions import permission, publique
from app.securite.portier import compte
from app.securite.preuve import appareil_annonce
from app.views.confirmation import attendre
from app.views.connexion import ouvrir

mot_de_passe = Blueprint("mot_de_passe", __name__)

FAUX = "Ce n’est pas votre mot de passe actuel."
PERIME = (
    "Il a déjà servi, ou il date de plus d’un jour. Demandez-en un autre à qui tient les comptes de votre structure."
)


@mot_de_passe.get("/compte/mot-de-passe")
@permission("compte")
def changer() -> Response:
    return _page_changer({})


@mot_de_passe.post("/compte/mot-de-passe")
@permission("compte")
def change() -> Response:
    qui, appareil = compte(), appareil_annonce(request)
    actuel, nouveau, encore = (request.form.get(nom, "") for nom in ("actuel", "nouveau", "encore"))
    if not actuel:
        return _page_changer({"actuel": "Tapez d’abord votre mot de passe actuel."})
    refus = redonner.essayer(actuel, FAUX)
    if refus:
        return _page_changer({"actuel": refus.phrase}, refus)
    utilisateur = db.session.get_one(Utilisateur, (qui.structure_id, qui.utilisateur_id))
    erreurs = comptes.erreurs_du_nouveau(db.session(), utilisateur, nouveau, encore)
    if erreurs:
        return _page_changer(erreurs)
    with ecriture() as base:
        utilisateur = base.get_one(Utilisateur, (qui.structure_id, qui.utilisateur_id))
        comptes.changer_mot_de_passe(base, utilisateur, nouveau)
        comptes.consigner(base, "mot_de_passe_change", utilisateur, qui.utilisateur_id)
    # Celle-ci se rouvre aussitôt, avec un jeton neuf ; les autres redemanderont le mot de passe.
    reponse = ouvrir(db.session.get_one(Utilisateur, (qui.structure_id, qui.utilisateur_id)), appareil, "/appareils")
    annoncer(
        "Mot de passe changé. Vos autres appareils devront se reconnecter\u202f; ce qu’ils gardent n’est pas perdu."
    )
    return reponse


@mot_de_passe.get("/bienvenue/<jeton>")
@publique
def choisir(jeton: str) -> Response:
    """La lire ne dépense pas le lien : une messagerie qui en fait l'aperçu ne le perd pas."""
    return _par_lien(jeton) or _page_choisir(_titulaire(jeton), {})


@mot_de_passe.post("/bienvenue/<jeton>")
@publique
def choisi(jeton: str) -> Response:
    freine = _par_lien(jeton)
    if freine:
        return freine
    nouveau, encore = request.form.get("nouveau", ""), request.form.get("encore", "")
    titulaire = _titulaire(jeton)
    erreurs = comptes.erreurs_du_nouveau(db.session(), titulaire, nouveau, encore)
    if erreurs:
        return _page_choisir(titulaire, erreurs)
    with ecriture() as base:
        utilisateur = comptes.choisir_par_lien(base, jeton, nouveau, _maintenant())
        if utilisateur is None:
            raise NotFound
        cle = (utilisateur.structure_id, utilisateur.id)
    return ouvrir(db.session.get_one(Utilisateur, cle), appareil_annonce(request), "/")


def _par_lien(jeton: str) -> Response | None:
    """Chaque lien inconnu compte contre l'adresse qui l'essaie : en essayer mille ne mène nulle part."""
    essai = frein.essai(str(current_app.secret_key), f"lien {jeton[:64]}", request.remote_addr, None)
    attente = frein.demander(essai, _maintenant())
    if attente:
        return reponse_erreur(429, texte=frein.patience(attente), Retry_After=str(attente))
    if comptes.compte_du_lien(db.session(), jeton, _maintenant()) is None:
        return reponse_erreur(404, titre="Ce lien ne sert plus", texte=PERIME)
    frein.reussir(essai)
    return None


def _titulaire(jeton: str) -> Utilisateur:
    utilisateur = comptes.compte_du_lien(db.session(), jeton, _maintenant())
    if utilisateur is None:
        raise NotFound
    return utilisateur


def _page_changer(erreurs: dict[str, str], refus: redonner.Refus | None = None) -> Response:
    reponse = rendre(
        "serveur/mot_de_passe.html",
        titre="Changer mon mot de passe",
        onglet="",
        statut=refus.statut if refus else 422 if erreurs else 200,
        erreurs=erreurs,
        courriel=compte().courriel,
    )
    return attendre(reponse, refus)


def _page_choisir(utilisateur: Utilisateur, erreurs: dict[str, str]) -> Response:
    return rendre(
        "serveur/bienvenue.html",
        titre="Choisir mon mot de passe",
        onglet="",
        statut=422 if erreurs else 200,
        erreurs=erreurs,
        prenom=utilisateur.prenom,
        courriel=utilisateur.courriel,
        premier=utilisateur.mot_de_passe is None,
    )


def _maintenant() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
