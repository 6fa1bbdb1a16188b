"""Les notes personnelles des dossiers que l'on quitte : les transmettre, ou les effacer.

Miroir : static/js/worker/field_notes.js, aux mêmes adresses.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain.saisie import lire_notes
from app.securite.permissions import permission
from app.viewmodels.notes import notes as vue_notes
from app.views import carnet
from app.views.formulaire import conclure

notes = Blueprint("notes", __name__, url_prefix="/notes")


@notes.get("")
@permission("entretiens.noter")
def page() -> Response:
    return _montrer()


@notes.post("")
@permission("entretiens.noter")
def choisir() -> Response:
    saisie = carnet.saisie()
    return conclure(
        lire_notes(saisie, carnet.contexte()), vers="/", remontrer=lambda erreurs: _montrer(saisie, erreurs)
    )


def _montrer(saisie: dict[str, Any] | None = None, erreurs: dict[str, str] | None = None) -> Response:
    page = vue_notes(carnet.contexte(), saisie, erreurs)
    return rendre(
        "partages/pages/notes.html",
        titre="Notes personnelles",
        onglet="journee",
        statut=422 if erreurs else 200,
        **page,
    )
