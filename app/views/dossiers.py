"""Dossiers : la file active, la recherche, un dossier."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template
from htmx_flask import request  # type: ignore[import-untyped]  # htmx-flask ne publie pas ses types
from werkzeug.wrappers import Response

from app.cadre import contexte_cadre, rendre
from app.securite.permissions import permission
from app.viewmodels import dossier as vue_dossier
from app.viewmodels import dossiers as vue_dossiers
from app.viewmodels.contexte import libelle_convention
from app.views import carnet
from app.views.sans_entretien import selon_le_role

dossiers = Blueprint("dossiers", __name__, url_prefix="/dossiers")

TITRE, ONGLET, PAGE = "Dossiers", "dossiers", "partages/pages/dossiers.html"
# Au-delà ce n'est plus un nom que l'on cherche.
RECHERCHE_MAX = 60


@dossiers.get("")
@permission("dossiers.lire")
def liste() -> Response:
    page = _liste({})
    return rendre(PAGE, titre=TITRE, onglet=ONGLET, **page)


@dossiers.post("/recherche")
@permission("dossiers.lire")
def recherche() -> Response:
    """Par POST : un nom cherché ne doit entrer dans aucune adresse. htmx n'en prend que la liste."""
    q = request.form.get("q", "")[:RECHERCHE_MAX]
    filtres = {
        "q": q,
        "conventions": request.form.getlist("convention")[:20],
        "retard": request.form.get("retard") == "oui",
    }
    page = _liste(filtres)
    if request.htmx and not request.htmx.boosted:
        cadre = contexte_cadre(titre=TITRE, onglet=ONGLET, garder_message=True)
        return make_response(render_template("partages/fragments/liste_dossiers.html", **(page | cadre)))
    return rendre(PAGE, titre=TITRE, onglet=ONGLET, **page)


@dossiers.get("/<uuid:id>")
@permission("dossiers.lire")
def un_dossier(id: UUID) -> Response:
    lu = carnet.dossier(str(id))
    page = selon_le_role(vue_dossier.dossier(lu, carnet.contexte(), carnet.actions_de(lu)))
    return rendre("partages/pages/dossier.html", titre="Dossier", onglet=ONGLET, **page)


def _liste(filtres: dict[str, Any]) -> dict[str, Any]:
    """La page des dossiers. `coupee` : combien répondent, quand il y en a plus que la page n'en montre."""
    choisis = carnet.liste(filtres)
    contexte = carnet.contexte()
    page = vue_dossiers.dossiers(choisis.dossiers, contexte, filtres) | {"total": choisis.total}
    if choisis.conventions is None:
        return page
    page["filtres"]["conventions"] = [
        {
            "code": code,
            "libelle": libelle_convention(code, contexte),
            "choisi": code in filtres.get("conventions", ()),
        }
        for code in choisis.conventions
    ]
    trouves = len(page["lignes"]) if filtres.get("retard") else choisis.trouves
    page["lignes"] = page["lignes"][: carnet.LISTE_MAX]
    return page | {"coupee": trouves if trouves > len(page["lignes"]) else None}
