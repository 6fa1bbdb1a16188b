"""La liste des participants du Fonds social européen : ce qui manque à chacun, et le fichier nominatif."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import rendre
from app.domain.saisie.sortie_rapport import MOTIFS, SortieSaisie, lire_sortie
from app.rapports import fse, journal
from app.rapports.demande import Demande
from app.rapports.regles import lire_regles
from app.securite.permissions import permission
from app.securite.portier import compte
from app.securite.redonner import Refus, a_redonner, redonner
from app.views import carnet
from app.views.confirmation import attendre
from app.views.demande_rapport import existante
from app.views.fichiers_rapports import choix

participants_fse = Blueprint("participants_fse", __name__, url_prefix="/rapports/<conventions>/<periode>/fse")


@participants_fse.get("")
@permission("rapports.ecrire")
def lire(conventions: str, periode: str) -> Response:
    return _page(_demande(conventions, periode), SortieSaisie())


@participants_fse.post("")
@permission("rapports.ecrire")
def sortir(conventions: str, periode: str) -> Response:
    demande = _demande(conventions, periode)
    lu = lire_sortie({**request.form.to_dict(), "format": "fse"}, ("fse",))
    refus = redonner(request.form.get("mot_de_passe", "")) if a_redonner() else None
    if lu.erreurs or refus:
        return attendre(_page(demande, lu, refus), refus)
    octets = fse.en_csv(fse.participants(db.session(), demande))
    with ecriture() as session:
        auteur = journal.Auteur(compte().utilisateur_id, carnet.maintenant())
        journal.noter(session, demande, auteur, "sorti", format="fse", motif=lu.motif, precision=lu.precision)
    reponse = Response(octets, content_type="text/csv; charset=utf-8")
    nom = f"participants-{demande.code}-{demande.periode.code}.csv"
    reponse.headers.set("Content-Disposition", "attachment", filename=nom)
    return reponse


def _demande(conventions: str, periode: str) -> Demande:
    """404 quand aucune de ces conventions n'est cofinancée."""
    demande = existante(conventions, periode)
    if not fse.conventions_fse(lire_regles(db.session(), demande)):
        raise NotFound
    return demande


def _page(demande: Demande, lu: SortieSaisie, refus: Refus | None = None) -> Response:
    tous = fse.participants(db.session(), demande)
    return rendre(
        "serveur/bureau/participants_fse.html",
        titre="Rapport",
        onglet="bureau",
        statut=refus.statut if refus else 422 if lu.erreurs else 200,
        demande=demande,
        nombre=len(tous),
        incomplets=[participant for participant in tous if participant.manque],
        lu=lu,
        erreurs=lu.erreurs | ({"mot_de_passe": refus.phrase} if refus else {}),
        courriel=compte().courriel if a_redonner() else None,
        motifs=choix(MOTIFS, lu.motif),
    )
