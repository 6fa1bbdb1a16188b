"""Sortir un rapport : choisir la forme du fichier, dire pourquoi, et l'emporter. Le journal retient tout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import rendre
from app.domain.saisie.sortie_rapport import MOTIFS, SortieSaisie, lire_sortie
from app.papiers.composition import CaractereAbsent
from app.rapports import journal
from app.rapports.demande import Demande
from app.rapports.edition import Edition, editer, masquer
from app.rapports.fichiers import FICHIERS
from app.securite.permissions import permission
from app.securite.portier import compte
from app.securite.redonner import Refus, a_redonner, redonner
from app.views import carnet
from app.views.confirmation import attendre
from app.views.demande_rapport import existante, noms_de

fichiers_rapports = Blueprint("fichiers_rapports", __name__, url_prefix="/rapports/<conventions>/<periode>/sortir")

SANS_PDF = "Ce rapport a des caractères que le PDF ne sait pas écrire\u202f: retirez-les de ses textes."


@fichiers_rapports.get("")
@permission("rapports.sortir")
def formulaire(conventions: str, periode: str) -> Response:
    demande = existante(conventions, periode)
    return montrer_la_sortie(demande, noms_de(demande))


@fichiers_rapports.post("")
@permission("rapports.sortir")
def sortir(conventions: str, periode: str) -> Response:
    demande = existante(conventions, periode)
    return sortir_le_rapport(demande, noms_de(demande), lambda: editer(db.session(), demande))


def montrer_la_sortie(demande: Demande, noms: list[str]) -> Response:
    return _page(demande, noms, SortieSaisie(format=request.args.get("format", "pdf")))


def sortir_le_rapport(demande: Demande, noms: list[str], edite: Callable[[], Edition]) -> Response:
    """Le fichier demandé, ou la page avec ce qui manque ; `edite` ne compose que ce qui sort."""
    lu = lire_sortie(request.form.to_dict(), FICHIERS)
    refus = redonner(request.form.get("mot_de_passe", "")) if a_redonner() else None
    if lu.erreurs or refus:
        return attendre(_page(demande, noms, lu, refus=refus), refus)
    fichier, edition = FICHIERS[lu.format], edite()
    try:
        octets = fichier.ecrire(masquer(edition) if lu.masquer else edition)
    except CaractereAbsent:
        return _page(demande, noms, lu, {"format": SANS_PDF})
    with ecriture() as session:
        auteur = journal.Auteur(compte().utilisateur_id, carnet.maintenant())
        journal.noter(
            session,
            demande,
            auteur,
            "sorti",
            format=lu.format,
            masque=lu.masquer,
            motif=lu.motif,
            precision=lu.precision,
        )
    reponse = Response(octets, content_type=fichier.media)
    reponse.headers.set("Content-Disposition", "attachment", filename=f"{edition.fichier}.{lu.format}")
    return reponse


def _page(
    demande: Demande,
    noms: list[str],
    lu: SortieSaisie,
    erreurs: dict[str, str] | None = None,
    refus: Refus | None = None,
) -> Response:
    erreurs = lu.erreurs | (erreurs or {}) | ({"mot_de_passe": refus.phrase} if refus else {})
    return rendre(
        "serveur/bureau/sortir.html",
        titre="Rapport",
        onglet="bureau",
        statut=refus.statut if refus else 422 if erreurs else 200,
        demande=demande,
        noms=noms,
        lu=lu,
        erreurs=erreurs,
        formats=choix({code: fichier.nom for code, fichier in FICHIERS.items()}, lu.format),
        aides=[(fichier.nom, fichier.aide) for fichier in FICHIERS.values()],
        motifs=choix(MOTIFS, lu.motif),
        journal=journal.lire(db.session(), demande),
        courriel=compte().courriel if a_redonner() else None,
    )


def choix(libelles: dict[str, str], choisi: str) -> list[dict[str, Any]]:
    return [{"code": code, "libelle": libelle, "choisi": code == choisi} for code, libelle in libelles.items()]
