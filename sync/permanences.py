"""Les permanences telles que la référence les dit à qui les tient."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.instruction import Instruction
from app.models import Lieu, Permanence

_P = Permanence
_SIENNES = Instruction(
    lambda _: (
        select(_P.id, _P.lieu_id, _P.jour, _P.semaines, _P.de, _P.a, _P.pas, _P.du, _P.au)
        .join(Lieu, (Lieu.structure_id == _P.structure_id) & (Lieu.id == _P.lieu_id))
        .where(
            _P.structure_id == bindparam("structure"),
            _P.utilisateur_id == bindparam("qui"),
            Lieu.actif.is_(True),
        )
        .order_by(_P.id)
    )
)
_CHAMPS = ("id", "lieu", "jour", "semaines", "de", "a", "pas")


def permanences(session: Session, structure_id: str, utilisateur_id: str, jour: dt.date) -> list[dict[str, Any]]:
    """Celles qui durent encore, dans un lieu que l'on propose : la forme de `app/domain/permanence.py`."""
    return [
        dict(zip(_CHAMPS, connus, strict=True)) | {"du": du.isoformat(), "au": au.isoformat() if au else None}
        for *connus, du, au in _SIENNES.lire(session, structure=structure_id, qui=utilisateur_id)
        if au is None or au >= jour
    ]
