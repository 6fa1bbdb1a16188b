"""Le rapport d'une convention et d'une année : tous ses tableaux, dans l'ordre de lecture."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.rapports import flux, rendez_vous
from app.rapports.tableau import Tableau


def tableaux(
    session: Session, structure_id: str, convention: str, annee: int, maintenant: datetime | None = None
) -> tuple[Tableau, ...]:
    """`ConventionInconnue`, ou `ValueError` si l'année est hors des bornes."""
    return (
        *flux.tableaux(session, structure_id, convention, annee, maintenant),
        rendez_vous.tableau(session, structure_id, convention, annee, maintenant),
    )
