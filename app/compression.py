"""Compresser ce que reçoit un téléphone avant d'avoir son carnet : se connecter, se préparer, le manifeste.

Une page qui mêle un secret (le jeton de formulaire) et un texte choisi par un autre (un paramètre d'adresse) trahit
l'un par l'autre dès qu'elle est compressée : sa taille dit si le texte ressemble au secret (attaque BREACH). Ces deux
pages-ci ne sont donc compressées que demandées nues : sans paramètre, elles ne répètent rien de la demande. Aucune
autre page ne l'est.
"""

from __future__ import annotations

from flask import Flask, Response, request

from sync.codec import compresser

# Demandées une fois par téléphone : cinq millisecondes de plus pour 7 % de moins à descendre.
QUALITE = 10
PAGES = frozenset({"connexion.connexion_page", "aide.installer", "technique.manifeste"})


def installer(app: Flask) -> None:
    app.after_request(alleger)


def alleger(reponse: Response) -> Response:
    """Brotli ou gzip, selon ce que lit le navigateur."""
    if request.endpoint not in PAGES:
        return reponse
    reponse.vary.add("Accept-Encoding")
    if request.method != "GET" or request.query_string or reponse.status_code != 200:
        return reponse
    corps, codage = compresser(reponse.get_data(), request.headers.get("Accept-Encoding"), QUALITE)
    if codage:
        reponse.set_data(corps)
        reponse.headers["Content-Encoding"] = codage
    return reponse
