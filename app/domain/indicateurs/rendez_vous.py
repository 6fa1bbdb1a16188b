"""Rendez-vous d'une convention sur une année : un rendez-vous entre dans un cas et un seul.

Une absence reste un rendez-vous proposé. Un rendez-vous que le service a annulé n'est ni l'un ni l'autre, sauf si la
convention le demande (`annules_comptes`). Un rendez-vous passé que personne n'a précisé n'est pas compté : il est
montré à côté, pour qu'on le précise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from app.domain.indicateurs import arrondi
from app.domain.indicateurs.annee import Annee
from app.domain.indicateurs.definition import Indicateur

CAS: Final = ("realise", "absence_excusee", "absence_non_excusee", "annule_service", "a_preciser", "a_venir")

_CAS_DU_STATUT: Final = {
    "honore": "realise",
    "absence_excusee": "absence_excusee",
    "absence_non_excusee": "absence_non_excusee",
    "annule_service": "annule_service",
}

_DATE = "le jour de début du rendez-vous, à Paris, est dans l’année"

INDICATEURS: Final = (
    Indicateur(
        "proposes",
        "Rendez-vous proposés",
        "événements",
        "rendez-vous honorés ou manqués, absences excusées comprises\u202f; les annulés par le service seulement si la "
        "convention les compte",
        "",
        _DATE,
    ),
    Indicateur("realise", "Rendez-vous réalisés", "événements", "rendez-vous honorés", "", _DATE),
    Indicateur("absences", "Absences", "événements", "absences excusées et non excusées", "", _DATE),
    Indicateur("absence_excusee", "dont absences excusées", "événements", "absences excusées", "", _DATE),
    Indicateur("absence_non_excusee", "dont absences non excusées", "événements", "absences non excusées", "", _DATE),
    Indicateur(
        "taux_presence",
        "Taux de présence",
        "pourcentage",
        "rendez-vous réalisés",
        "rendez-vous proposés",
        _DATE,
    ),
    Indicateur(
        "taux_absence",
        "Taux d’absence",
        "pourcentage",
        "absences excusées et non excusées",
        "rendez-vous proposés",
        _DATE,
    ),
    Indicateur(
        "annule_service",
        "Annulés par le service",
        "événements",
        "rendez-vous que le service a annulés",
        "",
        _DATE,
    ),
    Indicateur(
        "a_preciser",
        "À préciser",
        "événements",
        "rendez-vous dont l’heure est passée et dont l’issue n’est pas dite",
        "",
        f"{_DATE} et son heure est passée à l’instant du rapport",
    ),
    Indicateur(
        "a_venir",
        "À venir",
        "événements",
        "rendez-vous proposés dont l’heure n’est pas passée",
        "",
        f"{_DATE} et son heure n’est pas passée à l’instant du rapport",
    ),
)


class Fait(Protocol):
    """Ce que la définition lit d'un rendez-vous ; `debut` est un instant muni de son fuseau."""

    @property
    def statut(self) -> str: ...
    @property
    def debut(self) -> datetime: ...


F = TypeVar("F", bound=Fait)


def cas(fait: Fait, maintenant: datetime) -> str:
    """Le cas d'un rendez-vous, parmi `CAS`."""
    if fait.statut == "propose":
        return "a_preciser" if fait.debut < maintenant else "a_venir"
    return _CAS_DU_STATUT[fait.statut]


def composition(annules_comptes: bool) -> dict[str, tuple[str, ...]]:
    """Les cas que réunit chaque compte du tableau."""
    proposes = ("realise", "absence_excusee", "absence_non_excusee")
    return {
        "proposes": (*proposes, "annule_service") if annules_comptes else proposes,
        "realise": ("realise",),
        "absences": ("absence_excusee", "absence_non_excusee"),
        "absence_excusee": ("absence_excusee",),
        "absence_non_excusee": ("absence_non_excusee",),
        "annule_service": ("annule_service",),
        "a_preciser": ("a_preciser",),
        "a_venir": ("a_venir",),
    }


@dataclass(frozen=True)
class Bilan:
    """Les comptes d'un tableau de rendez-vous."""

    comptes: dict[str, int]

    def taux(self, code: str, decimales: int) -> str:
        """Le taux écrit (« 72,5 % »), selon `taux_presence` ou `taux_absence`."""
        numerateur = {"taux_presence": "realise", "taux_absence": "absences"}[code]
        return arrondi.pourcentage(self.comptes[numerateur], self.comptes["proposes"], decimales)


def retenir(
    faits: Iterable[F], annee: Annee, maintenant: datetime, code: str, annules_comptes: bool = False
) -> Sequence[F]:
    """Les rendez-vous derrière un chiffre. Le chiffre en est la longueur : il n'y a pas d'autre façon de compter."""
    retenus = composition(annules_comptes)[code]
    return [f for f in faits if annee.debut <= f.debut < annee.fin and cas(f, maintenant) in retenus]


def bilan(faits: Sequence[F], annee: Annee, maintenant: datetime, annules_comptes: bool = False) -> Bilan:
    return Bilan(
        {code: len(retenir(faits, annee, maintenant, code, annules_comptes)) for code in composition(annules_comptes)}
    )
