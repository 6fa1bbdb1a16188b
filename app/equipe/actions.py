"""Une action collective vue du bureau : ses séances comptées, et celles que son calendrier annonce. Aucun nom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import action as domaine
from app.domain.cahier import valeur
from app.domain.identifiant import deriver
from app.models import Cahier, Feuille

# Ce qu'un calendrier peut annoncer : au-delà, une année est mal tapée.
SEANCES_MAX = 200


@dataclass(frozen=True)
class Seance:
    le: dt.date
    debut: str | None
    theme: str | None
    annulee: bool
    attendus: int
    presents: int
    notes: int


@dataclass(frozen=True)
class Action:
    """`inscrits` : de toute l'action ; `a_creer` : les jours de son calendrier qui n'ont pas encore leur séance."""

    seances: tuple[Seance, ...]
    inscrits: int
    a_creer: tuple[str, ...]


def lire(session: Session, cahier: Cahier) -> Action:
    fiche = contenu(session, cahier)
    # Retirée, celle du calendrier ne revient pas ; ajoutée à la main ce jour-là, elle en tient lieu.
    existantes = {feuille["id"] for feuille in fiche["feuilles"]}
    jours = {valeur(seance, "le") for seance in domaine.seances(fiche)}
    return Action(
        tuple(_seance(seance, fiche) for seance in domaine.seances(fiche)),
        len(domaine.inscriptions(fiche)),
        tuple(le for le in annoncees(cahier) if le not in jours and seance_du(cahier.id, le) not in existantes),
    )


def contenu(session: Session, cahier: Cahier) -> dict[str, Any]:
    """Le cahier et toutes ses feuilles, comme les lisent les règles du domaine."""
    f = Feuille
    requete = select(f.id, f.forme, f.valeurs, f.retiree_le).where(
        f.structure_id == cahier.structure_id, f.cahier_id == cahier.id
    )
    champs = ("id", "forme", "valeurs", "retiree_le")
    feuilles = [dict(zip(champs, ligne, strict=True)) for ligne in session.execute(requete)]
    return {"cahier": {"id": cahier.id, "genre": cahier.genre, "valeurs": cahier.valeurs}, "feuilles": feuilles}


def annoncees(cahier: Cahier) -> list[str]:
    return domaine.calendrier(cahier.valeurs)[:SEANCES_MAX]


def seance_du(cahier_id: str, jour: str) -> str:
    """L'identifiant de la séance que le calendrier met à ce jour : créée deux fois, il n'y en a qu'une."""
    return deriver(cahier_id, "0" * 24 + jour.replace("-", ""))


def a_creer(session: Session, cahier: Cahier, operation_id: str) -> list[dict[str, Any]]:
    """Les opérations qui notent les séances du calendrier qui ne le sont pas encore."""
    habituels = {nom: lu for nom in ("debut", "fin", "lieu") if (lu := cahier.valeurs.get(nom))}
    operations = []
    for jour in lire(session, cahier).a_creer:
        entite = seance_du(cahier.id, jour)
        operations.append(
            {
                "id": deriver(operation_id, entite),
                "genre": "noter_seance",
                "entite": entite,
                "personne": cahier.id,
                "champs": {"le": jour, **habituels},
                "base": None,
            }
        )
    return operations


def _seance(seance: dict[str, Any], fiche: dict[str, Any]) -> Seance:
    return Seance(
        le=dt.date.fromisoformat(valeur(seance, "le")),
        debut=valeur(seance, "debut"),
        theme=valeur(seance, "theme"),
        annulee=domaine.est_annulee(seance),
        **domaine.comptes(fiche, seance),
    )
