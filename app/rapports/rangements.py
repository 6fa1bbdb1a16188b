"""Ce qu'une structure a déplacé dans une grille : un motif, et la case où elle le compte."""

from collections.abc import Mapping

from sqlalchemy.orm import Session


def rangements_de(session: Session, structure_id: str, grille: str) -> Mapping[str, str]:
    return {}
