"""Les créneaux d'une conseillère : jamais deux rendez-vous à la même heure, des jours ouvrés, des heures de bureau."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from app.domain.indicateurs.periode import PARIS

HEURES: Final = (
    time(9),
    time(9, 45),
    time(10, 30),
    time(11, 15),
    time(13, 30),
    time(14, 15),
    time(15),
    time(15, 45),
    time(16, 30),
)


def jour_ouvre(jour: date, *, apres: bool) -> date:
    """Le jour, ou le vendredi d'avant ou le lundi d'après s'il tombe une fin de semaine."""
    decalage = max(0, jour.weekday() - 4)
    if decalage == 0:
        return jour
    return jour + timedelta(3 - decalage) if apres else jour - timedelta(decalage)


def a_heure(jour: date, heure: time) -> datetime:
    return datetime.combine(jour, heure, PARIS)


@dataclass
class Agenda:
    _pris: set[datetime] = field(default_factory=set)

    def prendre(self, jour: date, heure: time) -> datetime:
        """Ce créneau-là, même une fin de semaine."""
        instant = a_heure(jour, heure)
        self._pris.add(instant)
        return instant

    def creneau(self, jour: date, *, apres: bool = True) -> datetime:
        """Le premier créneau libre du jour ouvré, ou du suivant (du précédent si `apres` est faux)."""
        while True:
            jour = jour_ouvre(jour, apres=apres)
            for rang in range(len(HEURES)):
                # Commencer ailleurs chaque jour : tout le monde ne vient pas à neuf heures.
                instant = a_heure(jour, HEURES[(rang + jour.toordinal()) % len(HEURES)])
                if instant not in self._pris:
                    self._pris.add(instant)
                    return instant
            jour += timedelta(1 if apres else -1)
