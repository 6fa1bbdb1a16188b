"""Le portier : tout ce qu'une requête doit passer avant d'atteindre une vue, dans l'ordre.

1. elle vient de nos pages (origine) ; 2. la vue a déclaré sa permission, et la personne l'a ;
3. sur un appareil enrôlé, le coffre est ouvert (preuve) ; 4. le corps est du type attendu, et le
jeton de formulaire est bon. Ce qui n'est pas déclaré est refusé.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, ServiceUnavailable, UnsupportedMediaType
from werkzeug.wrappers import Response as ReponseWerkzeug

from app.securite import erreurs
from app.securite.origine import METHODES_SURES, jeton, origine_admise
from app.securite.permissions import est_publique, permission_de, peut
from app.securite.preuve import appareil_annonce, poser_preuve, preuve_a_renouveler, preuve_valide
from app.securite.session import Compte

Vue = TypeVar("Vue", bound=Callable[..., object])

# Gérer sa session ou échanger ne montre aucun dossier : le coffre peut être fermé.
_SANS_PREUVE = frozenset({"compte", "appareil", "echange", "deposer"})
_TYPE_DE_MEDIA = "type_de_media_jalon"


def type_de_media(*types: str) -> Callable[[Vue], Vue]:
    """La vue n'accepte que ces types de corps, qu'aucun formulaire d'un autre site ne peut envoyer."""

    def marquer(vue: Vue) -> Vue:
        setattr(vue, _TYPE_DE_MEDIA, types)
        return vue

    return marquer


def compte() -> Compte:
    """La personne connectée ; à n'appeler que dans une vue qui n'est pas publique."""
    present = compte_ou_rien()
    if present is None:
        raise Forbidden
    return present


def compte_ou_rien() -> Compte | None:
    present: Compte | None = getattr(session, "compte", None)
    return present


def installer(app: Flask) -> None:
    jeton.init_app(app)
    app.before_request(controler)
    app.after_request(renouveler_preuve)
    erreurs.installer(app)


def controler() -> Response | ReponseWerkzeug | None:
    if request.endpoint is None:
        return None  # adresse inconnue ou méthode refusée : Flask répond 404 ou 405
    vue = current_app.view_functions[request.endpoint]
    if not origine_admise(request):
        return erreurs.venue_d_ailleurs()
    refus = None if est_publique(vue) else _controler_personne(vue)
    if refus is not None:
        return refus
    if request.method not in METHODES_SURES:
        _controler_corps(vue)
    return None


def _controler_personne(vue: object) -> Response | ReponseWerkzeug | None:
    if getattr(session, "base_indisponible", False):
        raise ServiceUnavailable
    present = compte_ou_rien()
    if present is None:
        return erreurs.connexion_requise(appareil_revoque=bool(getattr(session, "appareil_revoque", False)))
    demandee = permission_de(vue)
    if not peut(present.role, demandee):
        # L'adresse d'une fiche ne doit pas dire si la fiche existe.
        raise NotFound if request.view_args else Forbidden
    appareil = appareil_annonce(request)
    if appareil is not None and demandee not in _SANS_PREUVE:
        if not preuve_valide(request, present.utilisateur_id, appareil[1]):
            return erreurs.verrouille()
        g.preuve = (present.utilisateur_id, appareil[1])
    return None


def _controler_corps(vue: object) -> None:
    types: tuple[str, ...] | None = getattr(vue, _TYPE_DE_MEDIA, None)
    if types is not None:
        if request.mimetype not in types:
            raise UnsupportedMediaType
        if "application/json" not in types:
            return  # un type de média à nous vaut jeton : un formulaire ne peut pas l'envoyer
    elif request.mimetype not in {"application/x-www-form-urlencoded", "multipart/form-data", ""}:
        raise UnsupportedMediaType
    jeton.protect()
    for nom, valeur in request.form.items(multi=True):
        # PostgreSQL refuse ce signe, et aucun clavier ne l'écrit.
        if "\x00" in nom or "\x00" in valeur:
            raise BadRequest


def renouveler_preuve(reponse: Response) -> Response:
    """Tant qu'on se sert du bureau sur un appareil ouvert, la preuve ne tombe pas en pleine lecture."""
    preuve: tuple[str, str] | None = g.pop("preuve", None)
    if preuve is not None and preuve_a_renouveler(request):
        poser_preuve(reponse, *preuve)
    return reponse


def rediriger(adresse: str) -> ReponseWerkzeug:
    """303 : après un envoi de formulaire, le navigateur relit la page sans renvoyer."""
    return redirect(adresse, code=303)
