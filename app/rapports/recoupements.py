"""Ce que plusieurs grilles de sorties disent ensemble : une ligne de l'une, moins des lignes d'une autre.

Chaque case d'un tableau de sorties compte des motifs entiers (`Cellule.feuilles`) : les cases lisibles sont des sommes
de motifs. Un petit compte se retrouve si des additions et des soustractions de cases lisibles le donnent ; cela se
cherche exactement, par élimination, et non dans les nombres, où trop d'écarts seraient de rencontre.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from app.rapports.tableau import Cellule, Tableau

# Le tableau, la ligne, la colonne, par leurs rangs.
Case = tuple[int, int, int]
# Une feuille : la colonne, puis la convention et le motif.
_Feuille = tuple[str, str]

# Les calculs se font modulo un grand premier : exacts, à une rencontre sur deux milliards de milliards près.
_PREMIER: Final = (1 << 61) - 1


class Recoupements:
    """Les cases de sorties d'un rapport, et ce qu'elles laissent deviner une fois certaines tues."""

    def __init__(self, tableaux: Sequence[Tableau], seuil: int) -> None:
        self.seuil = seuil
        self.effectifs: dict[_Feuille, int] = {}
        self.cases: dict[Case, frozenset[_Feuille]] = {}
        for t, tableau in enumerate(tableaux):
            for li, ligne in enumerate(tableau.lignes):
                for col, cellule in enumerate(ligne.cellules):
                    self._retenir((t, li, col), tableau.colonnes[col].code, cellule)
        self.rangs = {feuille: rang for rang, feuille in enumerate(sorted(self.effectifs))}

    def _retenir(self, case: Case, colonne: str, cellule: Cellule) -> None:
        if not cellule.feuilles or sum(n for _, n in cellule.feuilles) != cellule.nombre:
            return
        siennes = {(colonne, code): n for code, n in cellule.feuilles}
        if all(self.effectifs.setdefault(feuille, n) == n for feuille, n in siennes.items()):
            self.cases[case] = frozenset(siennes)

    def devinees(self, tues: set[Case]) -> set[Case]:
        """Les cases encore lisibles qui touchent à un petit compte que les autres permettent de retrouver."""
        lisibles = {case: feuilles for case, feuilles in self.cases.items() if case not in tues}
        trouvees = self._petits_retrouves(lisibles.values())
        return {case for case, feuilles in lisibles.items() if feuilles & trouvees}

    def _petits_retrouves(self, lisibles: Iterable[frozenset[_Feuille]]) -> frozenset[_Feuille]:
        """Le premier ensemble de motifs, de moins de `seuil` sorties en tout, que donnent les cases lisibles."""
        empreintes = _empreintes(self.rangs, lisibles)
        par_colonne: dict[str, list[_Feuille]] = defaultdict(list)
        for feuille, nombre in sorted(self.effectifs.items()):
            if nombre < self.seuil:
                par_colonne[feuille[0]].append(feuille)
        for petites in par_colonne.values():
            # Moins de cinq sorties, c'est quatre motifs au plus : deux moitiés d'un ou deux motifs qui s'annulent.
            parties = [frozenset(prises) for taille in (1, 2) for prises in combinations(petites, taille)]
            sommes = {partie: sum(empreintes[f] for f in partie) % _PREMIER for partie in parties}
            par_somme: dict[int, list[frozenset[_Feuille]]] = defaultdict(list, {0: [frozenset()]})
            for partie, somme in sommes.items():
                par_somme[somme].append(partie)
            for partie, somme in sommes.items():
                for autre in par_somme.get(-somme % _PREMIER, ()):
                    reunies = partie | autre
                    if not partie & autre and sum(self.effectifs[f] for f in reunies) < self.seuil:
                        return reunies
        return frozenset()


def _empreintes(rangs: Mapping[_Feuille, int], lisibles: Iterable[frozenset[_Feuille]]) -> dict[_Feuille, int]:
    """Un nombre par feuille : celui d'une somme de feuilles est nul si, et seulement si, les cases la donnent.

    C'est le produit de la feuille par un vecteur quelconque de ce que les cases ne disent pas (leur noyau).
    """
    pivots: dict[int, dict[int, int]] = {}
    for feuilles in set(lisibles):
        reste = _reduire(dict.fromkeys((rangs[f] for f in feuilles), 1), pivots)
        if reste:
            pivot = min(reste)
            inverse = pow(reste[pivot], -1, _PREMIER)
            pivots[pivot] = {rang: valeur * inverse % _PREMIER for rang, valeur in reste.items()}
    # Les inconnues libres valent un nombre arbitraire ; chaque pivot s'en déduit, du dernier au premier.
    valeurs = {rang: pow(3, rang + 7, _PREMIER) for rang in rangs.values() if rang not in pivots}
    for pivot in sorted(pivots, reverse=True):
        suite = sum(v * valeurs[rang] for rang, v in pivots[pivot].items() if rang != pivot)
        valeurs[pivot] = -suite % _PREMIER
    return {feuille: valeurs[rang] for feuille, rang in rangs.items()}


def _reduire(ligne: dict[int, int], pivots: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    lue = defaultdict(int, ligne)
    for rang in sorted(pivots):
        if facteur := lue.get(rang, 0):
            for autre, valeur in pivots[rang].items():
                lue[autre] = (lue[autre] - facteur * valeur) % _PREMIER
    return {rang: valeur for rang, valeur in lue.items() if valeur}
