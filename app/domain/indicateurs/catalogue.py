"""Tous les indicateurs, par leur code : ce que `docs/indicateurs.md` décrit, et ce qu'un toucher montre à l'écran."""

from typing import Final

from app.domain.indicateurs import (
    actions,
    conformite,
    demarches,
    duree,
    etapes,
    flux,
    freins,
    logement,
    maraude,
    profil,
    rendez_vous,
    resultats,
    saisines,
    sorties,
    suites,
)
from app.domain.indicateurs.definition import Indicateur

# Dans l'ordre de lecture d'un rapport.
FAMILLES: Final[tuple[tuple[Indicateur, ...], ...]] = (
    flux.INDICATEURS,
    rendez_vous.INDICATEURS,
    saisines.INDICATEURS,
    actions.INDICATEURS,
    demarches.INDICATEURS,
    profil.INDICATEURS,
    freins.INDICATEURS,
    logement.INDICATEURS,
    sorties.INDICATEURS,
    resultats.INDICATEURS,
    etapes.INDICATEURS,
    duree.INDICATEURS,
    suites.INDICATEURS,
    conformite.INDICATEURS,
    # D'un rapport à part, que nul financeur ne lit.
    maraude.INDICATEURS,
)

INDICATEURS: Final[dict[str, Indicateur]] = {i.code: i for famille in FAMILLES for i in famille}


def nom(code: str) -> str:
    return INDICATEURS[code].nom
