"""Le journal des rapports : ce qui en est sorti, pourquoi, et leurs clôtures. On y ajoute, rien ne s'y change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.domain.saisie.sortie_rapport import MOTIFS
from app.models import EvenementRapport, Utilisateur
from app.rapports.demande import Demande

_GESTES = {"sorti": "Fichier", "clos": "Rapport clos", "rouvert": "Rapport rouvert"}


@dataclass(frozen=True)
class Auteur:
    """`utilisateur_id` : vide pour la ligne de commande."""

    utilisateur_id: str | None
    le: dt.datetime


def noter(
    session: Session,
    demande: Demande,
    auteur: Auteur,
    genre: str,
    *,
    format: str | None = None,
    masque: bool = False,
    motif: str | None = None,
    precision: str | None = None,
) -> None:
    session.add(
        EvenementRapport(
            structure_id=demande.structure_id,
            id=str(uuid7()),
            genre=genre,
            conventions=demande.code,
            periode=demande.periode.code,
            format=format,
            masque=masque,
            motif=motif,
            precision=precision or None,
            auteur_id=auteur.utilisateur_id,
            survenu_le=auteur.le,
        )
    )


@dataclass(frozen=True)
class Passage:
    """Une ligne du journal, en mots."""

    genre: str
    le: dt.datetime
    par: str
    quoi: str
    pourquoi: str


def lire(session: Session, demande: Demande) -> list[Passage]:
    """Ce qui est arrivé à ce rapport, le plus récent d'abord."""
    lignes = session.execute(
        select(EvenementRapport, Utilisateur.prenom, Utilisateur.nom)
        .outerjoin(
            Utilisateur,
            (Utilisateur.structure_id == EvenementRapport.structure_id)
            & (Utilisateur.id == EvenementRapport.auteur_id),
        )
        .where(
            EvenementRapport.structure_id == demande.structure_id,
            func.length(EvenementRapport.conventions) == len(demande.code),
            EvenementRapport.periode == demande.periode.code,
        )
        .order_by(EvenementRapport.survenu_le.desc(), EvenementRapport.id.desc())
    )
    # Une ligne de journal ne se récrit pas : les plus anciennes nomment les conventions dans l'ordre où on les tapait.
    return [
        _passage(evenement, prenom, nom)
        for evenement, prenom, nom in lignes
        if sorted(evenement.conventions.split("+")) == sorted(demande.code.split("+"))
    ]


def _passage(evenement: EvenementRapport, prenom: str | None, nom: str | None) -> Passage:
    quoi = _GESTES[evenement.genre]
    if evenement.format:
        quoi += f" {evenement.format.upper()}"
    if evenement.masque:
        quoi += ", petits comptes masqués"
    motif = MOTIFS.get(evenement.motif or "")
    return Passage(
        evenement.genre,
        evenement.survenu_le,
        f"{prenom} {nom}" if nom else "la ligne de commande",
        quoi,
        "\u202f: ".join(mot for mot in (motif, evenement.precision) if mot),
    )
