"""Stock et flux d'une convention sur une année.

L'unité est la mesure : une personne accompagnée deux fois sous la même convention compte deux fois, comme dans les
rapports d'activité dont ces définitions viennent. Qui sort le 31 décembre est sorti.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

from app.domain.indicateurs.annee import Annee
from app.domain.indicateurs.definition import Indicateur

INDICATEURS: Final = (
    Indicateur(
        "accompagnees",
        "Personnes accompagnées",
        "mesures",
        "mesures en cours un jour au moins de l’année",
        "",
        "entrée au plus tard le 31 décembre, et sortie le 1er janvier ou après, ou pas de sortie",
    ),
    Indicateur(
        "presentes_debut",
        "dont présentes au 1er janvier",
        "mesures",
        "mesures déjà en cours au début de l’année",
        "",
        "entrée avant le 1er janvier, et sortie le 1er janvier ou après, ou pas de sortie",
    ),
    Indicateur(
        "entrees",
        "dont entrées dans l’année",
        "mesures",
        "mesures commencées",
        "",
        "la date d’entrée est dans l’année",
    ),
    Indicateur("sorties", "Sorties", "mesures", "mesures terminées", "", "la date de sortie est dans l’année"),
    Indicateur(
        "suivies_fin",
        "Encore suivies au 31 décembre",
        "mesures",
        "mesures en cours à la fin de l’année",
        "",
        "entrée au plus tard le 31 décembre, et sortie après le 31 décembre ou pas de sortie",
    ),
    Indicateur(
        "en_integration",
        "Mesures en cours d’intégration au 31 décembre",
        "mesures",
        "orientations reçues sans entrée\u202f; elles ne sont pas dans les accompagnées",
        "",
        "orientation au plus tard le 31 décembre, ni entrée ni sortie au 31 décembre",
    ),
    Indicateur(
        "sexe",
        "Répartition par sexe",
        "mesures",
        "personnes accompagnées, avec une ligne «\u202fnon renseigné\u202f»",
        "personnes accompagnées",
        "le sexe connu au 31 décembre de l’année, d’après l’historique de la personne",
    ),
)

SEXES: Final = ("femme", "homme", "autre", "non_renseigne")


class Fait(Protocol):
    """Ce que les définitions lisent d'une mesure."""

    @property
    def orientee_le(self) -> date | None: ...
    @property
    def entree_le(self) -> date | None: ...
    @property
    def sortie_le(self) -> date | None: ...


class FaitSexue(Fait, Protocol):
    """Une mesure, avec l'historique du sexe de la personne : (date d'effet, valeur), du plus ancien au plus récent."""

    @property
    def sexe(self) -> Sequence[tuple[date, str | None]]: ...


F = TypeVar("F", bound=Fait)
S = TypeVar("S", bound=FaitSexue)


def accompagnee(mesure: Fait, annee: Annee) -> bool:
    return _entree_au(mesure, annee.dernier_jour) and not _sortie_avant(mesure, annee.premier_jour)


def presente_debut(mesure: Fait, annee: Annee) -> bool:
    return accompagnee(mesure, annee) and not entree(mesure, annee)


def entree(mesure: Fait, annee: Annee) -> bool:
    return accompagnee(mesure, annee) and mesure.entree_le is not None and annee.contient(mesure.entree_le)


def sortie(mesure: Fait, annee: Annee) -> bool:
    """Une orientation refermée sans entrée n'est pas une sortie : la personne n'a pas été accompagnée."""
    return accompagnee(mesure, annee) and mesure.sortie_le is not None and annee.contient(mesure.sortie_le)


def suivie_fin(mesure: Fait, annee: Annee) -> bool:
    return accompagnee(mesure, annee) and not sortie(mesure, annee)


def en_integration(mesure: Fait, annee: Annee) -> bool:
    orientee = mesure.orientee_le is not None and mesure.orientee_le <= annee.dernier_jour
    close = mesure.sortie_le is not None and mesure.sortie_le <= annee.dernier_jour
    return orientee and not close and not _entree_au(mesure, annee.dernier_jour)


REGLES: Final[Mapping[str, Callable[[Fait, Annee], bool]]] = {
    "accompagnees": accompagnee,
    "presentes_debut": presente_debut,
    "entrees": entree,
    "sorties": sortie,
    "suivies_fin": suivie_fin,
    "en_integration": en_integration,
}


def retenir(mesures: Iterable[F], annee: Annee, code: str) -> list[F]:
    """Les mesures derrière un chiffre ; le chiffre en est la longueur."""
    regle = REGLES[code]
    return [m for m in mesures if regle(m, annee)]


def sexe_au(historique: Sequence[tuple[date, str | None]], jour: date) -> str:
    """La valeur en vigueur ce jour-là, parmi `SEXES`."""
    valeur: str | None = None
    for effet, suivante in historique:
        if effet > jour:
            break
        valeur = suivante
    return valeur if valeur in SEXES else "non_renseigne"


def par_sexe(mesures: Iterable[S], annee: Annee) -> dict[str, list[S]]:
    """Les accompagnées de l'année, rangées par sexe ; toutes les clés de `SEXES` sont là."""
    rangees: dict[str, list[S]] = {sexe: [] for sexe in SEXES}
    for mesure in retenir(mesures, annee, "accompagnees"):
        rangees[sexe_au(mesure.sexe, annee.dernier_jour)].append(mesure)
    return rangees


def _entree_au(mesure: Fait, jour: date) -> bool:
    return mesure.entree_le is not None and mesure.entree_le <= jour


def _sortie_avant(mesure: Fait, jour: date) -> bool:
    return mesure.sortie_le is not None and mesure.sortie_le < jour
