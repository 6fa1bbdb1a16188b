"""Où une mesure de plus dépasserait les places d'une convention : oui ou non, à sa date, et rien de personne."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain.convention import par_etp, places_convenues
from app.domain.mesure import convention_au
from app.instruction import Instruction
from sync.etat import MESURE

Fiche = dict[str, Any]

_EN_COURS = Instruction(
    lambda _: (
        select(MESURE.c.convention, func.count())
        .where(
            MESURE.c.structure_id == bindparam("structure"),
            MESURE.c.entree_le <= bindparam("jour"),
            or_(MESURE.c.sortie_le.is_(None), MESURE.c.sortie_le > bindparam("jour")),
        )
        .group_by(MESURE.c.convention)
    )
)


@dataclass(frozen=True, slots=True)
class Instant:
    """Où en est la base : rien n'y change sans un numéro de plus, ou une autre génération ; et le jour qu'il est."""

    structure_id: str
    generation: str
    sequence: int
    jour: dt.date


# Le dernier compte de chaque structure : refait quand quelque chose y a été écrit, non à chaque échange.
_comptes: dict[str, tuple[Instant, Mapping[str, int]]] = {}


def places(session: Session, instant: Instant, conventions: Sequence[Fiche]) -> list[Fiche]:
    """`[{code, prises}]`, pour chaque convention qui dit un nombre ce jour-là.

    `conventions` : toutes les versions, ajustements en place (`trancher`).
    """
    jour = instant.jour.isoformat()
    connues = [convention for convention in conventions if "code" in convention]
    codes = sorted({convention["code"] for convention in connues if convention.get("places") or par_etp(convention)})
    convenues = {code: _convenues(connues, code, jour) for code in codes}
    if not any(nombre is not None for nombre in convenues.values()):
        return []
    suivies = _suivies(session, instant)
    return [
        {"code": code, "prises": suivies.get(code, 0) >= nombre}
        for code, nombre in convenues.items()
        if nombre is not None
    ]


def _convenues(conventions: Sequence[Fiche], code: str, jour: str) -> int | None:
    du_jour = convention_au(conventions, code, jour)
    return None if du_jour is None else places_convenues(du_jour, jour)


def _suivies(session: Session, instant: Instant) -> Mapping[str, int]:
    connu = _comptes.get(instant.structure_id)
    if connu is not None and connu[0] == instant:
        return connu[1]
    lues = dict(_EN_COURS.lire(session, structure=instant.structure_id, jour=instant.jour))
    _comptes[instant.structure_id] = (instant, lues)
    return lues
