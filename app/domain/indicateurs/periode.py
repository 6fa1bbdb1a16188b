"""La période d'un rapport : l'année civile à Paris, plusieurs années de suite, ou deux jours choisis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# Celles que l'on demande ; une série remonte un peu avant la première.
ANNEES = range(1990, 2101)
_CONNUES = range(ANNEES.start - 3, ANNEES.stop)


@dataclass(frozen=True)
class Periode:
    """Du premier au dernier jour, compris."""

    premier_jour: date
    dernier_jour: date

    def __post_init__(self) -> None:
        if self.premier_jour.year not in _CONNUES or self.dernier_jour.year not in _CONNUES:
            raise ValueError("année hors des bornes")
        if self.dernier_jour < self.premier_jour:
            raise ValueError("la période finit avant de commencer")

    @classmethod
    def annee(cls, numero: int) -> Self:
        return cls(date(numero, 1, 1), date(numero, 12, 31))

    @classmethod
    def lire(cls, texte: str) -> Self:
        """« 2022 », « 2015-2016 » ou « 2022-03-01_2022-06-30 », dans `ANNEES` ; `ValueError` sinon."""
        lue = cls._lire(texte)
        if lue.premier_jour.year not in ANNEES or lue.dernier_jour.year not in ANNEES:
            raise ValueError("année hors des bornes")
        return lue

    @classmethod
    def _lire(cls, texte: str) -> Self:
        if re.fullmatch(r"\d{4}", texte, re.ASCII):
            return cls.annee(int(texte))
        if re.fullmatch(r"\d{4}-\d{4}", texte, re.ASCII):
            premiere, derniere = (int(numero) for numero in texte.split("-"))
            return cls(cls.annee(premiere).premier_jour, cls.annee(derniere).dernier_jour)
        if re.fullmatch(r"\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d", texte, re.ASCII):
            return cls(*(date.fromisoformat(jour) for jour in texte.split("_")))
        raise ValueError("période illisible")

    @property
    def code(self) -> str:
        """L'écriture que `lire` relit."""
        if not self.annees_entieres:
            return f"{self.premier_jour.isoformat()}_{self.dernier_jour.isoformat()}"
        debut, fin = self.premier_jour.year, self.dernier_jour.year
        return f"{debut:04}" if debut == fin else f"{debut:04}-{fin:04}"

    @property
    def annees_entieres(self) -> bool:
        debut, fin = self.premier_jour, self.dernier_jour
        return (debut.month, debut.day, fin.month, fin.day) == (1, 1, 12, 31)

    @property
    def mois_entiers(self) -> bool:
        return self.premier_jour.day == 1 and (self.dernier_jour + timedelta(1)).day == 1

    @property
    def libelle(self) -> str:
        """« 2022 », « 2015-2016 » ou « du 01/03/2022 au 30/06/2022 »."""
        if self.annees_entieres:
            return self.code
        return f"du {self.premier_jour:%d/%m/%Y} au {self.dernier_jour:%d/%m/%Y}"

    @property
    def numero(self) -> int | None:
        """L'année, quand la période en est une."""
        une = self.annees_entieres and self.premier_jour.year == self.dernier_jour.year
        return self.premier_jour.year if une else None

    @property
    def debut(self) -> datetime:
        """Le premier instant de la période à Paris, en temps universel (le 31 décembre à 23 h)."""
        return datetime.combine(self.premier_jour, time(), PARIS).astimezone(UTC)

    @property
    def fin(self) -> datetime:
        """Le premier instant d'après, exclu."""
        return datetime.combine(self.dernier_jour + timedelta(1), time(), PARIS).astimezone(UTC)

    def contient(self, jour: date | None) -> bool:
        return jour is not None and self.premier_jour <= jour <= self.dernier_jour

    def reculee(self, annees: int) -> Periode:
        """La même, tant d'années plus tôt ; un 29 février devient le 28."""
        return Periode(_reculer(self.premier_jour, annees), _reculer(self.dernier_jour, annees))


def _reculer(jour: date, annees: int) -> date:
    try:
        return jour.replace(year=jour.year - annees)
    except ValueError:
        return jour.replace(year=jour.year - annees, day=28)
