"""Le comité, dans la salle : la liste des situations, une à une, ce qui est décidé. Qui n'y participe pas : 404."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from app.domain import saisie as lectures
from app.domain.personne import nom_affiche
from app.domain.recherche import cle
from app.securite.permissions import permission
from app.viewmodels import comite as vues
from app.views import carnet
from app.views.feuilles import Ecrans, Erreurs, Fiche, ou_404

situations = Blueprint("situations", __name__)

ECRANS = Ecrans("Comité", "comite", "situation")


@situations.get("/comites")
@permission("entretiens.noter")
def liste() -> Response:
    return ECRANS.page("comites", vues.comites(carnet.cahiers(), carnet.contexte()))


@situations.get("/comites/<uuid:id>")
@permission("entretiens.noter")
def un_comite(id: UUID) -> Response:
    return ECRANS.page("comite", vues.comite(_comite(id), carnet.contexte()))


@situations.get("/comites/<uuid:id>/situation")
@permission("entretiens.noter")
def imprevue(id: UUID) -> Response:
    return ECRANS.formulaire(_situation, _comite(id), None).montrer()


@situations.post("/comites/<uuid:id>/situation")
@permission("entretiens.noter")
def ajouter(id: UUID) -> Response:
    return ECRANS.formulaire(_situation, _comite(id), None).enregistrer(_lire, f"/comites/{id}")


def _comite(id: UUID) -> Fiche:
    siens = vues.comites_de(carnet.cahiers(), carnet.aujourd_hui())
    return ou_404(next((cahier for cahier in siens if cahier["cahier"]["id"] == str(id)), None))


def _dossiers() -> list[dict[str, str]]:
    """Ceux qu'elle suit : ce que son téléphone tient."""
    siens = [dossier["personne"] for dossier in carnet.file_active()]
    return sorted(({"id": p["id"], "nom": nom_affiche(p)} for p in siens), key=lambda p: (cle(p["nom"]), p["id"]))


def _situation(
    cahier: Fiche, contexte: Fiche, existante: Fiche | None, saisie: Fiche | None, erreurs: Erreurs | None
) -> Fiche:
    return vues.situation(cahier, contexte, existante, saisie, erreurs, _dossiers())


def _lire(saisie: Fiche, contexte: Fiche, existante: Fiche | None = None) -> Fiche:
    """Une situation de plus peut désigner l'un de ses dossiers."""
    return lectures.lire_situation(saisie, contexte if existante else contexte | {"dossiers": _dossiers()}, existante)


ECRANS.corriger(
    situations,
    "situation",
    vue=_situation,
    lire=_lire,
    vers=vues.vers,
    apres_retrait=lambda cahier, _fiche: f"/comites/{cahier['cahier']['id']}",
    extremites=("une", "decider", "retirer"),
)
