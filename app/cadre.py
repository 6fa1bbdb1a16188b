"""Ce que toute page reçoit autour de son contenu, ajouté en un seul endroit.

Le service worker fabrique le même contexte pour les pages qu'il rend (`static/js/worker`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, current_app, make_response, render_template, request, session
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]  # Flask-WTF ne publie pas ses types

from app.actifs import actifs, version
from app.base import db
from app.domain.dates import instant, jour_paris
from app.securite.permissions import BUREAU, peut
from app.securite.portier import compte_ou_rien
from app.securite.reponses import nonce
from app.securite.session import Compte
from sync.portee import requete_genres_tenus

# Le serveur ne sait pas ce qu'un téléphone garde : il n'affirme jamais que tout est envoyé.
_ENVOI_INCONNU = {"connu": False, "attente": 0, "refusees": 0, "dernier": None, "texte": "Envoi"}


def contexte_cadre(*, titre: str, onglet: str, avec_jeton: bool = True, garder_message: bool = False) -> dict[str, Any]:
    """Les clés du cadre ; `titre` est générique, jamais le nom de quelqu'un.

    `garder_message` : un fragment ne montre pas le message, qui attend la prochaine page.
    """
    compte = compte_ou_rien()
    tenus = _genres_tenus(compte) if compte and peut(compte.role, "entretiens.noter") else frozenset[str]()
    return {
        "actifs": actifs(),
        "nonce": nonce(),
        "jeton": generate_csrf() if avec_jeton else "",
        "origine": "serveur",
        # Cette session est celle d'un téléphone préparé : le script de page vérifie que son carnet y est encore.
        "carnet_attendu": bool(onglet and compte and compte.appareil_id),
        "onglet": onglet,
        "titre": titre,
        "version": version(),
        "envoi": _ENVOI_INCONNU,
        "message": session.pop("message", None) if compte and not garder_message else None,
        "bureau": _bureau(compte.role) if compte else [],
        "sans_carnet": compte is not None and not peut(compte.role, "dossiers.lire"),
        "sans_entretien": compte is not None and not peut(compte.role, "entretiens.noter"),
        "maraude": "secteur" in tenus,
        "actions_tenues": "action" in tenus,
        "va_en_comite": "comite" in tenus,
        "utilisateur": {
            "nom_affiche": f"{compte.prenom} {compte.nom}",
            "initiales": f"{compte.prenom[:1]}{compte.nom[:1]}".upper(),
            "role": compte.role,
        }
        if compte
        else None,
    }


def rendre(gabarit: str, *, titre: str, onglet: str, statut: int = 200, **page: Any) -> Response:
    """Une page entière. Un statut d'erreur garde l'adresse affichée : « Retour » doit encore marcher."""
    # Deux valeurs pour un même mot : Python le refuse, au lieu d'en taire une.
    reponse = make_response(render_template(gabarit, **page, **contexte_cadre(titre=titre, onglet=onglet)), statut)
    if statut >= 400:
        reponse.headers["HX-Push-Url"] = "false"
    return reponse


def annoncer(texte: str, annuler: dict[str, Any] | None = None, suite: dict[str, str] | None = None) -> None:
    """Un mot à montrer une fois, sur la prochaine page ; `annuler` = {url, champs: [{nom, valeur}]}."""
    session["message"] = {"texte": texte, "annuler": annuler, "suite": suite}


def chemin_local(valeur: str | None, defaut: str = "/") -> str:
    """Un chemin d'ici, et rien d'autre : ni autre site, ni adresse relative au protocole."""
    if not valeur or not valeur.startswith("/") or valeur.startswith(("//", "/\\")) or len(valeur) > 200:
        return defaut
    if any(ord(signe) < 33 or signe == "\\" for signe in valeur):
        return defaut
    return valeur


def _bureau(role: str) -> list[dict[str, Any]]:
    return [
        {"url": url, "libelle": libelle, "choisi": request.path.startswith(url)}
        for url, libelle, permission in BUREAU
        if peut(role, permission)
    ]


def _genres_tenus(compte: Compte) -> frozenset[str]:
    """Les genres des cahiers que cette personne tient : ce que propose le menu."""
    jour = dt.date.fromisoformat(jour_paris(instant(dt.datetime.now(dt.UTC))))
    return frozenset(db.session.scalars(requete_genres_tenus(compte.structure_id, compte.utilisateur_id, jour)))


def en_demonstration() -> bool:
    return bool(current_app.config.get("DEMONSTRATION"))
