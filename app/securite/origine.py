"""Contre les requêtes venues d'un autre site : origine vérifiée et jeton de formulaire.

Deux verrous indépendants. L'origine (`Sec-Fetch-Site`, sinon `Origin`) arrête tout ce qu'un navigateur
envoie d'ailleurs ; le jeton de Flask-WTF protège les formulaires même là où ces en-têtes manquent.
L'échange n'a pas de jeton : il n'accepte que son type de média, qu'un formulaire ne peut pas produire.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # Flask-WTF ne publie pas ses types

jeton = CSRFProtect()

METHODES_SURES = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def origine_admise(requete: Request) -> bool:
    """Vrai si la requête vient de nos pages, ou d'un programme qui n'annonce aucune origine."""
    if requete.method in METHODES_SURES:
        return True
    site = requete.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origine = requete.headers.get("Origin")
    if origine is None:
        return True
    morceaux = urlsplit(origine)
    return (morceaux.scheme, morceaux.netloc) == (requete.scheme, requete.host)
