"""Le rapport que nomme une adresse : ses conventions, sa période, et leurs noms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import abort
from werkzeug.exceptions import NotFound

from app.base import db
from app.domain.mesure import convention_au
from app.domain.roles import LECTEURS_DES_MOTIFS
from app.rapports.demande import Demande
from app.rapports.lecteurs import lit_la_periode
from app.rapports.regles import ConventionInconnue, lire_regles
from app.securite.portier import compte, rediriger
from app.views import carnet
from sync.conventions import conventions_de


def demandee(conventions: str, periode: str) -> Demande:
    """404 si l'adresse n'a pas de sens ; au formulaire, qui dit pourquoi, si ce rôle ne lit pas cette période."""
    qui = compte()
    try:
        lue = Demande.lire(qui.structure_id, conventions, periode, carnet.maintenant())
    except ValueError:
        raise NotFound from None
    if not lit_la_periode(qui.role, lue.periode):
        jours = {"du": lue.periode.premier_jour.isoformat(), "au": lue.periode.dernier_jour.isoformat()}
        abort(rediriger(f"/rapports/composer?{urlencode({'conventions': lue.conventions, **jours}, doseq=True)}"))
    return replace(lue, motifs_reserves=qui.role in LECTEURS_DES_MOTIFS)


def existante(conventions: str, periode: str) -> Demande:
    """La même, 404 si la structure n'a pas l'une des conventions."""
    demande = demandee(conventions, periode)
    try:
        lire_regles(db.session(), demande)
    except ConventionInconnue:
        raise NotFound from None
    return demande


def conventions_connues() -> list[dict[str, Any]]:
    """Chaque convention une fois, sous le nom de sa version en vigueur ; `debut` : l'année de la première."""
    connues = conventions_de(db.session(), compte().structure_id)
    debuts = {c["code"]: int(c["debut"][:4]) for c in reversed(connues)}
    aujourd_hui = carnet.aujourd_hui()
    return [
        {"code": code, "debut": debuts[code], "libelle": version["libelle"]}
        for code in sorted(debuts)
        if (version := convention_au(connues, code, aujourd_hui))
    ]


def noms_de(demande: Demande) -> list[str]:
    connues = {connue["code"]: str(connue["libelle"]) for connue in conventions_connues()}
    return [connues.get(code, code) for code in demande.conventions]
