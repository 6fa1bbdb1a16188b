"""Ce que demandent les machines : l'état du service, le service worker, le manifeste d'installation."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, request, send_file, send_from_directory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as ReponseWerkzeug

from app.actifs import CONSTRUIT, actifs
from app.base import cloisonner, db
from app.cloison import RIEN
from app.config import RACINE
from app.securite.entetes import CSP_WORKER
from app.securite.permissions import publique

technique = Blueprint("technique", __name__)

# Le papier de l'identité (`static/css/tokens.css`) : il colore l'écran avant la première page.
COULEUR_PAPIER = "#faf5ea"


@technique.get("/sante")
@publique
def sante() -> tuple[Response, int]:
    """200 quand la base répond, 503 sinon ; rien d'autre n'est dit à qui n'est pas connecté."""
    cloisonner(RIEN)
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify({"etat": "indisponible", "base": False}), 503
    return jsonify({"etat": "pret", "base": True}), 200


@technique.get("/sw.js")
@publique
def service_worker() -> ReponseWerkzeug:
    """Le service worker, à la racine pour tenir toutes les pages, revalidé à chaque lecture."""
    fichier = CONSTRUIT / "sw.js"
    if not fichier.exists():
        raise NotFound
    contenu, empreinte, codage = _worker(fichier, fichier.stat().st_mtime_ns, _codage_accepte(fichier))
    reponse = Response(contenu, mimetype="text/javascript")
    reponse.set_etag(empreinte)
    reponse.headers["Cache-Control"] = "no-cache"
    reponse.headers["Service-Worker-Allowed"] = "/"
    reponse.headers["Content-Security-Policy"] = CSP_WORKER
    reponse.vary.add("Accept-Encoding")
    if codage:
        reponse.headers["Content-Encoding"] = codage
    return reponse.make_conditional(request)


@technique.get("/app.webmanifest")
@publique
def manifeste() -> ReponseWerkzeug:
    """De quoi poser Jalon sur l'écran d'accueil."""
    reponse = jsonify(
        {
            "id": "/",
            "name": "Jalon",
            "short_name": "Jalon",
            "description": "Le carnet de terrain de l’accompagnement, avec ou sans réseau",
            "lang": "fr",
            "dir": "ltr",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": COULEUR_PAPIER,
            "background_color": COULEUR_PAPIER,
            "icons": _icones(actifs()),
        }
    )
    reponse.mimetype = "application/manifest+json"
    reponse.headers["Cache-Control"] = "no-cache"
    # Chaque page le redemande : il ne redescend que s'il a changé.
    reponse.add_etag(weak=True)
    return reponse.make_conditional(request)


@technique.get("/icones/<path:nom>")
@publique
def icone(nom: str) -> ReponseWerkzeug:
    """Les icônes à adresse fixe, que le système d'exploitation redemande sans passer par une page."""
    reponse = send_from_directory(RACINE / "static" / "icones", nom, max_age=86_400)
    reponse.headers["Cache-Control"] = "public, max-age=86400"
    return reponse


@technique.get("/autorite.crt")
@publique
def autorite() -> ReponseWerkzeug:
    """Le certificat (public) de l'autorité locale, à installer sur un téléphone d'essai."""
    fichier = current_app.config.get("AUTORITE_LOCALE")
    if not fichier:
        raise NotFound
    reponse = send_file(fichier, mimetype="application/x-x509-ca-cert")
    reponse.headers["Content-Disposition"] = 'attachment; filename="jalon-autorite.crt"'
    return reponse


def _icones(connus: dict[str, str]) -> list[dict[str, str]]:
    icones = []
    for nom, adresse in sorted(connus.items()):
        if not nom.startswith("icone-") or not adresse.endswith((".png", ".svg")):
            continue
        taille = next((morceau for morceau in nom.split("-") if morceau.isdigit()), None)
        icones.append(
            {
                "src": adresse,
                "type": "image/svg+xml" if adresse.endswith(".svg") else "image/png",
                "sizes": f"{taille}x{taille}" if taille else "any",
                "purpose": "maskable" if "maskable" in nom or "masque" in nom else "any",
            }
        )
    return icones


def _codage_accepte(fichier: Path) -> str | None:
    for codage, suffixe in (("br", ".br"), ("gzip", ".gz")):
        if request.accept_encodings[codage] > 0 and fichier.with_name(fichier.name + suffixe).exists():
            return codage
    return None


@cache
def _worker(fichier: Path, _date: int, codage: str | None) -> tuple[bytes, str, str | None]:
    clair = fichier.read_bytes()
    # Un ETag par représentation : le même pour deux codages tromperait les caches.
    empreinte = f"{hashlib.sha256(clair).hexdigest()[:24]}{'-' + codage if codage else ''}"
    if codage is None:
        return clair, empreinte, None
    suffixe = {"br": ".br", "gzip": ".gz"}[codage]
    return fichier.with_name(fichier.name + suffixe).read_bytes(), empreinte, codage
