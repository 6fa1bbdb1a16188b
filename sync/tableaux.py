"""Les fiches d'une page, rangées en tableaux : chaque nom de champ écrit une fois, chaque colonne d'un seul tenant.

Une réponse ainsi rangée pèse un tiers de moins, brute comme compressée, et le téléphone la déplie en quelques lignes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

Fiche = dict[str, Any]


class Tableau(msgspec.Struct):
    """`nombre` fiches de mêmes champs : dans `communs` ce que toutes partagent, dans `colonnes` le reste."""

    nombre: int
    communs: dict[str, Any]
    champs: list[str]
    colonnes: list[list[Any]]


def en_tableaux(fiches: Iterable[Fiche]) -> list[Tableau]:
    """Un tableau par sorte de fiche. L'ordre des fiches d'une sorte est gardé ; celui entre sortes ne dit rien."""
    par_forme: defaultdict[tuple[Any, ...], list[Fiche]] = defaultdict(list)
    for fiche in fiches:
        par_forme[fiche["type"], *fiche].append(fiche)
    return [_tableau(champs, lignes) for (_, *champs), lignes in par_forme.items()]


def en_fiches(tableau: Tableau) -> list[Fiche]:
    """Les fiches d'un tableau : ce que fait le téléphone en les recevant."""
    lignes = zip(*tableau.colonnes, strict=True) if tableau.colonnes else ((),) * tableau.nombre
    return [tableau.communs | dict(zip(tableau.champs, ligne, strict=True)) for ligne in lignes]


def _tableau(champs: list[str], lignes: list[Fiche]) -> Tableau:
    tableau = Tableau(len(lignes), {}, [], [])
    for champ in champs:
        colonne = [ligne[champ] for ligne in lignes]
        # `True == 1` : la comparaison ne suffit pas entre valeurs de genres différents.
        if colonne.count(colonne[0]) == len(colonne) and len(set(map(type, colonne))) == 1:
            tableau.communs[champ] = colonne[0]
        else:
            tableau.champs.append(champ)
            tableau.colonnes.append(colonne)
    return tableau
