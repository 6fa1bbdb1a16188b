"""La fin de tout formulaire du carnet : enregistré et relu (303), ou remontré tel qu'il a été tapé (422)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.securite.portier import rediriger
from app.viewmodels.messages import message_enregistre
from app.views import carnet
from app.views.sans_entretien import selon_le_role


def conclure(lu: dict[str, Any], vers: str, remontrer: Callable[[dict[str, str]], Response]) -> Response:
    """`lu` : ce qu'une fonction de `app.domain.saisie` a rendu."""
    if lu["erreurs"]:
        return remontrer(lu["erreurs"])
    try:
        carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        return remontrer(refus.erreurs)
    session["message"] = selon_le_role(message_enregistre(lu["operations"], lu["avertissements"]))
    return rediriger(vers)


def identifiant(valeur: str | None) -> str | None:
    """Un identifiant d'adresse ou de formulaire ; absent : rien ; mal formé : 404, comme s'il était inconnu."""
    if not valeur:
        return None
    try:
        lu = str(UUID(valeur))
    except ValueError:
        raise NotFound from None
    return lu
