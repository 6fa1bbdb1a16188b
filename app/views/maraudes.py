"""La maraude : partir, rencontrer, rentrer, et ceux que l’on y reconnaît. Qui ne tient pas le cahier : 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.domain import saisie as lectures
from app.domain.cahier import feuille, feuilles_de, valeur
from app.domain.maraude import nomme
from app.securite.permissions import permission
from app.viewmodels import connu as gens
from app.viewmodels import maraude as vues
from app.viewmodels import maraude_formulaire as formulaires
from app.views import carnet
from app.views.feuilles import Ecrans, Fiche, Formulaire, Lecture, ou_404, trouver
from app.views.formulaire import conclure, identifiant

maraudes = Blueprint("maraudes", __name__)

ECRANS = Ecrans("Maraude", "maraude", "maraude_formulaire", vues.suite_de)
LECTURES: dict[str, Lecture] = {
    "maraude": lectures.lire_maraude,
    "rencontre": lectures.lire_rencontre,
    "connu": lectures.lire_connu,
    "prevue": lectures.lire_prevue,
}


@maraudes.get("/maraudes")
@permission("entretiens.noter")
def liste() -> Response:
    return ECRANS.page("maraudes", vues.maraudes(carnet.cahiers(), carnet.contexte()))


@maraudes.get("/maraudes/nouvelle")
@permission("entretiens.noter")
def nouvelle() -> Response:
    cahier = _secteur(request.args.get("cahier"))
    return _nouvelle(cahier, request.args.get("prevue")).montrer()


@maraudes.post("/maraudes/nouvelle")
@permission("entretiens.noter")
def commencer() -> Response:
    cahier, saisie = _secteur(request.form.get("cahier")), carnet.saisie()
    lu = lectures.lire_maraude(saisie, carnet.contexte() | {"cahier": cahier})
    vers = f"/maraudes/{lu['operations'][0]['entite']}" if lu["operations"] else ""
    return conclure(lu, vers, partial(_nouvelle(cahier, request.form.get("prevue")).montrer, saisie))


@maraudes.get("/maraudes/prevoir")
@permission("entretiens.noter")
def prevoir() -> Response:
    return ECRANS.formulaire(formulaires.prevoir, _secteur(request.args.get("cahier"))).montrer()


@maraudes.post("/maraudes/prevoir")
@permission("entretiens.noter")
def prevue() -> Response:
    cahier = _secteur(request.form.get("cahier"))
    return ECRANS.formulaire(formulaires.prevoir, cahier).enregistrer(lectures.lire_prevue, "/maraudes")


@maraudes.get("/maraudes/<uuid:id>")
@permission("entretiens.noter")
def une(id: UUID) -> Response:
    cahier, maraude = trouver("maraude", id)
    return ECRANS.page("maraude", vues.maraude(cahier, carnet.contexte(), maraude))


@maraudes.get("/maraudes/<uuid:id>/rencontre")
@permission("entretiens.noter")
def rencontrer(id: UUID) -> Response:
    cahier, maraude = trouver("maraude", id)
    qui = _qui(cahier)
    if qui is None:
        return ECRANS.page("rencontrer", gens.rencontrer(cahier, carnet.contexte(), maraude))
    return ECRANS.formulaire(formulaires.rencontre, cahier, maraude, qui).montrer()


@maraudes.post("/maraudes/<uuid:id>/rencontre")
@permission("entretiens.noter")
def noter(id: UUID) -> Response:
    cahier, maraude = trouver("maraude", id)
    formulaire = ECRANS.formulaire(formulaires.rencontre, cahier, maraude, _qui(cahier, feuille) or "compter")
    return formulaire.enregistrer(lectures.lire_rencontre, f"/maraudes/{maraude['id']}")


@maraudes.get("/maraudes/<uuid:id>/fin")
@permission("entretiens.noter")
def fin(id: UUID) -> Response:
    return ECRANS.formulaire(formulaires.retour, *trouver("maraude", id)).montrer()


@maraudes.post("/maraudes/<uuid:id>/fin")
@permission("entretiens.noter")
def finir(id: UUID) -> Response:
    cahier, maraude = trouver("maraude", id)
    return ECRANS.formulaire(formulaires.retour, cahier, maraude).enregistrer(
        lectures.lire_retour, "/maraudes", maraude
    )


@maraudes.get("/rencontres/<uuid:id>/danger")
@permission("entretiens.noter")
def danger(id: UUID) -> Response:
    cahier, rencontre = trouver("rencontre", id)
    return ECRANS.page("danger", vues.danger(cahier, carnet.contexte(), rencontre))


@maraudes.get("/connus/<uuid:id>")
@permission("entretiens.noter")
def connu(id: UUID) -> Response:
    cahier, fiche = trouver("connu", id)
    return ECRANS.page("connu", gens.connu(cahier, carnet.contexte(), fiche, carnet.personnes_suivies()))


@maraudes.post("/connus/<uuid:id>/redit")
@permission("entretiens.noter")
def redire(id: UUID) -> Response:
    cahier, fiche = trouver("connu", id)
    lu = lectures.lire_redit(carnet.saisie(), carnet.contexte() | {"cahier": cahier}, fiche)
    formulaire = ECRANS.formulaire(partial(formulaires.corriger, "connu"), cahier, fiche)
    return conclure(lu, f"/connus/{id}", partial(formulaire.montrer, None))


def _vers(_cahier: Fiche, fiche: Fiche) -> str:
    adresses = {"connu": f"/connus/{fiche['id']}", "maraude": f"/maraudes/{fiche['id']}", "prevue": "/maraudes"}
    return adresses.get(fiche["forme"]) or f"/maraudes/{valeur(fiche, 'maraude_id')}"


def _apres_retrait(cahier: Fiche, fiche: Fiche) -> str:
    return _vers(cahier, fiche) if fiche["forme"] == "rencontre" else "/maraudes"


for _code, _lire in LECTURES.items():
    _vue = partial(formulaires.corriger, _code)
    ECRANS.corriger(maraudes, _code, vue=_vue, lire=_lire, vers=_vers, apres_retrait=_apres_retrait)


def _secteur(cahier_id: str | None) -> Fiche:
    """Le secteur nommé, à défaut le seul que l'on tient."""
    secteurs = vues.secteurs_de(carnet.cahiers())
    voulu = identifiant(cahier_id) or (secteurs[0]["cahier"]["id"] if len(secteurs) == 1 else None)
    return ou_404(next((cahier for cahier in secteurs if cahier["cahier"]["id"] == voulu), None))


def _qui(cahier: Fiche, trouver: Callable[[Fiche, str | None], Fiche | None] = nomme) -> str | None:
    """La voie choisie : « nouveau », « compter », ou quelqu'un de connu de ce secteur.

    `trouver` : `feuille` à l'envoi ; un nom retiré pendant que l'on écrivait ne perd pas la rencontre.
    """
    voulu = request.args.get("qui")
    if voulu in (None, "nouveau", "compter"):
        return voulu
    return str(ou_404(trouver(cahier, identifiant(voulu)))["id"])


def _nouvelle(cahier: Fiche, prevue_id: str | None) -> Formulaire:
    """Le départ, tel qu'il était prévu ; retiré entre-temps, on part sans lui."""
    voulue = identifiant(prevue_id)
    prevue = next((prevue for prevue in feuilles_de(cahier, "prevue") if prevue["id"] == voulue), None)
    return ECRANS.formulaire(formulaires.nouvelle, cahier, prevue)
