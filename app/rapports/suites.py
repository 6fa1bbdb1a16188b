"""Les pièces d'après la sortie : elles se notent sur la mesure terminée, parfois après la période du rapport."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.equipe.lots import par_lots
from app.models import Piece
from app.rapports.demande import Demande

# Le jour d'une pièce, et ce qu'elle dit.
Suite = tuple[date, Mapping[str, Any]]


def suites_de(session: Session, demande: Demande, mesures: Iterable[str]) -> dict[str, dict[str, list[Suite]]]:
    """Les étapes et les nouvelles de ces mesures, par forme puis par mesure, jusqu'à aujourd'hui ; aucune retirée."""
    trouvees: dict[str, dict[str, list[Suite]]] = {"etape": defaultdict(list), "veille": defaultdict(list)}
    for ici in par_lots(mesures):
        lignes = session.execute(
            select(Piece.forme, Piece.mesure_id, Piece.jour, Piece.valeurs).where(
                Piece.structure_id == demande.structure_id,
                Piece.mesure_id.in_(ici),
                Piece.forme.in_(("etape", "veille")),
                Piece.retiree_le.is_(None),
                Piece.jour <= demande.aujourd_hui,
            )
        )
        for forme, mesure_id, jour, valeurs in lignes:
            trouvees[forme][mesure_id].append((jour, valeurs))
    return trouvees
