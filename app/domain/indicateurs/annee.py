"""L'année civile à Paris, période de tous les rapports."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
ANNEES = range(1990, 2101)


@dataclass(frozen=True)
class Annee:
    """Du 1er janvier au 31 décembre, jours compris."""

    numero: int

    def __post_init__(self) -> None:
        if self.numero not in ANNEES:
            raise ValueError("année hors des bornes")

    @property
    def premier_jour(self) -> date:
        return date(self.numero, 1, 1)

    @property
    def dernier_jour(self) -> date:
        return date(self.numero, 12, 31)

    @property
    def debut(self) -> datetime:
        """Le premier instant de l'année à Paris, en temps universel (le 31 décembre à 23 h)."""
        return datetime(self.numero, 1, 1, tzinfo=PARIS).astimezone(UTC)

    @property
    def fin(self) -> datetime:
        """Le premier instant de l'année suivante, exclu."""
        return datetime(self.numero + 1, 1, 1, tzinfo=PARIS).astimezone(UTC)

    def contient(self, jour: date) -> bool:
        return self.premier_jour <= jour <= self.dernier_jour
