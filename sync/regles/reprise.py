"""Dire qu'une opération perdue d'un appareil retiré a été reprise à la main : qui, quand, au journal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models import Operation as Journal
from sync.champs import Forme
from sync.operation import Operation
from sync.regles.regle import CONTROLEURS, Contexte, Regle, refuser


def reprendre(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """`entite` est l'opération refusée ; le dossier, lui, ne change pas : la reprise y a ses propres opérations."""
    perdue = contexte.etat.session.get(Journal, (contexte.acteur.structure_id, operation.entite))
    if perdue is None or perdue.statut != "refused" or not perdue.tardive:
        raise refuser("entite", "Il n’y a rien ici à reprendre.")
    if perdue.personne_id != operation.personne:
        raise refuser("personne", "Cette opération parlait d’une autre personne.")


@cache
def formes() -> Mapping[str, Forme]:
    return {}


GENRES = {"reprendre_operation": Regle(reprendre, formes, CONTROLEURS, None)}
