"""Les démarches faites pendant les entretiens, par famille : vers le social, vers l'emploi."""

from collections.abc import Mapping
from typing import Final

from app.domain.indicateurs.definition import Indicateur

_DATE = "le jour de l’entretien est dans la période"

INDICATEURS: Final = (
    Indicateur(
        "demarches",
        "Démarches",
        "événements",
        "démarches notées dans les entretiens d’une mesure de la convention",
        "",
        _DATE,
    ),
    Indicateur(
        "part_des_demarches",
        "Social et emploi",
        "événements",
        "démarches, par groupe de familles",
        "toutes les démarches",
        _DATE,
    ),
    Indicateur(
        "famille_de_demarches",
        "Famille de démarches",
        "événements",
        "démarches d’une famille",
        "les démarches du même groupe",
        _DATE,
    ),
)


def par_groupe(familles: Mapping[str, tuple[str, ...]], comptes: Mapping[str, int]) -> dict[str, int]:
    """Combien de démarches par groupe. `familles` : les familles de chaque groupe ; `comptes` : combien par famille.

    `KeyError` si une famille comptée n'est dans aucun groupe : elle ne doit pas disparaître d'un total.
    """
    groupe_de = {famille: groupe for groupe, reunies in familles.items() for famille in reunies}
    totaux = dict.fromkeys(familles, 0)
    for famille, nombre in comptes.items():
        totaux[groupe_de[famille]] += nombre
    return totaux
