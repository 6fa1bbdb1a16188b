"""La maraude : partir, rencontrer, rentrer, et ceux que l’on y reconnaît. Qui ne tient pas le cahier : 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain import saisie as lectures
from app.domain.cahier import feuille, feuilles_de, valeur
from app.domain.maraude import nomme
from app.securite.permissions import permission
from app.viewmodels import maraude as vues
from app.viewmodels import maraude_formulaire as formulaires
from app.views import carnet
from app.views.formulaire import conclure, identifiant

maraudes = Blueprint("maraudes", __name__)

Fiche = dict[str, Any]
Erreurs = dict[str, str]
PAGES = "partages/pages/"
LECTURES: dict[str, Callable[..., dict[str, Any]]] = {
    "maraude": lectures.lire_maraude,
    "rencontre": lectures.lire_rencontre,
    "connu": lectures.lire_connu,
    "prevue": lectures.lire_prevue,
}


@maraudes.get("/maraudes")
@permission("entretiens.noter")
def liste() -> Response:
    return _page("maraudes", vues.maraudes(carnet.cahiers(), carnet.contexte()))


@maraudes.get("/maraudes/nouvelle")
@permission("entretiens.noter")
def nouvelle() -> Response:
    cahier = _secteur(request.args.get("cahier"))
    return _nouvelle(cahier, _prevue(cahier, request.args.get("prevue")))


@maraudes.post("/maraudes/nouvelle")
@permission("entretiens.noter")
def commencer() -> Response:
    cahier, saisie = _secteur(request.form.get("cahier")), carnet.saisie()
    lu = lectures.lire_maraude(saisie, carnet.contexte() | {"cahier": cahier})
    vers = f"/maraudes/{lu['operations'][0]['entite']}" if lu["operations"] else ""
    prevue = _prevue(cahier, request.form.get("prevue"))
    return conclure(lu, vers, lambda erreurs: _nouvelle(cahier, prevue, saisie, erreurs))


@maraudes.get("/maraudes/prevoir")
@permission("entretiens.noter")
def prevoir() -> Response:
    return _prevoir(_secteur(request.args.get("cahier")))


@maraudes.post("/maraudes/prevoir")
@permission("entretiens.noter")
def prevue() -> Response:
    cahier, saisie = _secteur(request.form.get("cahier")), carnet.saisie()
    lu = lectures.lire_prevue(saisie, carnet.contexte() | {"cahier": cahier})
    return conclure(lu, "/maraudes", partial(_prevoir, cahier, saisie))


@maraudes.get("/maraudes/<uuid:id>")
@permission("entretiens.noter")
def une(id: UUID) -> Response:
    cahier, maraude = _trouver("maraude", id)
    return _page("maraude", vues.maraude(cahier, carnet.contexte(), maraude))


@maraudes.get("/maraudes/<uuid:id>/rencontre")
@permission("entretiens.noter")
def rencontrer(id: UUID) -> Response:
    cahier, maraude = _trouver("maraude", id)
    qui = _qui(cahier)
    if qui is None:
        return _page("rencontrer", vues.rencontrer(cahier, carnet.contexte(), maraude))
    return _rencontre(cahier, maraude, qui)


@maraudes.post("/maraudes/<uuid:id>/rencontre")
@permission("entretiens.noter")
def noter(id: UUID) -> Response:
    cahier, maraude = _trouver("maraude", id)
    saisie, qui = carnet.saisie(), _qui(cahier, feuille) or "compter"
    lu = lectures.lire_rencontre(saisie, carnet.contexte() | {"cahier": cahier})
    vers = vues.suite_de(lu["operations"], f"/maraudes/{maraude['id']}")
    return conclure(lu, vers, partial(_rencontre, cahier, maraude, qui, saisie))


@maraudes.get("/maraudes/<uuid:id>/fin")
@permission("entretiens.noter")
def fin(id: UUID) -> Response:
    return _fin(*_trouver("maraude", id))


@maraudes.post("/maraudes/<uuid:id>/fin")
@permission("entretiens.noter")
def finir(id: UUID) -> Response:
    cahier, maraude = _trouver("maraude", id)
    saisie = carnet.saisie()
    lu = lectures.lire_retour(saisie, carnet.contexte() | {"cahier": cahier}, maraude)
    return conclure(lu, "/maraudes", partial(_fin, cahier, maraude, saisie))


@maraudes.get("/rencontres/<uuid:id>/danger")
@permission("entretiens.noter")
def danger(id: UUID) -> Response:
    cahier, rencontre = _trouver("rencontre", id)
    return _page("danger", vues.danger(cahier, carnet.contexte(), rencontre))


@maraudes.get("/connus/<uuid:id>")
@permission("entretiens.noter")
def connu(id: UUID) -> Response:
    cahier, fiche = _trouver("connu", id)
    return _page("connu", vues.connu(cahier, carnet.contexte(), fiche, carnet.personnes_suivies()))


@maraudes.post("/connus/<uuid:id>/redit")
@permission("entretiens.noter")
def redire(id: UUID) -> Response:
    cahier, fiche = _trouver("connu", id)
    lu = lectures.lire_redit(carnet.saisie(), carnet.contexte() | {"cahier": cahier}, fiche)
    return conclure(lu, f"/connus/{id}", partial(_corriger, "connu", cahier, fiche, None))


def _modifier(code: str, id: UUID) -> Response:
    return _corriger(code, *_trouver(code, id))


def _modifiee(code: str, id: UUID) -> Response:
    cahier, fiche = _trouver(code, id)
    saisie = carnet.saisie()
    lu = LECTURES[code](saisie, carnet.contexte() | {"cahier": cahier}, fiche)
    return conclure(lu, vues.suite_de(lu["operations"], _vers(fiche)), partial(_corriger, code, cahier, fiche, saisie))


def _retirer(code: str, id: UUID) -> Response:
    cahier, fiche = _trouver(code, id)
    lu = lectures.lire_retrait(carnet.saisie(), {"piece": fiche})
    vers = _vers(fiche) if code == "rencontre" else "/maraudes"
    return conclure(lu, vers, partial(_corriger, code, cahier, fiche, None))


# Ce qui se corrige et se retire de même, quelle que soit la feuille.
for _code in LECTURES:
    for _nom, _vue, _geste, _methode in (
        ("modifier", _modifier, "modifier", "GET"),
        ("modifiee", _modifiee, "modifier", "POST"),
        ("retirer", _retirer, "retirer", "POST"),
    ):
        maraudes.add_url_rule(
            f"/{_code}s/<uuid:id>/{_geste}",
            f"{_nom}_{_code}",
            permission("entretiens.noter")(partial(_vue, _code)),
            methods=[_methode],
        )


def _secteur(cahier_id: str | None) -> Fiche:
    """Le secteur nommé, à défaut le seul que l'on tient."""
    secteurs = vues.secteurs_de(carnet.cahiers())
    voulu = identifiant(cahier_id) or (secteurs[0]["cahier"]["id"] if len(secteurs) == 1 else None)
    return _ou_404(next((cahier for cahier in secteurs if cahier["cahier"]["id"] == voulu), None))


def _trouver(code: str, id: UUID) -> tuple[Fiche, Fiche]:
    cahier = carnet.cahier_de_la_feuille(str(id))
    fiche = carnet.fiche(cahier["feuilles"], str(id))
    return cahier, _ou_404(fiche if fiche["forme"] == code else None)


def _ou_404(trouve: Fiche | None) -> Fiche:
    if trouve is None:
        raise NotFound
    return trouve


def _qui(cahier: Fiche, trouver: Callable[[Fiche, str | None], Fiche | None] = nomme) -> str | None:
    """La voie choisie : « nouveau », « compter », ou quelqu'un de connu de ce secteur.

    `trouver` : `feuille` à l'envoi ; un nom retiré pendant que l'on écrivait ne perd pas la rencontre.
    """
    voulu = request.args.get("qui")
    if voulu in (None, "nouveau", "compter"):
        return voulu
    return str(_ou_404(trouver(cahier, identifiant(voulu)))["id"])


def _vers(fiche: Fiche) -> str:
    adresses = {"connu": f"/connus/{fiche['id']}", "maraude": f"/maraudes/{fiche['id']}", "prevue": "/maraudes"}
    return adresses.get(fiche["forme"]) or f"/maraudes/{valeur(fiche, 'maraude_id')}"


def _page(nom: str, vue: Fiche, statut: int = 200) -> Response:
    return rendre(f"{PAGES}{nom}.html", titre="Maraude", onglet="maraude", statut=statut, **vue)


def _formulaire(vue: Fiche, erreurs: Erreurs | None) -> Response:
    return _page("maraude_formulaire", vue, 422 if erreurs else 200)


def _prevue(cahier: Fiche, voulue: str | None) -> Fiche | None:
    """Ce qui était prévu ; retirée entre-temps, on part sans elle."""
    identifiee = identifiant(voulue)
    return next((prevue for prevue in feuilles_de(cahier, "prevue") if prevue["id"] == identifiee), None)


def _prevoir(cahier: Fiche, saisie: Fiche | None = None, erreurs: Erreurs | None = None) -> Response:
    return _formulaire(formulaires.prevoir(cahier, carnet.contexte(), saisie, erreurs), erreurs)


def _nouvelle(
    cahier: Fiche, prevue: Fiche | None = None, saisie: Fiche | None = None, erreurs: Erreurs | None = None
) -> Response:
    return _formulaire(formulaires.nouvelle(cahier, carnet.contexte(), prevue, saisie, erreurs), erreurs)


def _rencontre(
    cahier: Fiche, maraude: Fiche, qui: str, saisie: Fiche | None = None, erreurs: Erreurs | None = None
) -> Response:
    vue = formulaires.rencontre(cahier, carnet.contexte(), maraude, qui, saisie, erreurs)
    return _formulaire(vue, erreurs)


def _fin(cahier: Fiche, maraude: Fiche, saisie: Fiche | None = None, erreurs: Erreurs | None = None) -> Response:
    return _formulaire(formulaires.retour(cahier, carnet.contexte(), maraude, saisie, erreurs), erreurs)


def _corriger(
    code: str, cahier: Fiche, fiche: Fiche, saisie: Fiche | None = None, erreurs: Erreurs | None = None
) -> Response:
    return _formulaire(formulaires.corriger(code, cahier, carnet.contexte(), fiche, saisie, erreurs), erreurs)
