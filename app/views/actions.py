"""Les actions collectives : inscrire, noter une séance et qui y est venu. Qui ne tient pas le cahier : 404."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.domain import saisie as lectures
from app.domain.action import actions_de
from app.domain.cahier import feuille, valeur
from app.securite.permissions import permission
from app.viewmodels import action as vues
from app.viewmodels import action_formulaire as formulaires
from app.viewmodels.emargement import emargement
from app.views import carnet
from app.views.feuilles import Ecrans, Fiche, Formulaire, Lecture, ou_404, trouver
from app.views.formulaire import identifiant
from app.views.papiers import en_pdf

actions = Blueprint("actions", __name__)

ECRANS = Ecrans("Action collective", "action", "feuille_formulaire")
LECTURES: dict[str, Lecture] = {
    "inscription": lectures.lire_inscription,
    "seance": lectures.lire_seance,
    "presence": lectures.lire_presence,
}


@actions.get("/actions")
@permission("entretiens.noter")
def liste() -> Response:
    return ECRANS.page("actions", vues.actions(carnet.cahiers(), carnet.contexte()))


@actions.get("/actions/<uuid:id>")
@permission("entretiens.noter")
def une(id: UUID) -> Response:
    return ECRANS.page("action", vues.action(_action(id), carnet.contexte()))


@actions.get("/actions/<uuid:id>/inscrire")
@permission("entretiens.noter")
def inscrire(id: UUID) -> Response:
    cahier = _action(id)
    seance = _seance_citee(cahier)
    if "qui" not in request.args:
        dossiers, seance_id = carnet.file_active(), seance["id"] if seance else ""
        return ECRANS.page("inscrire", vues.inscrire(cahier, carnet.contexte(), dossiers, seance_id))
    return ECRANS.formulaire(formulaires.inscription, cahier, _qui(), seance).montrer()


@actions.post("/actions/<uuid:id>/inscrire")
@permission("entretiens.noter")
def inscrite(id: UUID) -> Response:
    cahier, dossier = _action(id), _qui()
    seance = _seance_citee(cahier)
    dossier_id = dossier["personne"]["id"] if dossier else None
    vers = f"/seances/{seance['id']}" if seance else vues.adresse(cahier)
    return ECRANS.formulaire(formulaires.inscription, cahier, dossier, seance).enregistrer(
        lambda saisie, contexte: lectures.lire_inscription(saisie, contexte | {"dossier_id": dossier_id}), vers
    )


@actions.get("/actions/<uuid:id>/seance")
@permission("entretiens.noter")
def nouvelle_seance(id: UUID) -> Response:
    return ECRANS.formulaire(formulaires.seance, _action(id)).montrer()


@actions.post("/actions/<uuid:id>/seance")
@permission("entretiens.noter")
def ajouter_seance(id: UUID) -> Response:
    cahier = _action(id)
    return ECRANS.formulaire(formulaires.seance, cahier).enregistrer(lectures.lire_seance, vues.adresse(cahier))


@actions.get("/seances/<uuid:id>")
@permission("entretiens.noter")
def seance(id: UUID) -> Response:
    return _feuille_de_presence(*trouver("seance", id)).montrer()


@actions.get("/seances/<uuid:id>/emargement.pdf")
@permission("entretiens.noter")
def imprimer(id: UUID) -> Response:
    """La feuille à signer sur papier : elle demande le réseau."""
    cahier, fiche = trouver("seance", id)
    papier = emargement(cahier, carnet.contexte(), fiche)
    return en_pdf(papier, f"/seances/{id}")


@actions.post("/seances/<uuid:id>")
@permission("entretiens.noter")
def noter_presences(id: UUID) -> Response:
    cahier, fiche = trouver("seance", id)
    return _feuille_de_presence(cahier, fiche).enregistrer(lectures.lire_presences, f"/seances/{id}", fiche)


def _vers(cahier: Fiche, fiche: Fiche) -> str:
    if fiche["forme"] == "inscription":
        return vues.adresse(cahier)
    return f"/seances/{fiche['id'] if fiche['forme'] == 'seance' else valeur(fiche, 'seance_id')}"


def _liste_de(cahier: Fiche, _fiche: Fiche) -> str:
    return vues.adresse(cahier)


for _code, _lire in LECTURES.items():
    ECRANS.corriger(
        actions,
        _code,
        vue=partial(formulaires.corriger, _code),
        lire=_lire,
        vers=_vers,
        # Une présence ne se retire pas, elle se change.
        apres_retrait=_liste_de if _code != "presence" else None,
    )


def _feuille_de_presence(cahier: Fiche, fiche: Fiche) -> Formulaire:
    return ECRANS.formulaire(vues.seance, cahier, fiche, nom="seance")


def _action(id: UUID) -> Fiche:
    cahiers = actions_de(carnet.cahiers())
    return ou_404(next((cahier for cahier in cahiers if cahier["cahier"]["id"] == str(id)), None))


def _seance_citee(cahier: Fiche) -> Fiche | None:
    """Celle où elle est venue sans être inscrite ; None : elle est inscrite à l'action."""
    voulue = request.args.get("seance")
    if voulue is None:
        return None
    trouvee = ou_404(feuille(cahier, identifiant(voulue)))
    return ou_404(trouvee if trouvee["forme"] == "seance" else None)


def _qui() -> Fiche | None:
    """L'un de ses dossiers ; None : quelqu'un d'ailleurs."""
    voulu = request.args.get("qui")
    if voulu == "ailleurs":
        return None
    return carnet.dossier(ou_404(identifiant(voulu)))
