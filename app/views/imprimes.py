"""Un papier du bureau en PDF : composé, nommé sans dire de qui, jamais gardé en cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import make_response, request
from werkzeug.wrappers import Response

from app.cadre import annoncer
from app.papiers.composition import CaractereAbsent, composer
from app.papiers.papier import nom_de_fichier
from app.securite.portier import rediriger
from app.views import carnet
from app.views.papiers import SANS_PDF


def en_pdf(papier: Mapping[str, Any]) -> Response:
    """Un signe que la lettre des papiers n'a pas : la page imprimable, elle, saura l'écrire."""
    try:
        reponse = make_response(composer(papier, carnet.maintenant()))
    except CaractereAbsent:
        annoncer(SANS_PDF)
        return rediriger(request.full_path.removesuffix("?").replace(".pdf", "", 1))
    reponse.headers["Content-Type"] = "application/pdf"
    nom = nom_de_fichier(papier, carnet.aujourd_hui())
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
