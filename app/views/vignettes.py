"""Une vignette : choisir un parcours, en recevoir l'ébauche, la relire avant de la garder avec le rapport."""

from __future__ import annotations

from flask import Blueprint, request
from sqlalchemy import select
from uuid6 import uuid7
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.indicateurs.flux import retenir
from app.models import Personne
from app.rapports import textes, vignette
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.securite.permissions import permission
from app.views.demande_rapport import existante

vignettes = Blueprint("vignettes", __name__, url_prefix="/rapports/<conventions>/<periode>/vignette")


@vignettes.get("")
@permission("rapports.ecrire")
def choisir(conventions: str, periode: str) -> Response:
    demande = existante(conventions, periode)
    return rendre(
        "serveur/bureau/vignette.html", titre="Rapport", onglet="bureau", demande=demande, choix=_choix(demande)
    )


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


def _choix(demande: Demande) -> list[tuple[str, str]]:
    """Les mesures que ce rapport compte, par nom."""
    session = db.session()
    mesures = retenir(Faits(session, demande).mesures, demande.periode, "accompagnees")
    noms = {
        ligne.id: f"{ligne.nom} {ligne.prenom}"
        for ligne in session.execute(
            select(Personne.id, Personne.nom, Personne.prenom).where(
                Personne.structure_id == demande.structure_id,
                Personne.id.in_(sorted({mesure.personne_id for mesure in mesures})),
            )
        )
    }
    dites = [(m.id, f"{noms[m.personne_id]}, entrée le {m.entree_le:%d/%m/%Y}") for m in mesures if m.entree_le]
    return sorted(dites, key=lambda dite: (dite[1].casefold(), dite[0]))
