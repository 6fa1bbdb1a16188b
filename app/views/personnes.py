"""Nouvelle personne, ou ce qui change dans sa situation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import contexte_cadre, rendre
from app.domain.saisie import lire_personne
from app.securite.permissions import permission
from app.viewmodels.personne import depuis_la_rue, en_tapant
from app.viewmodels.personne import personne as vue_personne
from app.views import carnet
from app.views.formulaire import conclure, identifiant

personnes = Blueprint("personnes", __name__)

Fiche = dict[str, Any]
PAGE, ONGLET = "partages/pages/personne.html", "dossiers"


@personnes.get("/personnes/nouvelle")
@permission("dossiers.ecrire")
def nouvelle() -> Response:
    contexte, connu = carnet.contexte(), _connu(request.args.get("connu"))
    saisie = depuis_la_rue(connu, contexte) if connu else None
    page = vue_personne(contexte, None, saisie, connu=connu)
    return rendre(PAGE, titre="Nouvelle personne", onglet=ONGLET, **page)


@personnes.post("/personnes/nouvelle")
@permission("dossiers.ecrire")
def creer() -> Response:
    saisie, contexte = carnet.saisie(), carnet.contexte()
    connu = _connu(request.form.get("connu"))
    # Elle-même, déjà créée par un premier envoi du même formulaire, n'est pas une ressemblance.
    connues = [fiche for fiche in carnet.identites() if fiche["id"] != saisie.get("entite")]
    lue = lire_personne(saisie, contexte | {"personnes": connues})

    def remontrer(erreurs: dict[str, str], statut: int = 422) -> Response:
        page = vue_personne(contexte, None, saisie, erreurs, lue.get("ressemblances", ()), connues, connu)
        return rendre(PAGE, titre="Nouvelle personne", onglet=ONGLET, statut=statut, **page)

    if not lue["erreurs"] and lue["a_confirmer"]:
        return remontrer({})
    return conclure(lue, vers=f"/dossiers/{saisie.get('entite')}", remontrer=remontrer)


def _connu(voulu: str | None) -> Fiche | None:
    """Quelqu'un que l'équipe connaît de la rue : son nom n'est pas à retaper. 404 hors des cahiers que l'on tient."""
    trouve = identifiant(voulu)
    if trouve is None:
        return None
    connu = carnet.fiche(carnet.cahier_de_la_feuille(trouve)["feuilles"], trouve)
    if connu["forme"] != "connu" or connu["retiree_le"]:
        raise NotFound
    return connu


@personnes.post("/personnes/ressemblances")
@permission("dossiers.ecrire")
def ressemblances() -> Response:
    """Pendant que l'on tape : qui, parmi les personnes que l'on a le droit de lire, ressemble à ce qui est écrit."""
    saisie, contexte = carnet.saisie(), carnet.contexte()
    connues = [fiche for fiche in carnet.identites() if fiche["id"] != saisie.get("entite")]
    lue = lire_personne(saisie, contexte | {"personnes": connues})
    cadre = contexte_cadre(titre="Nouvelle personne", onglet=ONGLET, garder_message=True)
    vue = en_tapant(lue["ressemblances"], connues)
    return make_response(render_template("partages/fragments/ressemblances.html", **(vue | cadre)))


@personnes.get("/dossiers/<uuid:id>/modifier")
@permission("dossiers.ecrire")
def modifier(id: UUID) -> Response:
    page = vue_personne(carnet.contexte(), carnet.dossier_suivi(str(id)))
    return rendre(PAGE, titre="Modifier la situation", onglet=ONGLET, **page)


@personnes.post("/dossiers/<uuid:id>/modifier")
@permission("dossiers.ecrire")
def enregistrer(id: UUID) -> Response:
    dossier = carnet.dossier_suivi(str(id))
    saisie, contexte = carnet.saisie(), carnet.contexte()

    def remontrer(erreurs: dict[str, str]) -> Response:
        page: dict[str, Any] = vue_personne(contexte, dossier, saisie, erreurs)
        return rendre(PAGE, titre="Modifier la situation", onglet=ONGLET, statut=422, **page)

    return conclure(lire_personne(saisie, contexte, dossier["personne"]), vers=f"/dossiers/{id}", remontrer=remontrer)
