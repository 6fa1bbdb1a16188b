"""Confirmer que c'est bien soi : le mot de passe, redonné avant d'emporter une feuille qui nomme."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.cadre import chemin_local, rendre
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.securite.redonner import Refus, a_redonner, redonner

confirmation = Blueprint("confirmation", __name__, url_prefix="/compte/confirmer")

ADRESSE: Final = "/compte/confirmer"
P = ParamSpec("P")


def mot_de_passe_recent(vue: Callable[P, Response]) -> Callable[P, Response]:
    """Une vue qui mène d'abord au mot de passe, puis à sa page ; pour un PDF, à la page où il se prend."""

    @wraps(vue)
    def gardee(*args: P.args, **kwargs: P.kwargs) -> Response:
        if not a_redonner():
            return vue(*args, **kwargs)
        suite = request.full_path.removesuffix("?").replace(".pdf", "", 1)
        return rediriger(f"{ADRESSE}?suite={quote(suite)}")

    return gardee


@confirmation.get("")
@permission("compte")
def demander() -> Response:
    return _page(chemin_local(request.args.get("suite")))


@confirmation.post("")
@permission("compte")
def confirmer() -> Response:
    suite = chemin_local(request.form.get("suite"))
    refus = redonner(request.form.get("mot_de_passe", ""))
    return _page(suite, refus) if refus else rediriger(suite)


def _page(suite: str, refus: Refus | None = None) -> Response:
    reponse = rendre(
        "serveur/confirmer.html",
        titre="Votre mot de passe",
        onglet="",
        statut=refus.statut if refus else 200,
        suite=suite,
        erreurs={"mot_de_passe": refus.phrase} if refus else {},
        courriel=compte().courriel,
    )
    return attendre(reponse, refus)


def attendre(reponse: Response, refus: Refus | None) -> Response:
    """Dit au navigateur combien de temps, quand il y a eu trop d'essais."""
    if refus and refus.attente:
        reponse.headers["Retry-After"] = str(refus.attente)
    return reponse
