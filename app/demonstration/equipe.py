"""Le personnel de 2022, tel que le rapport publié en dit le temps de travail ; celui d'aujourd'hui n'est pas noté."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from app.demonstration.associations import AMANDIERS
from app.demonstration.invention import Invention
from app.models import Agent, TempsDeTravail

_INTERVENTION: Final = "Intervention sociale"
_DEBUT, _FIN = date(2022, 1, 1), date(2023, 1, 1)
# La fonction de chacun, et ses équivalents temps plein par convention.
_EQUIPE: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "chef": ("Chef de service", {"ASP-NC": "0.17"}),
    "helene": (_INTERVENTION, {"ASP-NC": "1.00"}),
    "omar": (_INTERVENTION, {"ASP-NC": "0.90", "DSP-TDL": "0.10"}),
    "nadia": (_INTERVENTION, {"DSP-TDL": "0.80"}),
    "secretariat": ("Secrétariat", {"ASP-NC": "0.21"}),
}


def noter_equipe(
    session: Session, structure_id: str, comptes: Mapping[str, str], invention: Invention, maintenant: datetime
) -> None:
    """Chacun avec son temps de 2022 ; rien après, sinon les écrans du jour compteraient une équipe incomplète."""
    noms = {compte.cle: (compte.nom, compte.prenom, compte.ancien) for compte in AMANDIERS.comptes}
    for cle, (fonction, temps) in _EQUIPE.items():
        nom, prenom, ancien = noms[cle]
        agent = Agent(
            structure_id=structure_id,
            id=invention.identifiant(),
            utilisateur_id=comptes[cle],
            nom=nom,
            prenom=prenom,
            fonction=fonction,
            parti_le=date(2022, 12, 31) if ancien else None,
            par_id=comptes["chef"],
            le=maintenant,
        )
        session.add(agent)
        session.flush()
        session.add_all(
            TempsDeTravail(
                structure_id=structure_id, agent_id=agent.id, convention=convention, jour=jour, etp=Decimal(etp)
            )
            for convention, plein in temps.items()
            for jour, etp in ((_DEBUT, plein), (_FIN, "0"))
        )
        session.flush()
