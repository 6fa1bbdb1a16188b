"""Une fiche reçue en une ligne : ce que c'est, et l'essentiel de ce qu'elle dit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.dates import heure_paris, jour_paris
from app.domain.formes import charger
from app.domain.francais import jour_court, minuscule
from app.domain.masque import masquer
from app.domain.mesure import convention_au, nom_court
from app.gabarits.filtres import duree
from app.gabarits.filtres import heure as heure_en_mots
from app.viewmodels.fil import demarches_en_mots

Fiche = dict[str, Any]


def quoi(fiche: Fiche, sexe: str | None = None) -> str:
    """« Entretien téléphonique », « Rendez-vous : venue », « Identité »."""
    if fiche["type"] == "entretien":
        return nomenclatures.libelle("titre_entretien", fiche["moyen"])
    if fiche["type"] == "rendez_vous":
        return f"Rendez-vous\u202f: {minuscule(nomenclatures.libelle('statut_rendez_vous', fiche['statut'], sexe))}"
    if fiche["type"] == "piece":
        nom = charger()[fiche["forme"]]["libelle"]
        return f"{nom}\u202f: retirée" if fiche["retiree_le"] else str(nom)
    return nomenclatures.libelle("type_fiche", fiche["type"])


def details(
    fiche: Fiche, conventions: Sequence[Fiche], aujourd_hui: str, masques: Sequence[str] = ()
) -> tuple[str, ...]:
    """Date, durée, lieu, démarches : ce qui se lit d'un coup d'œil. Une convention porte le nom qu'on lui donne ; un
    lieu de `masques` se tait.
    """
    morceaux: list[str | None] = []
    if fiche["type"] == "entretien":
        morceaux = [jour_court(fiche["date"], aujourd_hui), duree(fiche["duree"]), masquer(fiche["lieu"], masques)]
        morceaux += demarches_en_mots(fiche["demarches"], fiche["date"])
    elif fiche["type"] == "rendez_vous":
        jour, heure = jour_paris(fiche["debut"]), heure_paris(fiche["debut"])
        morceaux = [f"{jour_court(jour, aujourd_hui)} à {heure_en_mots(heure)}", masquer(fiche["lieu"], masques)]
    elif fiche["type"] == "piece":
        date = piece.jour(fiche)
        morceaux = [piece.titre(fiche, masques), jour_court(date, aujourd_hui) if date else None]
    elif fiche["type"] == "mesure":
        recue = fiche["orientee_le"]
        orientee = f"orientée le {jour_court(recue, aujourd_hui)}" if recue else None
        convention = convention_au(conventions, fiche["convention"], aujourd_hui)
        morceaux = [nom_court(convention) if convention else fiche["convention"], orientee]
    return tuple(morceau for morceau in morceaux if morceau)
