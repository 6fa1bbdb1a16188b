"""Les réponses d'erreur : une page en français pour une personne, un code pour un programme."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, make_response, redirect, render_template, url_for
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # Flask-WTF ne publie pas ses types
from htmx_flask import request  # type: ignore[import-untyped]  # htmx-flask ne publie pas ses types
from jinja2 import TemplateError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as ReponseWerkzeug

from app.securite.reponses import json_attendu

journal = logging.getLogger("jalon.erreurs")

# statut : (code pour les programmes, titre, phrase qui dit quoi faire)
_ERREURS: dict[int, tuple[str, str, str]] = {
    400: (
        "demande_invalide",
        "Demande incomprise",
        "La demande est incomplète ou abîmée. Revenez en arrière et recommencez.",
    ),
    401: ("session_expiree", "Reconnectez-vous", "Votre session est terminée. Ce que vous avez tapé n’est pas envoyé."),
    403: ("interdit", "Page réservée", "Votre rôle ne donne pas accès à cette page."),
    404: (
        "introuvable",
        "Rien à cette adresse",
        "Cette page n’existe pas, ou ce dossier n’est pas dans votre file active.",
    ),
    405: ("methode_refusee", "Demande incomprise", "Cette page ne se demande pas de cette façon."),
    409: ("appareil_inconnu", "Appareil inconnu", "Cet appareil n’est pas, ou plus, enregistré."),
    410: ("appareil_revoque", "Appareil révoqué", "Cet appareil a été retiré. Voyez avec votre chef de service."),
    413: ("trop_gros", "Envoi trop gros", "Ce qui est envoyé dépasse la taille acceptée."),
    415: ("type_refuse", "Format refusé", "Ce format n’est pas accepté ici."),
    422: ("a_corriger", "À corriger", "Des champs sont à reprendre."),
    426: ("protocole", "Mise à jour nécessaire", "Jalon doit être mis à jour sur cet appareil."),
    429: ("trop_d_essais", "Un peu de patience", "Trop d’essais à la suite. Attendez un instant avant de recommencer."),
    500: (
        "panne",
        "Une panne de notre côté",
        "Rien de ce qui était enregistré n’est perdu. Réessayez dans un instant.",
    ),
    503: ("indisponible", "Service momentanément indisponible", "Réessayez dans un instant."),
}


def installer(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _jeton_refuse)
    app.register_error_handler(OperationalError, _base_indisponible)
    app.register_error_handler(Exception, _panne)


def reponse_erreur(
    statut: int, *, code: str | None = None, titre: str | None = None, texte: str | None = None, **entetes: str
) -> Response:
    """La réponse d'erreur de cette requête, dans la forme que le client attend."""
    code_connu, titre_connu, texte_connu = _ERREURS.get(statut, _ERREURS[400 if statut < 500 else 500])
    if json_attendu():
        reponse = jsonify({"erreur": code or code_connu, "message": texte or texte_connu})
    else:
        reponse = make_response(_page(statut, titre or titre_connu, texte or texte_connu))
        # Une erreur ne change pas l'adresse affichée : « Retour » doit encore marcher.
        reponse.headers["HX-Push-Url"] = "false"
    reponse.status_code = statut
    if statut == 401:
        # Le script de page lit ici s'il faut déverrouiller ou se reconnecter.
        reponse.headers["X-Jalon-Erreur"] = "verrou" if code == "verrouille" else "session"
    for nom, valeur in entetes.items():
        reponse.headers[nom.replace("_", "-")] = valeur
    return reponse


def connexion_requise(appareil_revoque: bool) -> Response | ReponseWerkzeug:
    """À qui n'est pas connecté : la page de connexion pour une lecture, 401 pour le reste."""
    if json_attendu():
        return reponse_erreur(410) if appareil_revoque else reponse_erreur(401)
    if request.method in {"GET", "HEAD"}:
        suite = request.path if request.path != "/" else None
        return _mener(url_for("connexion.connexion_page", suite=suite))
    return reponse_erreur(401)


def venue_d_ailleurs() -> Response:
    texte = "Cette demande ne vient pas d’une page de Jalon. Revenez dans Jalon et recommencez."
    return reponse_erreur(403, titre="Demande refusée", texte=texte)


def verrouille() -> Response | ReponseWerkzeug:
    """Appareil enrôlé dont le coffre n'a pas donné signe : rien de personnel n'est montré."""
    if json_attendu() or request.method not in {"GET", "HEAD"}:
        return reponse_erreur(401, code="verrouille", texte="Cet appareil est verrouillé.")
    return _mener(url_for("verrou.verrou_page", suite=request.path))


def _mener(adresse: str) -> ReponseWerkzeug:
    """Vers une autre page. À htmx on demande une vraie navigation : elle seule repasse par le service worker."""
    if request.htmx:
        return ReponseWerkzeug(status=204, headers={"HX-Redirect": adresse})
    return redirect(adresse, code=303)


def _page(statut: int, titre: str, texte: str) -> str:
    from app.cadre import contexte_cadre

    try:
        contexte = contexte_cadre(titre=titre, onglet="", avec_jeton=False)
        return render_template("serveur/erreur.html", statut=statut, texte=texte, **contexte)
    except (TemplateError, OSError):
        # Sans gabarit ni base, dire au moins la chose.
        return f"<!doctype html><html lang=fr><meta charset=utf-8><title>{titre}</title><h1>{titre}</h1><p>{texte}</p>"


def _http(erreur: HTTPException) -> Response | ReponseWerkzeug:
    if erreur.code is not None and 300 <= erreur.code < 400:
        return ReponseWerkzeug(erreur.get_response().response, erreur.code, erreur.get_headers())
    if erreur.response is not None:
        return make_response(erreur.response)
    reponse = reponse_erreur(erreur.code or 500)
    for nom, valeur in erreur.get_headers():
        if nom in {"Allow", "Retry-After", "WWW-Authenticate"}:
            reponse.headers[nom] = valeur
    if erreur.code == 503:
        reponse.headers.setdefault("Retry-After", "5")
    return reponse


def _jeton_refuse(_: CSRFError) -> Response:
    return reponse_erreur(
        400,
        code="jeton_perime",
        texte="Cette page est restée ouverte trop longtemps. Rechargez-la\u202f; "
        "ce que vous aviez tapé est à reprendre.",
    )


def _base_indisponible(erreur: OperationalError) -> Response:
    journal.error("base indisponible : %s", type(erreur.orig).__name__)
    return reponse_erreur(503, Retry_After="5")


def _panne(erreur: Exception) -> Response:
    # Le nom de l'erreur et son chemin, sans les valeurs : elles peuvent être celles d'une personne.
    journal.error("panne sur %s : %s", request.endpoint, _chemin(erreur))
    return reponse_erreur(500)


def _chemin(erreur: Exception) -> str:
    lignes = []
    trace = erreur.__traceback__
    while trace is not None:
        lignes.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(erreur).__name__} " + " < ".join(reversed(lignes[-6:]))
