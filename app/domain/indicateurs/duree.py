"""La durée moyenne d'accompagnement : de l'entrée à la sortie, ou au dernier jour de la période."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

from app.domain.indicateurs.definition import Indicateur

INDICATEURS: Final = (
    Indicateur(
        "duree_accompagnees",
        "Durée moyenne, personnes accompagnées",
        "mois",
        "mesures accompagnées, de l’entrée à la sortie, ou au dernier jour de la période (ce jour, si elle court "
        "encore) pour celles qui durent",
        "personnes accompagnées",
        "jours de l’entrée à la fin, leur moyenne mise en mois\u202f: 365,25 jours font 12 mois",
    ),
    Indicateur(
        "duree_sorties",
        "Durée moyenne, personnes sorties",
        "mois",
        "mesures terminées, de l’entrée à la sortie",
        "sorties",
        "la sortie est dans la période, jours mis en mois de la même façon",
    ),
)

# Douze mois en 365,25 jours.
_MOIS_PAR_JOUR: Final = Fraction(12 * 4, 1461)


class Mesure(Protocol):
    @property
    def entree_le(self) -> date | None: ...
    @property
    def sortie_le(self) -> date | None: ...


def moyenne_en_mois(mesures: Iterable[Mesure], jusqu_au: date) -> Fraction | None:
    """La moyenne exacte, en mois ; `None` sans aucune mesure entrée."""
    jours = [_jours(m.entree_le, m.sortie_le, jusqu_au) for m in mesures if m.entree_le is not None]
    return Fraction(sum(jours), len(jours)) * _MOIS_PAR_JOUR if jours else None


def _jours(entree: date, sortie: date | None, jusqu_au: date) -> int:
    fin = jusqu_au if sortie is None or sortie > jusqu_au else sortie
    return (fin - entree).days
