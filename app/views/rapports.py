"""Rapports : les tableaux d'une convention et d'une année, chaque chiffre ouvrant la liste qui est derrière."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.mesure import convention_au
from app.rapports import flux as rapport_flux
from app.rapports import formats, rapport
from app.rapports import rendez_vous as rapport_rendez_vous
from app.rapports.regles import ConventionInconnue
from app.rapports.tableau import CaseInconnue, Liste
from app.securite.permissions import permission
from app.securite.portier import compte
from app.views import carnet
from sync.conventions import conventions_de

rapports = Blueprint("rapports", __name__, url_prefix="/rapports")

# Suffixe → nom montré, type du fichier.
_EXPORTS = {"csv": ("CSV", "text/csv; charset=utf-8"), "json": ("JSON", "application/json")}


@rapports.get("")
@permission("rapports.lire")
def index() -> Response:
    annee = int(carnet.aujourd_hui()[:4])
    return rendre(
        "serveur/bureau/rapports.html",
        titre="Rapports",
        onglet="bureau",
        conventions=[
            {**convention, "annees": list(range(annee, max(convention["debut"], annee - 9) - 1, -1))}
            for convention in _conventions()
        ],
    )


@rapports.get("/rendez-vous/<convention>/<int:annee>")
@permission("rapports.lire")
def tableau(convention: str, annee: int) -> Response:
    structure, session, maintenant = compte().structure_id, db.session(), carnet.maintenant()
    try:
        stock, sexe = rapport_flux.tableaux(session, structure, convention, annee, maintenant)
        rendez_vous = rapport_rendez_vous.tableau(session, structure, convention, annee, maintenant)
    except (ConventionInconnue, ValueError):
        raise NotFound from None
    return rendre(
        "serveur/bureau/rendez_vous.html",
        titre="Rapport",
        onglet="bureau",
        convention=_nom(convention),
        code=convention,
        annee=annee,
        rendez_vous=rendez_vous,
        stock=stock,
        sexe=sexe,
        base=f"/rapports/rendez-vous/{convention}/{annee}",
        exports=[
            {"libelle": libelle, "url": f"/rapports/rendez-vous/{convention}/{annee}.{suffixe}"}
            for suffixe, (libelle, _) in _EXPORTS.items()
        ],
    )


@rapports.get("/rendez-vous/<convention>/<int:annee>.<any(csv, json):suffixe>")
@permission("rapports.lire")
def export(convention: str, annee: int, suffixe: str) -> Response:
    """Les tableaux de la page en un fichier : des comptes, aucun nom."""
    try:
        tableaux = rapport.tableaux(
            db.session(), compte().structure_id, convention, annee, maintenant=carnet.maintenant()
        )
    except (ConventionInconnue, ValueError):
        raise NotFound from None
    texte = formats.ecrire(suffixe, convention, annee, tableaux)
    # Sans la marque d'ordre des octets, un tableur lit mal les accents d'un CSV.
    octets = texte.encode("utf-8-sig" if suffixe == "csv" else "utf-8")
    reponse = Response(octets, content_type=_EXPORTS[suffixe][1])
    reponse.headers.set("Content-Disposition", "attachment", filename=f"rapport-{convention}-{annee}.{suffixe}")
    return reponse


@rapports.get("/rendez-vous/<convention>/<int:annee>/liste/<case>")
@permission("rapports.lire")
def liste(convention: str, annee: int, case: str) -> Response:
    try:
        faits = _liste(convention, annee, case)
    except (ConventionInconnue, ValueError, CaseInconnue):
        raise NotFound from None
    return rendre(
        "serveur/bureau/liste.html",
        titre="Liste",
        onglet="bureau",
        convention=_nom(convention),
        code=convention,
        annee=annee,
        liste=faits,
        retour=f"/rapports/rendez-vous/{convention}/{annee}",
    )


def _liste(convention: str, annee: int, case: str) -> Liste:
    structure, session, maintenant = compte().structure_id, db.session(), carnet.maintenant()
    try:
        return rapport_rendez_vous.liste(session, structure, convention, annee, case, maintenant)
    except CaseInconnue:
        return rapport_flux.liste(session, structure, convention, annee, case, maintenant)


def _conventions() -> list[dict[str, Any]]:
    """Chaque convention une fois, sous le nom de sa version en vigueur ; `debut` : l'année de la première."""
    connues = conventions_de(db.session(), compte().structure_id)
    debuts = {c["code"]: int(c["debut"][:4]) for c in reversed(connues)}
    aujourd_hui = carnet.aujourd_hui()
    return [
        {"code": code, "debut": debuts[code], "libelle": version["libelle"]}
        for code in sorted(debuts)
        if (version := convention_au(connues, code, aujourd_hui))
    ]


def _nom(code: str) -> str:
    return next((str(connue["libelle"]) for connue in _conventions() if connue["code"] == code), code)
