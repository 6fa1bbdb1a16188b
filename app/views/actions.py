"""Les actions collectives : inscrire, noter une séance et qui y est venu. Qui ne tient pas le cahier : 404."""

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
from app.domain.action import actions_de
from app.domain.cahier import feuille, valeur
from app.securite.permissions import permission
from app.viewmodels import action as vues
from app.viewmodels import action_formulaire as formulaires
from app.viewmodels.emargement import emargement
from app.views import carnet
from app.views.formulaire import conclure, identifiant
from app.views.papiers import en_pdf

actions = Blueprint("actions", __name__)

Fiche = dict[str, Any]
Erreurs = dict[str, str]
PAGES = "partages/pages/"
LECTURES: dict[str, Callable[..., dict[str, Any]]] = {
    "inscription": lectures.lire_inscription,
    "seance": lectures.lire_seance,
    "presence": lectures.lire_presence,
}


@actions.get("/actions")
@permission("entretiens.noter")
def liste() -> Response:
    return _page("actions", vues.actions(carnet.cahiers(), carnet.contexte()))


@actions.get("/actions/<uuid:id>")
@permission("entretiens.noter")
def une(id: UUID) -> Response:
    return _page("action", vues.action(_action(id), carnet.contexte()))


@actions.get("/actions/<uuid:id>/inscrire")
@permission("entretiens.noter")
def inscrire(id: UUID) -> Response:
    cahier = _action(id)
    seance = _seance_citee(cahier)
    if "qui" not in request.args:
        dossiers, seance_id = carnet.file_active(), seance["id"] if seance else ""
        return _page("inscrire", vues.inscrire(cahier, carnet.contexte(), dossiers, seance_id))
    return _inscription(cahier, _qui(), seance)


@actions.post("/actions/<uuid:id>/inscrire")
@permission("entretiens.noter")
def inscrite(id: UUID) -> Response:
    cahier, dossier, saisie = _action(id), _qui(), carnet.saisie()
    seance = _seance_citee(cahier)
    contexte = carnet.contexte() | {"cahier": cahier, "dossier_id": dossier["personne"]["id"] if dossier else None}
    lu = lectures.lire_inscription(saisie, contexte)
    vers = f"/seances/{seance['id']}" if seance else vues.adresse(cahier)
    return conclure(lu, vers, partial(_inscription, cahier, dossier, seance, saisie))


@actions.get("/actions/<uuid:id>/seance")
@permission("entretiens.noter")
def nouvelle_seance(id: UUID) -> Response:
    return _nouvelle_seance(_action(id))


@actions.post("/actions/<uuid:id>/seance")
@permission("entretiens.noter")
def ajouter_seance(id: UUID) -> Response:
    cahier, saisie = _action(id), carnet.saisie()
    lu = lectures.lire_seance(saisie, carnet.contexte() | {"cahier": cahier})
    return conclure(lu, vues.adresse(cahier), partial(_nouvelle_seance, cahier, saisie))


@actions.get("/seances/<uuid:id>")
@permission("entretiens.noter")
def seance(id: UUID) -> Response:
    return _feuille_de_presence(*_trouver("seance", id))


@actions.get("/seances/<uuid:id>/emargement.pdf")
@permission("entretiens.noter")
def imprimer(id: UUID) -> Response:
    """La feuille à signer sur papier : elle demande le réseau."""
    cahier, fiche = _trouver("seance", id)
    papier = emargement(cahier, carnet.contexte(), fiche)
    return en_pdf(papier, f"/seances/{id}")


@actions.post("/seances/<uuid:id>")
@permission("entretiens.noter")
def noter_presences(id: UUID) -> Response:
    cahier, fiche = _trouver("seance", id)
    saisie = carnet.saisie()
    lu = lectures.lire_presences(saisie, carnet.contexte() | {"cahier": cahier}, fiche)
    return conclure(lu, f"/seances/{id}", partial(_feuille_de_presence, cahier, fiche, saisie))


def _modifier(code: str, id: UUID) -> Response:
    return _corriger(code, *_trouver(code, id))


def _modifiee(code: str, id: UUID) -> Response:
    cahier, fiche = _trouver(code, id)
    saisie = carnet.saisie()
    lu = LECTURES[code](saisie, carnet.contexte() | {"cahier": cahier}, fiche)
    return conclure(lu, _vers(cahier, fiche), partial(_corriger, code, cahier, fiche, saisie))


def _retirer(code: str, id: UUID) -> Response:
    cahier, fiche = _trouver(code, id)
    lu = lectures.lire_retrait(carnet.saisie(), {"piece": fiche})
    return conclure(lu, vues.adresse(cahier), partial(_corriger, code, cahier, fiche, None))


# Ce qui se corrige et se retire de même ; une présence ne se retire pas, elle se change.
for _code in LECTURES:
    for _nom, _vue, _geste, _methode in (
        ("modifier", _modifier, "modifier", "GET"),
        ("modifiee", _modifiee, "modifier", "POST"),
        ("retirer", _retirer, "retirer", "POST"),
    ):
        if (_code, _geste) != ("presence", "retirer"):
            actions.add_url_rule(
                f"/{_code}s/<uuid:id>/{_geste}",
                f"{_nom}_{_code}",
                permission("entretiens.noter")(partial(_vue, _code)),
                methods=[_methode],
            )


def _action(id: UUID) -> Fiche:
    cahiers = actions_de(carnet.cahiers())
    return _ou_404(next((cahier for cahier in cahiers if cahier["cahier"]["id"] == str(id)), None))


def _trouver(code: str, id: UUID) -> tuple[Fiche, Fiche]:
    cahier = carnet.cahier_de_la_feuille(str(id))
    fiche = carnet.fiche(cahier["feuilles"], str(id))
    return cahier, _ou_404(fiche if fiche["forme"] == code else None)


def _ou_404(trouve: Fiche | None) -> Fiche:
    if trouve is None:
        raise NotFound
    return trouve


def _seance_citee(cahier: Fiche) -> Fiche | None:
    """Celle où elle est venue sans être inscrite ; None : elle est inscrite à l'action."""
    voulue = request.args.get("seance")
    if voulue is None:
        return None
    trouvee = _ou_404(feuille(cahier, identifiant(voulue)))
    return _ou_404(trouvee if trouvee["forme"] == "seance" else None)


def _qui() -> Fiche | None:
    """L'un de ses dossiers ; None : quelqu'un d'ailleurs."""
    voulu = request.args.get("qui")
    if voulu == "ailleurs":
        return None
    return carnet.dossier(_ou_rien(identifiant(voulu)))


def _ou_rien(voulu: str | None) -> str:
    if voulu is None:
        raise NotFound
    return voulu


def _vers(cahier: Fiche, fiche: Fiche) -> str:
    if fiche["forme"] == "inscription":
        return vues.adresse(cahier)
    return f"/seances/{fiche['id'] if fiche['forme'] == 'seance' else valeur(fiche, 'seance_id')}"


def _page(nom: str, vue: Fiche, statut: int = 200) -> Response:
    return rendre(f"{PAGES}{nom}.html", titre="Action collective", onglet="action", statut=statut, **vue)


def _formulaire(vue: Fiche, erreurs: Erreurs | None) -> Response:
    return _page("action_formulaire", vue, 422 if erreurs else 200)


def _inscription(
    cahier: Fiche,
    dossier: Fiche | None,
    seance: Fiche | None,
    saisie: Fiche | None = None,
    erreurs: Erreurs | None = None,
) -> Response:
    vue = formulaires.inscription(cahier, carnet.contexte(), dossier, seance, saisie, erreurs)
    return _formulaire(vue, erreurs)


def _nouvelle_seance(cahier: Fiche, saisie: Fiche | None = None, erreurs: Erreurs | None = None) -> Response:
    return _formulaire(formulaires.seance(cahier, carnet.contexte(), saisie, erreurs), erreurs)


def _feuille_de_presence(
    cahier: Fiche, fiche: Fiche, saisie: Fiche | None = None, erreurs: Erreurs | None = None
) -> Response:
    return _page("seance", vues.seance(cahier, carnet.contexte(), fiche, saisie, erreurs), 422 if erreurs else 200)


def _corriger(
    code: str, cahier: Fiche, fiche: Fiche, saisie: Fiche | None = None, erreurs: Erreurs | None = None
) -> Response:
    return _formulaire(formulaires.corriger(code, cahier, carnet.contexte(), fiche, saisie, erreurs), erreurs)
