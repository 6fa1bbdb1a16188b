"""Rendez-vous d'une convention sur une période : un rendez-vous entre dans un cas et un seul.

Une absence reste un rendez-vous proposé. Un rendez-vous que le service a annulé n'est ni l'un ni l'autre, sauf si la
convention le demande (`annules_comptes`). Un rendez-vous passé que personne n'a précisé n'est pas compté : il est
montré à côté, pour qu'on le précise.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.indicateurs import arrondi
from app.domain.indicateurs.definition import Indicateur

CAS: Final = ("realise", "absence_excusee", "absence_non_excusee", "annule_service", "a_preciser", "a_venir")

# Un rendez-vous tel que le cas le lit : son statut, et si son heure est passée.
Etat = tuple[str, bool]

_CAS_DU_STATUT: Final = {
    "honore": "realise",
    "absence_excusee": "absence_excusee",
    "absence_non_excusee": "absence_non_excusee",
    "annule_service": "annule_service",
}

_DATE = "le jour de début du rendez-vous, à Paris, est dans la période"

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
        "rendez-vous proposés qui n’ont pas été réalisés\u202f: le complément du taux de présence",
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


def cas(etat: Etat) -> str:
    """Le cas d'un rendez-vous, parmi `CAS` ; `KeyError` si son statut est inconnu."""
    statut, passe = etat
    if statut == "propose":
        return "a_preciser" if passe else "a_venir"
    return _CAS_DU_STATUT[statut]


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


def etats(code: str, annules_comptes: bool = False) -> frozenset[Etat]:
    """Les états derrière un compte : la même règle que `cas`, dite à l'envers, pour ouvrir la liste."""
    retenus = composition(annules_comptes)[code]
    tous = [(statut, passe) for statut in (*_CAS_DU_STATUT, "propose") for passe in (False, True)]
    return frozenset(etat for etat in tous if cas(etat) in retenus)


@dataclass(frozen=True)
class Bilan:
    """Les comptes d'un tableau de rendez-vous."""

    comptes: dict[str, int]

    def exact(self, code: str) -> Fraction | None:
        """Le taux en pour cent, selon `taux_presence` ou `taux_absence` ; rien quand rien n'est proposé."""
        return arrondi.part(self._numerateur(code), self.comptes["proposes"])

    def _numerateur(self, code: str) -> int:
        """Ce qui n'a pas été réalisé est une absence : un rendez-vous annulé par le service aussi, s'il est compté."""
        realises = self.comptes["realise"]
        return {"taux_presence": realises, "taux_absence": self.comptes["proposes"] - realises}[code]


def bilan(rendez_vous: Mapping[Etat, int], annules_comptes: bool = False) -> Bilan:
    """`rendez_vous` : combien, par état, ont commencé dans la période."""
    par_cas: Counter[str] = Counter()
    for etat, nombre in rendez_vous.items():
        par_cas[cas(etat)] += nombre
    return Bilan({code: sum(par_cas[c] for c in reunis) for code, reunis in composition(annules_comptes).items()})
