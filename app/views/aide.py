"""L'aide, lisible sans être connecté."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.securite.permissions import permission, publique
from app.securite.portier import compte

aide = Blueprint("aide", __name__)


@aide.get("/aide/installation")
@publique
def installation() -> Response:
    return rendre("partages/pages/installation.html", titre="Installer Jalon", onglet="")


@aide.get("/installer")
@permission("appareil")
def installer() -> Response:
    """Nommer l'appareil, choisir comment il s'ouvre, recevoir sa file active. Le script de page conduit."""
    return rendre(
        "serveur/installer.html",
        titre="Préparer cet appareil",
        onglet="",
        utilisateur_id=compte().utilisateur_id,
    )


@aide.get("/galerie")
@permission("compte")
def galerie() -> Response:
    """Tous les composants dans tous leurs états, pour qui dessine les écrans."""
    return rendre("serveur/galerie.html", titre="Galerie", onglet="")
