"""Les fiches de passation : une par dossier que l'on confie, à l'écran, à imprimer, en PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.acces import referents
from app.equipe import files_actives
from app.equipe.passation import passation
from app.models import Utilisateur
from app.securite.permissions import permission
from app.securite.portier import compte
from app.views import carnet
from app.views.formulaire import identifiant
from app.views.imprimes import en_pdf

passations = Blueprint("passations", __name__, url_prefix="/equipe/passations")

ACCUEIL = "/equipe/passations"
# Une impression que l'on peut encore relire.
LOT = 80


@passations.get("/<uuid:id>")
@permission("equipe")
def une(id: UUID) -> Response:
    return _montrer([_fiche(str(id), identifiant(request.args.get("vers")))], f"{ACCUEIL}/{id}.pdf", "/equipe")


@passations.get("/<uuid:id>.pdf")
@permission("equipe")
def pdf(id: UUID) -> Response:
    return en_pdf(_fiche(str(id), identifiant(request.args.get("vers"))))


@passations.post("")
@permission("equipe")
def plusieurs() -> Response:
    """Celles des dossiers cochés d'une file active, l'une après l'autre."""
    de = request.form.get("de", "")
    structure, jour = compte().structure_id, carnet.acteur().jour
    tous = request.form.get("tous") == "oui"
    choisis = request.form.getlist("dossier")
    if not (de == files_actives.SANS or identifiant(de)):
        raise BadRequest
    file = files_actives.file_de(db.session(), structure, de, jour)
    retenus = [suivi.id for suivi in file if tous or suivi.id in choisis][:LOT]
    return _montrer([_fiche(suivi, None) for suivi in retenus], None, f"/equipe?de={de}")


def _montrer(feuilles: list[dict[str, Any]], url_pdf: str | None, retour: str) -> Response:
    return rendre(
        "serveur/bureau/feuilles.html",
        titre="Fiches de passation",
        onglet="bureau",
        statut=200 if feuilles else 422,
        feuilles=feuilles,
        url_pdf=url_pdf,
        retour=retour,
        retour_libelle="Équipe",
        aucune="Cochez au moins un dossier.",
    )


def _fiche(personne_id: str, vers: str | None) -> dict[str, Any]:
    dossier = carnet.dossier(personne_id)
    suivis = referents(dossier, carnet.aujourd_hui())
    return passation(dossier, carnet.contexte(), _nom(suivis[0] if suivis else None), _nom(vers))


def _nom(utilisateur_id: str | None) -> str | None:
    qui = db.session.get(Utilisateur, (compte().structure_id, utilisateur_id)) if utilisateur_id else None
    return f"{qui.prenom} {qui.nom}".strip() if qui else None
