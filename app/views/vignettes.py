"""Une vignette : choisir un parcours, en recevoir l'ébauche, la relire avant de la garder avec le rapport."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, request
from sqlalchemy import select
from uuid6 import uuid7
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.indicateurs.flux import retenir
from app.domain.recherche import cle
from app.equipe.lots import par_lots
from app.models import Personne
from app.rapports import textes, vignette
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.securite.permissions import permission
from app.views.demande_rapport import existante

vignettes = Blueprint("vignettes", __name__, url_prefix="/rapports/<conventions>/<periode>/vignette")


# Un menu que l'on peut encore parcourir du pouce ; au-delà, on cherche.
CHOIX_MAX = 50
RECHERCHE_MAX = 60


@vignettes.get("")
@permission("rapports.ecrire")
def choisir(conventions: str, periode: str) -> Response:
    return _page(existante(conventions, periode))


@vignettes.post("/chercher")
@permission("rapports.ecrire")
def chercher(conventions: str, periode: str) -> Response:
    """Un nom se tape, et ne s'écrit dans aucune adresse."""
    return _page(existante(conventions, periode), request.form.get("q", "")[:RECHERCHE_MAX])


@vignettes.post("")
@permission("rapports.ecrire")
def ebaucher(conventions: str, periode: str) -> Response:
    """Rien n'est encore gardé : l'ébauche remplit le formulaire d'un texte neuf."""
    demande = existante(conventions, periode)
    parcours = vignette.lire(db.session(), demande, request.form.get("mesure", ""))
    if parcours is None:
        raise NotFound
    return rendre(
        "serveur/bureau/texte_rapport.html",
        titre="Rapport",
        onglet="bureau",
        demande=demande,
        bloc=textes.vignette_neuve(str(uuid7())),
        saisi={"titre": vignette.TITRE, "texte": vignette.ebauche(parcours), "version": ""},
        erreurs={},
        versions=[],
    )


def _page(demande: Demande, q: str = "") -> Response:
    choix, total = _choix(demande, q)
    return rendre(
        "serveur/bureau/vignette.html", titre="Rapport", onglet="bureau", demande=demande, choix=choix, total=total, q=q
    )


def _choix(demande: Demande, q: str) -> tuple[list[tuple[str, str]], int]:
    """Par nom, `CHOIX_MAX` au plus des mesures que ce rapport compte, et combien il y en a : celles dont le nom répond
    à la recherche, les parcours finis d'abord, puis les derniers commencés.
    """
    mesures = [m for m in retenir(Faits(db.session(), demande).mesures, demande.periode, "accompagnees") if m.entree_le]
    mesures.sort(key=lambda m: (m.sortie_le or date.min, m.entree_le or date.min, m.id), reverse=True)
    cherches = cle(q).split()
    if cherches:
        noms = _noms(demande, mesures)
        mesures = [m for m in mesures if _repond(cle(noms[m.personne_id]).split(), cherches)]
    montrees = mesures[:CHOIX_MAX]
    noms = _noms(demande, montrees)
    dites = [(m.id, f"{noms[m.personne_id]}, entrée le {m.entree_le:%d/%m/%Y}") for m in montrees]
    return sorted(dites, key=lambda dite: (cle(dite[1]), dite[0])), len(mesures)


def _repond(mots: list[str], cherches: list[str]) -> bool:
    return all(any(mot.startswith(cherche) for mot in mots) for cherche in cherches)


def _noms(demande: Demande, mesures: Sequence[FaitMesure]) -> dict[str, str]:
    lignes = [
        ligne
        for lot in par_lots({mesure.personne_id for mesure in mesures})
        for ligne in db.session.execute(
            select(Personne.id, Personne.nom, Personne.prenom).where(
                Personne.structure_id == demande.structure_id, Personne.id.in_(lot)
            )
        )
    ]
    return {ligne.id: f"{ligne.nom} {ligne.prenom}" for ligne in lignes}
