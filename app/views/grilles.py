"""Les grilles de sorties : ce que chaque ligne compte, et déplacer un motif d'une ligne à une autre."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain import grilles as livrees
from app.domain import nomenclatures
from app.domain.grilles import Grille
from app.domain.identifiant import est_identifiant
from app.rapports import rangements
from app.rapports.rangements import Saisi
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from sync.conventions import conventions_de

# Une adresse sous celles des conventions, dont les codes sont en capitales.
grilles = Blueprint("grilles", __name__, url_prefix="/conventions/grilles")


@grilles.get("")
@permission("conventions.lire")
def index() -> Response:
    versions = conventions_de(db.session(), compte().structure_id)
    demandent: dict[str, list[str]] = {}
    for version in versions:
        for code in version.get("grilles") or ():
            demandent.setdefault(code, [])
            if version["code"] not in demandent[code]:
                demandent[code].append(version["code"])
    return rendre(
        "serveur/bureau/grilles.html",
        titre="Grilles de sorties",
        onglet="bureau",
        grilles=[
            {"code": code, "titre": grille.titre, "source": grille.source, "demandent": sorted(demandent.get(code, ()))}
            for code, grille in sorted(livrees.charger().items(), key=lambda g: (g[0] not in demandent, g[1].titre))
        ],
    )


@grilles.get("/<code>")
@permission("conventions.lire")
def page(code: str) -> Response:
    grille = _grille(code)
    deplaces = rangements.rangements_de(db.session(), compte().structure_id, code)
    return rendre(
        "serveur/bureau/grille.html",
        titre="Grille de sorties",
        onglet="bureau",
        grille=grille,
        adresse=f"/conventions/grilles/{code}",
        peut_deplacer=peut(compte().role, "conventions.ajuster"),
        lignes=[_ligne(ligne, grille, deplaces) for ligne in grille.lignes],
        decisions=[_dire(grille, decision) for decision in _decisions(code)],
    )


@grilles.get("/<code>/<motif>")
@permission("conventions.ajuster")
def formulaire(code: str, motif: str) -> Response:
    return _formulaire(_grille(code), _motif(motif), Saisi("", ""))


@grilles.post("/<code>/<motif>")
@permission("conventions.ajuster")
def ranger(code: str, motif: str) -> Response:
    qui, grille, identifiant = compte(), _grille(code), request.form.get("id", "")
    if not est_identifiant(identifiant):
        raise BadRequest
    saisi = rangements.lire_saisie(grille, _motif(motif), request.form.get("case", ""), request.form.get("raison", ""))
    if saisi.erreurs:
        return _formulaire(grille, motif, saisi)
    with ecriture() as session:
        rangements.noter(session, qui.structure_id, identifiant, code, motif, saisi, qui.utilisateur_id)
    annoncer("C’est rangé\u202f; les rapports le comptent là dès maintenant.")
    return rediriger(f"/conventions/grilles/{code}")


def _grille(code: str) -> Grille:
    if code not in livrees.charger():
        raise NotFound
    return rangements.grille_de(db.session(), compte().structure_id, code)


def _motif(motif: str) -> str:
    if not nomenclatures.est_code("motif_sortie", motif):
        raise NotFound
    return motif


def _decisions(code: str) -> list[rangements.Decision]:
    return rangements.decisions(db.session(), compte().structure_id, code)


def _formulaire(grille: Grille, motif: str, saisi: Saisi) -> Response:
    return rendre(
        "serveur/bureau/ranger_motif.html",
        titre="Ranger un motif",
        onglet="bureau",
        statut=422 if saisi.erreurs else 200,
        grille=grille,
        adresse=f"/conventions/grilles/{grille.code}",
        motif={"code": motif, "libelle": nomenclatures.libelle("motif_sortie", motif)},
        ici=_libelle(grille, grille.case_de(motif)),
        doute=grille.a_confirmer.get(motif),
        choix=[
            {"code": case.code, "libelle": _libelle(grille, case.code), "choisi": case.code == saisi.case}
            for case in grille.cases
            if case.code != grille.case_de(motif)
        ],
        saisi=saisi,
        identifiant=uuid7(),
    )


def _ligne(ligne: livrees.LigneDeGrille, grille: Grille, deplaces: Any) -> dict[str, Any]:
    return {
        "libelle": ligne.libelle,
        "cases": [
            {
                "libelle": case.libelle if ligne.detaillee else "",
                "reste": case.reste,
                "motifs": [
                    {
                        "code": motif,
                        "libelle": nomenclatures.libelle("motif_sortie", motif),
                        "deplace": motif in deplaces,
                        "doute": grille.a_confirmer.get(motif),
                    }
                    for motif in case.motifs
                ],
            }
            for case in ligne.cases
        ],
    }


def _libelle(grille: Grille, code: str) -> str:
    """Une case, avec sa ligne quand elle en est un détail."""
    for ligne in grille.lignes:
        for case in ligne.cases:
            if case.code == code:
                return f"{ligne.libelle}\u202f: {case.libelle}" if ligne.detaillee else case.libelle
    return code


def _dire(grille: Grille, decision: rangements.Decision) -> dict[str, Any]:
    return {
        "motif": nomenclatures.libelle("motif_sortie", decision.motif),
        "vers": _libelle(grille, decision.case) if decision.case else "là où la grille le met",
        "raison": decision.raison,
        "par": decision.par,
        "le": decision.le,
    }
