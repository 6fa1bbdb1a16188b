"""Réunions : ce que le chef de service prépare avant de voir un bailleur, un comité technique, ou de faire le point."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.securite.permissions import permission

reunions = Blueprint("reunions", __name__, url_prefix="/reunions")

PREPARER = (
    (
        "/reunions/comites",
        "Comités techniques",
        "Choisir les situations, les lire chacune sur un écran, noter ce qui est décidé.",
    ),
    (
        "/reunions/logement",
        "Demandes de logement",
        "Par bailleur\u202f: les demandes en cours, la situation, la note d’information à jour ou non.",
    ),
    ("/reunions/point", "Point du mois", "Entrées et sorties par convention, et qui est derrière chaque chiffre."),
)


@reunions.get("")
@permission("equipe")
def accueil() -> Response:
    return rendre("serveur/bureau/reunions.html", titre="Réunions", onglet="bureau", preparer=PREPARER)
