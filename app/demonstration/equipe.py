"""Le personnel : celui de 2022, dont le rapport publié dit le temps de travail, et celui d'aujourd'hui."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from app.demonstration.associations import AMANDIERS
from app.demonstration.invention import Invention
from app.equipe import personnel

_INTERVENTION: Final = "Intervention sociale"
_DEBUT, _FIN = date(2022, 1, 1), date(2023, 1, 1)
_VALIDES_EN_2021: Final = date(2021, 12, 14)


@dataclass(frozen=True)
class _Membre:
    """Une fonction, un diplôme, des équivalents temps plein par convention : en 2022, et depuis le 1er janvier."""

    fonction: str
    en_2022: Mapping[str, str] = field(default_factory=dict)
    aujourd_hui: Mapping[str, str] = field(default_factory=dict)
    diplome: str = ""


_EQUIPE: Final[Mapping[str, _Membre]] = {
    "chef": _Membre("Chef de service", {"ASP-NC": "0.17"}, {"ASP-NC": "0.17", "DSP-TDL": "0.10"}, "CAFERUIS"),
    "camille": _Membre(
        _INTERVENTION,
        aujourd_hui={"ASP-NC": "0.50", "DSP-TDL": "0.30", "ASP-DOM": "0.20"},
        diplome="Diplôme d’État de conseillère en économie sociale familiale",
    ),
    "helene": _Membre(_INTERVENTION, {"ASP-NC": "1.00"}, diplome="Diplôme d’État d’éducatrice spécialisée"),
    "omar": _Membre(
        _INTERVENTION,
        {"ASP-NC": "0.90", "DSP-TDL": "0.10"},
        diplome="Titre professionnel de conseiller en insertion professionnelle",
    ),
    "nadia": _Membre(
        _INTERVENTION,
        {"DSP-TDL": "0.80"},
        {"ASP-NC": "0.40", "DSP-TDL": "0.30", "ASP-DOM": "0.10"},
        "Diplôme d’État d’assistante de service social",
    ),
    "secretariat": _Membre(
        "Secrétariat", {"ASP-NC": "0.21"}, {"ASP-NC": "0.21"}, "Titre professionnel de secrétaire assistant"
    ),
}


def noter_equipe(
    session: Session,
    structure_id: str,
    comptes: Mapping[str, str],
    invention: Invention,
    maintenant: datetime,
    jour: date,
) -> None:
    """Par les gestes de l'écran. Le temps de 2022 finit avec 2022 ; celui d'aujourd'hui commence avec l'année."""
    noms = {compte.cle: (compte.nom, compte.prenom, compte.ancien) for compte in AMANDIERS.comptes}
    cette_annee = date(jour.year, 1, 1)
    for cle, membre in _EQUIPE.items():
        nom, prenom, ancien = noms[cle]
        agent_id = invention.identifiant()
        valeurs = {
            "utilisateur_id": comptes[cle],
            "nom": nom,
            "prenom": prenom,
            "fonction": membre.fonction,
            "diplome": membre.diplome,
            "valide_le": _VALIDES_EN_2021 if ancien else min(jour, cette_annee.replace(day=12)),
            "parti_le": date(2022, 12, 31) if ancien else None,
        }
        personnel.enregistrer(session, structure_id, agent_id, valeurs, comptes["chef"], maintenant)
        session.flush()
        bornes = [(convention, ((_DEBUT, plein), (_FIN, "0"))) for convention, plein in membre.en_2022.items()]
        temps = [(depuis, convention, etp) for convention, dates in bornes for depuis, etp in dates]
        temps += [(cette_annee, convention, etp) for convention, etp in membre.aujourd_hui.items()]
        for depuis, convention, etp in temps:
            date_de = {"convention": convention, "jour": depuis, "etp": Decimal(etp)}
            personnel.dater_temps(session, structure_id, agent_id, date_de)
        session.flush()
