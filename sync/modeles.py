"""Les modèles des papiers d'une structure : les livrés, puis ses versions, chacune à sa date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import modele
from app.instruction import Instruction
from app.models import Modele

LUS = Instruction(
    lambda _: (
        select(Modele.code, Modele.langue, Modele.titre, Modele.corps, Modele.depuis, Modele.valide_le)
        .where(Modele.structure_id == bindparam("structure"))
        .order_by(Modele.depuis, Modele.cree_le, Modele.id)
    )
)


def modeles(lignes: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Ce que lit un papier : `[{code, langue, titre, corps, depuis, valide}]`.

    Du même jour, le dernier écrit l'emporte.
    """
    versions = {(livre["code"], livre["langue"], livre["depuis"]): livre for livre in modele.livres()}
    for code, langue, titre, corps, depuis, valide_le in lignes:
        versions[code, langue, depuis.isoformat()] = {
            "code": code,
            "langue": langue,
            "titre": titre,
            "corps": corps,
            "depuis": depuis.isoformat(),
            "valide": valide_le is not None,
        }
    return [versions[cle] for cle in sorted(versions)]


def de_la_structure(session: Session, structure_id: str) -> list[dict[str, Any]]:
    return modeles(LUS.lire(session, structure=structure_id))


def ecrire_modele(
    session: Session, structure_id: str, auteur_id: str, voulu: dict[str, Any], maintenant: dt.datetime
) -> None:
    """Une version de plus ; aucune n'est changée. `voulu` : `{code, langue, titre, corps, depuis, valide}`."""
    session.add(
        Modele(
            structure_id=structure_id,
            id=str(uuid4()),
            code=voulu["code"],
            langue=voulu["langue"],
            titre=voulu["titre"],
            corps=voulu["corps"],
            depuis=dt.date.fromisoformat(voulu["depuis"]),
            auteur_id=auteur_id,
            cree_le=maintenant,
            valide_le=maintenant if voulu["valide"] else None,
            valide_par=auteur_id if voulu["valide"] else None,
        )
    )
