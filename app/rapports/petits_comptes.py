"""Taire les petits comptes : un compte de 1 à 4 s'écrit « < 5 », et rien d'autre ne permet de le retrouver.

Un compte tu se retrouverait par soustraction, d'une somme et de ses autres parties. Chaque somme qui se lit dans un
tableau est donc regardée : s'il ne s'y cache qu'un compte, ou si ce qui s'y cache n'a qu'une valeur possible, un autre
s'y tait aussi. Un même compte se tait partout où il est écrit. Les taux, les parts et les sommes vérifiées d'un tableau
dont un compte est tu le feraient deviner : ils se taisent avec lui.

Les sommes sont cherchées dans les nombres mêmes (une ligne égale à une suite de lignes ou de cases voisines) : une
somme fortuite fait taire un compte de trop, jamais un de moins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.rapports.rapport import Partie
from app.rapports.tableau import Cellule, Tableau

SEUIL: Final = 5
_PETIT: Final = f"<\u202f{SEUIL}"
_TU: Final = "masqué"
_NOTE: Final = (
    f"Les comptes de 1 à {SEUIL - 1} sont masqués\u202f; "
    f"«\u202f{_TU}\u202f»\u202f: un compte plus grand qui les ferait deviner."
)

# Le tableau, la ligne, la colonne, par leurs rangs.
Case = tuple[int, int, int]


@dataclass(frozen=True)
class Somme:
    """`total` vaut la somme des `parties` ; absent, il se lit ailleurs (la base d'une répartition)."""

    total: Case | None
    parties: tuple[Case, ...]


def masquer(parties: Sequence[Partie]) -> tuple[Partie, ...]:
    """Les mêmes parties, leurs petits comptes tus."""
    tableaux = [tableau for partie in parties for tableau in partie.tableaux]
    tues = _a_taire(tableaux)
    rendus = iter([_taire(tableau, rang, tues) for rang, tableau in enumerate(tableaux)])
    return tuple(replace(partie, tableaux=tuple(next(rendus) for _ in partie.tableaux)) for partie in parties)


def _a_taire(tableaux: Sequence[Tableau]) -> set[Case]:
    nombres = {
        (t, li, col): cellule.nombre
        for t, tableau in enumerate(tableaux)
        for li, ligne in enumerate(tableau.lignes)
        for col, cellule in enumerate(ligne.cellules)
        if cellule.nombre is not None
    }
    # Le même compte, écrit dans deux tableaux, s'y reconnaît à son code et à sa valeur.
    jumelles: dict[tuple[str, int], list[Case]] = {}
    for case, nombre in nombres.items():
        jumelles.setdefault((tableaux[case[0]].lignes[case[1]].code, nombre), []).append(case)
    sommes = [somme for rang, tableau in enumerate(tableaux) for somme in _sommes(rang, tableau)]
    tues = {case for case, nombre in nombres.items() if 0 < nombre < SEUIL}
    encore = True
    while encore:
        avant = len(tues)
        for somme in sommes:
            tues |= _proteger(somme, nombres, tues)
        for cases in jumelles.values():
            if tues.intersection(cases):
                tues.update(cases)
        encore = len(tues) > avant
    return tues


def _proteger(somme: Somme, nombres: dict[Case, int], tues: set[Case]) -> set[Case]:
    """Ce qu'il faut taire de plus pour que cette somme ne rende aucun compte tu."""
    cases = (*somme.parties, *((somme.total,) if somme.total else ()))
    ajoutees: set[Case] = set()
    while not _sure(somme, nombres, tues | ajoutees):
        visibles = [c for c in cases if c not in tues | ajoutees and nombres[c]]
        if not visibles:
            break
        # La plus petite partie d'abord ; le total en dernier.
        ajoutees.add(min(visibles, key=lambda c: (c == somme.total, nombres[c], c)))
    return ajoutees


def _sure(somme: Somme, nombres: dict[Case, int], tues: set[Case]) -> bool:
    """Aucun compte tu n'a une seule valeur possible pour qui lit le reste ; une somme tue ici peut se lire ailleurs."""
    if somme.total in tues and not tues.intersection(somme.parties):
        return not any(nombres[c] for c in somme.parties)
    caches = [nombres[c] for c in somme.parties if c in tues]
    if not caches:
        return True
    if len(caches) == 1:
        return False
    petits, grands = [n for n in caches if n < SEUIL], [n for n in caches if n >= SEUIL]
    if not petits:
        return True
    reste = sum(caches)
    haut = min(SEUIL - 1, reste - (len(petits) - 1) - SEUIL * len(grands))
    bas = 1 if grands else max(1, reste - (SEUIL - 1) * (len(petits) - 1))
    return bas < haut


def _sommes(rang: int, tableau: Tableau) -> Iterator[Somme]:
    for col in range(len(tableau.colonnes)):
        colonne = [(rang, li, col) for li in range(len(tableau.lignes))]
        lisibles = [c for c in colonne if _cellule(tableau, c).nombre is not None]
        yield from _dans(lisibles, tableau)
        for sorte in ("ligne", "detail", "sous_total"):
            yield from _dans(lisibles, tableau, sorte)
        yield from _repartitions(lisibles, tableau)
    for li, ligne in enumerate(tableau.lignes):
        yield from _dans([(rang, li, col) for col, c in enumerate(ligne.cellules) if c.nombre is not None], tableau)


def _dans(cases: Sequence[Case], tableau: Tableau, sorte: str | None = None) -> Iterator[Somme]:
    """Une case égale à une suite d'autres, voisines dans l'ordre de lecture (ou voisines parmi celles d'une sorte)."""
    nombres = {case: _cellule(tableau, case).nombre or 0 for case in cases}
    parmi = [case for case in cases if sorte is None or tableau.lignes[case[1]].sorte == sorte]
    debuts: dict[int, list[Case]] = {}
    for case in cases:
        debuts.setdefault(nombres[case], []).append(case)
    for debut in range(len(parmi)):
        somme = nombres[parmi[debut]]
        for fin in range(debut + 1, len(parmi)):
            somme += nombres[parmi[fin]]
            suite = tuple(parmi[debut : fin + 1])
            if sum(1 for case in suite if nombres[case]) < 2:
                continue
            for total in debuts.get(somme, ()):
                if total not in suite:
                    yield Somme(total, suite)


def _repartitions(cases: Iterable[Case], tableau: Tableau) -> Iterator[Somme]:
    """Les lignes d'une même base dont la somme est cette base : elle se lit dans un autre tableau."""
    par_base: dict[Fraction, list[Case]] = {}
    for case in cases:
        cellule = _cellule(tableau, case)
        if cellule.nombre and cellule.exact:
            par_base.setdefault(cellule.nombre * 100 / cellule.exact, []).append(case)
    for base, reunies in par_base.items():
        # Une base peu nombreuse est elle-même tue.
        if sum(_cellule(tableau, case).nombre or 0 for case in reunies) == base and base >= SEUIL:
            yield Somme(None, tuple(reunies))


def _cellule(tableau: Tableau, case: Case) -> Cellule:
    return tableau.lignes[case[1]].cellules[case[2]]


def _taire(tableau: Tableau, rang: int, tues: set[Case]) -> Tableau:
    siennes = {case for case in tues if case[0] == rang}
    if not siennes:
        return tableau
    lignes = tuple(
        replace(
            ligne,
            cellules=tuple(_tue(cellule, (rang, li, col) in siennes) for col, cellule in enumerate(ligne.cellules)),
        )
        for li, ligne in enumerate(tableau.lignes)
    )
    return replace(tableau, lignes=lignes, controles=(), notes=(*tableau.notes, _NOTE), dessin=None)


def _tue(cellule: Cellule, tue: bool) -> Cellule:
    if tue:
        return Cellule(_PETIT if (cellule.nombre or 0) < SEUIL else _TU)
    if cellule.nombre is None and cellule.exact is not None:
        return Cellule(_TU)
    return replace(cellule, part=None, exact=None)
