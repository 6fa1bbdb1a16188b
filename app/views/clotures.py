"""La clôture d'un rapport : arrêter ses chiffres, lire ce qui y aurait changé, le rouvrir avec une raison."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.rapports import cloture, journal, rapport
from app.rapports.demande import Demande
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.views import carnet
from app.views.demande_rapport import existante

clotures = Blueprint("clotures", __name__, url_prefix="/rapports/<conventions>/<periode>/cloture")

RAISON_MAX = 200


@clotures.get("")
@permission("rapports.lire")
def lire(conventions: str, periode: str) -> Response:
    return _page(existante(conventions, periode))


@clotures.post("")
@permission("rapports.ecrire")
def clore(conventions: str, periode: str) -> Response:
    demande = existante(conventions, periode)
    if not demande.finie:
        return _page(demande, erreur="La période court encore\u202f: le rapport se clôt après son dernier jour.")
    if not request.form.get("verifie"):
        return _page(demande, erreur="Cochez la case une fois les chiffres et les listes vérifiés.")
    faite = False
    if not cloture.est_clos(db.session(), demande):
        arrete = cloture.arreter(db.session(), demande)
        with ecriture() as session:
            faite = cloture.clore(session, arrete, _auteur())
    annoncer("Le rapport est clos\u202f: ses chiffres ne changeront plus." if faite else "Il était déjà clos.")
    return rediriger(demande.adresse)


@clotures.post("/rouvrir")
@permission("rapports.ecrire")
def rouvrir(conventions: str, periode: str) -> Response:
    demande, raison = existante(conventions, periode), " ".join(request.form.get("raison", "").split())
    if not raison or len(raison) > RAISON_MAX:
        return _page(demande, raison, "Dites pourquoi, en 200 signes au plus.")
    with ecriture() as session:
        faite = cloture.rouvrir(session, demande, _auteur(), raison)
    annoncer("Le rapport est rouvert\u202f: il montre de nouveau les chiffres du jour." if faite else "Il est ouvert.")
    return rediriger(demande.adresse)


def _auteur() -> journal.Auteur:
    return journal.Auteur(compte().utilisateur_id, carnet.maintenant())


def _page(demande: Demande, raison: str = "", erreur: str | None = None) -> Response:
    session = db.session()
    clos = cloture.actuelle(session, demande)
    return rendre(
        "serveur/bureau/cloture.html",
        titre="Rapport",
        onglet="bureau",
        statut=422 if erreur else 200,
        demande=demande,
        clos=clos,
        ecarts=cloture.ecarts(clos.parties, rapport.parties(session, demande)) if clos else [],
        clot=peut(compte().role, "rapports.ecrire"),
        raison=raison,
        erreur=erreur,
        journal=[passage for passage in journal.lire(session, demande) if passage.genre != "sorti"],
    )
