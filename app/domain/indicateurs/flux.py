"""Stock et flux d'une convention sur une période.

L'unité est la mesure : une personne accompagnée deux fois sous la même convention compte deux fois, comme dans les
rapports d'activité dont ces définitions viennent. Qui sort le dernier jour est sorti.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.periode import Periode

INDICATEURS: Final = (
    Indicateur(
        "accompagnees",
        "Personnes accompagnées",
        "mesures",
        "mesures en cours un jour au moins de la période",
        "",
        "entrée au plus tard le dernier jour, et sortie le premier jour ou après, ou pas de sortie",
    ),
    Indicateur(
        "presentes_debut",
        "dont présentes au début",
        "mesures",
        "mesures déjà en cours au début de la période",
        "",
        "entrée avant le premier jour, et sortie le premier jour ou après, ou pas de sortie",
    ),
    Indicateur(
        "entrees",
        "dont entrées",
        "mesures",
        "mesures commencées",
        "",
        "la date d’entrée est dans la période",
    ),
    Indicateur("sorties", "Sorties", "mesures", "mesures terminées", "", "la date de sortie est dans la période"),
    Indicateur(
        "suivies_fin",
        "Encore suivies à la fin",
        "mesures",
        "mesures en cours le dernier jour, celles qui en sortent ce jour-là exclues",
        "",
        "entrée au plus tard le dernier jour, et sortie après lui ou pas de sortie",
    ),
    Indicateur(
        "en_integration",
        "En cours d’intégration à la fin",
        "mesures",
        "orientations reçues sans entrée\u202f; elles ne sont pas dans les accompagnées",
        "",
        "orientation au plus tard le dernier jour, ni entrée ni sortie ce jour-là",
    ),
    Indicateur(
        "personnes_distinctes",
        "Personnes distinctes",
        "personnes",
        "personnes qui ont au moins une mesure parmi les accompagnées, chacune comptée une fois",
        "",
        "entrée au plus tard le dernier jour, et sortie le premier jour ou après, ou pas de sortie",
    ),
    Indicateur(
        "sexe",
        "Répartition par sexe",
        "mesures",
        "personnes accompagnées, avec une ligne «\u202fnon renseigné\u202f»",
        "personnes accompagnées",
        "le sexe connu le dernier jour de la période, d’après l’historique de la personne",
    ),
)

# Les valeurs d'un champ daté, de la plus ancienne à la plus récente.
Historique = Sequence[tuple[date, Any]]

SEXES: Final = ("femme", "homme", "autre", "non_renseigne")


class Fait(Protocol):
    """Ce que les définitions lisent d'une mesure."""

    @property
    def orientee_le(self) -> date | None: ...
    @property
    def entree_le(self) -> date | None: ...
    @property
    def sortie_le(self) -> date | None: ...
    @property
    def personne_id(self) -> str: ...


F = TypeVar("F", bound=Fait)


def accompagnee(mesure: Fait, periode: Periode) -> bool:
    return _entree_au(mesure, periode.dernier_jour) and not _sortie_avant(mesure, periode.premier_jour)


def presente_debut(mesure: Fait, periode: Periode) -> bool:
    return accompagnee(mesure, periode) and not entree(mesure, periode)


def entree(mesure: Fait, periode: Periode) -> bool:
    return accompagnee(mesure, periode) and mesure.entree_le is not None and periode.contient(mesure.entree_le)


def sortie(mesure: Fait, periode: Periode) -> bool:
    """Une orientation refermée sans entrée n'est pas une sortie : la personne n'a pas été accompagnée."""
    return accompagnee(mesure, periode) and mesure.sortie_le is not None and periode.contient(mesure.sortie_le)


def suivie_fin(mesure: Fait, periode: Periode) -> bool:
    return accompagnee(mesure, periode) and not sortie(mesure, periode)


def en_integration(mesure: Fait, periode: Periode) -> bool:
    orientee = mesure.orientee_le is not None and mesure.orientee_le <= periode.dernier_jour
    close = mesure.sortie_le is not None and mesure.sortie_le <= periode.dernier_jour
    return orientee and not close and not _entree_au(mesure, periode.dernier_jour)


REGLES: Final[Mapping[str, Callable[[Fait, Periode], bool]]] = {
    "accompagnees": accompagnee,
    "presentes_debut": presente_debut,
    "entrees": entree,
    "sorties": sortie,
    "suivies_fin": suivie_fin,
    "en_integration": en_integration,
}


# Celles-là sont toutes parmi les accompagnées : inutile de les chercher ailleurs.
PARMI: Final = dict.fromkeys(("presentes_debut", "entrees", "sorties", "suivies_fin"), "accompagnees")


def retenir(mesures: Iterable[F], periode: Periode, code: str) -> list[F]:
    """Les mesures derrière un chiffre ; le chiffre en est la longueur."""
    regle = REGLES[code]
    return [m for m in mesures if regle(m, periode)]


def sexe_au(historique: Historique, jour: date) -> str:
    """La valeur en vigueur ce jour-là, parmi `SEXES`."""
    valeur: str | None = None
    for effet, suivante in historique:
        if effet > jour:
            break
        valeur = suivante
    return valeur if valeur in SEXES else "non_renseigne"


def par_sexe(mesures: Iterable[F], sexes: Mapping[str, Historique], periode: Periode) -> dict[str, list[F]]:
    """Les accompagnées de la période, rangées par sexe ; toutes les clés de `SEXES` sont là.

    `sexes` : l'historique du sexe par personne, du plus ancien au plus récent ; vide pour qui n'en a pas.
    """
    rangees: dict[str, list[F]] = {sexe: [] for sexe in SEXES}
    for mesure in retenir(mesures, periode, "accompagnees"):
        rangees[sexe_au(sexes.get(mesure.personne_id, ()), periode.dernier_jour)].append(mesure)
    return rangees


def _entree_au(mesure: Fait, jour: date) -> bool:
    return mesure.entree_le is not None and mesure.entree_le <= jour


def _sortie_avant(mesure: Fait, jour: date) -> bool:
    return mesure.sortie_le is not None and mesure.sortie_le < jour
