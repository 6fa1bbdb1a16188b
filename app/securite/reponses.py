"""Pose les en-têtes de sécurité sur chaque réponse, quelle que soit la couche qui l'a faite."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from app.securite.entetes import entetes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Un an ; posé seulement là où la configuration le demande : sur un poste de démonstration, il
# condamnerait `http://localhost` pour tous les autres projets de la machine.
HSTS = "max-age=31536000; includeSubDomains"


def nonce() -> str:
    """Le nonce de la réponse en cours, le même pour la page et pour sa politique."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(18)
    valeur: str = g.nonce
    return valeur


def proteger(reponse: Response) -> Response:
    """Après chaque requête, erreurs comprises."""
    for nom, valeur in entetes(nonce()).items():
        reponse.headers.setdefault(nom, valeur)
    return reponse


class EntetesPartout:
    """Dernière couche WSGI : complète ce que Flask ne voit pas passer (fichiers statiques)."""

    def __init__(self, application: WSGIApplication, hsts: bool) -> None:
        self.application = application
        self.hsts = hsts

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def repondre(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            presents = {nom.lower() for nom, _ in headers}
            complement = entetes(secrets.token_urlsafe(18))
            if self.hsts and environ.get("wsgi.url_scheme") == "https":
                complement["Strict-Transport-Security"] = HSTS
            headers = headers + [(nom, valeur) for nom, valeur in complement.items() if nom.lower() not in presents]
            return start_response(status, headers, exc_info)

        return self.application(environ, repondre)


def installer(application: Flask) -> None:
    """À appeler en dernier : enveloppe aussi ce qui sert les fichiers statiques."""
    application.after_request(proteger)
    enveloppe = EntetesPartout(application.wsgi_app, hsts=bool(application.config["HSTS"]))
    application.wsgi_app = enveloppe  # type: ignore[method-assign]  # la manière documentée de Flask d'envelopper


def json_attendu() -> bool:
    """Le client est un programme (échange, script de page) : l'erreur se dit en JSON."""
    return (
        request.path.startswith(("/sync", "/session/"))
        or request.mimetype == "application/json"
        or request.accept_mimetypes.best == "application/json"
    )
