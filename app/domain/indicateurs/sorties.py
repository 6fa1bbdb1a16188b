"""Les sorties d'une période, rangées dans une grille : un motif va dans une case et une seule."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol, TypeVar

from app.domain.grilles.grille import NON_RENSEIGNE, Grille, Groupe
from app.domain.indicateurs.definition import Indicateur

_DATE = "la date de sortie est dans la période"

INDICATEURS: Final = (
    Indicateur(
        "sorties_par_motif",
        "Sorties par motif",
        "mesures",
        "mesures terminées, par motif tel qu’il a été noté, avec une ligne «\u202fnon renseigné\u202f»",
        "sorties",
        _DATE,
    ),
    Indicateur(
        "sorties_par_grille",
        "Sorties selon la grille",
        "mesures",
        "mesures terminées, chaque motif dans une ligne et une seule de la grille du financeur, avec une ligne "
        "«\u202fnon renseigné\u202f»",
        "sorties de la même colonne",
        f"{_DATE}\u202f; «\u202fdont BRSA\u202f», le droit au RSA ouvert ou suspendu à l’entrée, ou, s’il n’était pas "
        "encore noté, à sa première valeur",
    ),
    Indicateur(
        "sorties_dynamiques",
        "Sorties dynamiques",
        "mesures",
        "mesures terminées dont le motif est dans une famille dynamique de la grille",
        "sorties, sauf celles que la grille retire du calcul",
        _DATE,
    ),
)


class Sortie(Protocol):
    """Ce que les grilles lisent d'une mesure."""

    @property
    def sortie_le(self) -> date | None: ...
    @property
    def sortie_motif(self) -> str | None: ...


S = TypeVar("S", bound=Sortie)


def ranger(sorties: Iterable[S], grille: Grille) -> dict[str, list[S]]:
    """Les sorties par case ; toutes les cases de la grille y sont, et `NON_RENSEIGNE`."""
    places = {motif: case.code for case in grille.cases for motif in case.motifs}
    rangees: dict[str, list[S]] = {case.code: [] for case in grille.cases}
    rangees[NON_RENSEIGNE] = []
    reste = grille.reste.code
    for sortie in sorties:
        motif = sortie.sortie_motif
        rangees[NON_RENSEIGNE if motif is None else places.get(motif, reste)].append(sortie)
    return rangees


def du_groupe(groupe: Groupe, rangees: dict[str, list[S]]) -> list[S]:
    return [sortie for ligne in groupe.lignes for case in ligne.cases for sortie in rangees[case.code]]


def dynamiques(grille: Grille, rangees: dict[str, list[S]]) -> tuple[list[S], list[S]]:
    """Les sorties dynamiques, et leur base : toutes les sorties, sauf celles que la grille retire du calcul."""
    retirees = {case.code for g in grille.groupes if g.hors_base for ligne in g.lignes for case in ligne.cases}
    base = [sortie for case, membres in rangees.items() if case not in retirees for sortie in membres]
    return [sortie for groupe in grille.dynamiques for sortie in du_groupe(groupe, rangees)], base
