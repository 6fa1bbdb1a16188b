"""Taire les petits comptes : un compte de 1 à 4 s'écrit « < 5 », et rien d'autre ne permet de le retrouver.

Un compte tu se retrouverait par soustraction, d'une somme et de ses autres parties. Chaque somme qui se lit dans un
tableau est donc regardée : s'il ne s'y cache qu'un compte, ou si ce qui s'y cache n'a qu'une valeur possible, un autre
s'y tait aussi. De même quand c'est une ligne d'une grille de sorties, moins des lignes d'une autre, qui le rendrait
(`app/rapports/recoupements.py`). Celui-là se tait partout où sa valeur est écrite, sous quelque nom que ce soit : un
compte, la base d'une part, une note. Les taux, les parts et les sommes vérifiées d'un tableau dont un compte est tu
le feraient deviner : ils se taisent avec lui ; de même l'ordre des lignes, quand c'est celui des comptes.

Les sommes sont cherchées dans les nombres mêmes (une ligne égale à une suite de lignes ou de cases voisines) : une
somme fortuite fait taire un compte de trop, jamais un de moins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.indicateurs.profil import NON_RENSEIGNE
from app.domain.recherche import cle
from app.rapports.rapport import Partie, tableaux_de
from app.rapports.recoupements import Case, Recoupements
from app.rapports.tableau import Cellule, Tableau

SEUIL: Final = 5
_PETIT: Final = f"<\u202f{SEUIL}"
_TU: Final = "masqué"
_NOTE: Final = (
    f"Les comptes de 1 à {SEUIL - 1} sont masqués\u202f; "
    f"«\u202f{_TU}\u202f»\u202f: un compte plus grand qui les ferait deviner."
)

# Leurs lignes vont de la plus fréquente à la moins fréquente : un compte tu entre deux égaux serait connu.
_PAR_FREQUENCE: Final = frozenset({"prescripteur"})
_DATE: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_NOMBRE: Final = re.compile(r"\d+(?:[\s\u202f\u00a0]\d{3})*")


@dataclass(frozen=True)
class Somme:
    """`total` vaut la somme des `parties` ; absent, il se lit ailleurs (la base d'une répartition)."""

    total: Case | None
    parties: tuple[Case, ...]


def masquer(parties: Sequence[Partie]) -> tuple[Partie, ...]:
    """Les mêmes parties, leurs petits comptes tus."""
    tableaux = tableaux_de(parties)
    tues = _a_taire(tableaux)
    if not tues:
        return tuple(parties)
    valeurs = {tableaux[t].lignes[li].cellules[col].nombre or 0 for t, li, col in tues}
    rendus = iter([_taire(tableau, rang, tues, valeurs) for rang, tableau in enumerate(tableaux)])
    return tuple(replace(partie, tableaux=tuple(next(rendus) for _ in partie.tableaux)) for partie in parties)


def _a_taire(tableaux: Sequence[Tableau]) -> set[Case]:
    nombres = {
        (t, li, col): cellule.nombre
        for t, tableau in enumerate(tableaux)
        for li, ligne in enumerate(tableau.lignes)
        for col, cellule in enumerate(ligne.cellules)
        if cellule.nombre is not None
    }
    # Le même compte a plus d'un nom (« Sorties », « Total », « Sur ») : il s'y reconnaît à sa valeur.
    jumelles: dict[int, list[Case]] = {}
    for case, nombre in nombres.items():
        jumelles.setdefault(nombre, []).append(case)
    sommes = [somme for rang, tableau in enumerate(tableaux) for somme in _sommes(rang, tableau)]
    recoupements = Recoupements(tableaux, SEUIL)
    tues = {case for case, nombre in nombres.items() if 0 < nombre < SEUIL}
    avant = -1
    while len(tues) > avant:
        avant = len(tues)
        for somme in sommes:
            _proteger(somme, nombres, jumelles, tues)
        while devinent := recoupements.devinees(tues):
            choisie = min(devinent, key=lambda c: (len(jumelles[nombres[c]]), nombres[c], c))
            tues.update(jumelles[nombres[choisie]])
    return tues


def _proteger(somme: Somme, nombres: dict[Case, int], jumelles: dict[int, list[Case]], tues: set[Case]) -> None:
    """Tait ce qu'il faut de plus pour que cette somme ne rende aucun compte tu."""
    while not _sure(somme, nombres, tues):
        cases = (*somme.parties, *((somme.total,) if somme.total else ()))
        visibles = [c for c in cases if c not in tues and nombres[c]]
        if not visibles:
            return
        # Ce qui est écrit au moins d'endroits, puis le plus petit ; le total en dernier.
        choisie = min(visibles, key=lambda c: (c == somme.total, len(jumelles[nombres[c]]), nombres[c], c))
        tues.update(jumelles[nombres[choisie]])


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
    if sorte is not None and len(parmi) == len(cases):
        return
    totaux: dict[int, list[Case]] = {}
    for case in cases:
        totaux.setdefault(nombres[case], []).append(case)
    plus_grand = max(totaux, default=0)
    for debut in range(len(parmi)):
        somme = nombres[parmi[debut]]
        pleines = int(somme > 0)
        for fin in range(debut + 1, len(parmi)):
            ajoute = nombres[parmi[fin]]
            somme, pleines = somme + ajoute, pleines + (ajoute > 0)
            if somme > plus_grand:
                break
            # Sous le seuil, tout est déjà tu ; deux totaux égaux se taisent ensemble, un seul suffit.
            if somme < SEUIL or pleines < 2 or somme not in totaux:
                continue
            suite = tuple(parmi[debut : fin + 1])
            total = next((c for c in totaux[somme] if c not in suite), None)
            if total is not None:
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


def _taire(tableau: Tableau, rang: int, tues: set[Case], valeurs: set[int]) -> Tableau:
    """`valeurs` : tout ce que le rapport tait, ici ou ailleurs."""
    siennes = {case for case in tues if case[0] == rang}
    lignes = tuple(
        replace(
            ligne,
            cellules=tuple(
                _tue(cellule, (rang, li, col) in siennes, bool(siennes), valeurs)
                for col, cellule in enumerate(ligne.cellules)
            ),
        )
        for li, ligne in enumerate(tableau.lignes)
    )
    notes = tuple(note for note in tableau.notes if not _compte(note, bool(siennes), valeurs))
    if not siennes:
        return replace(tableau, lignes=lignes, controles=(), notes=notes)
    if tableau.code in _PAR_FREQUENCE:
        lignes = tuple(sorted(lignes, key=lambda ligne: (ligne.code == NON_RENSEIGNE, cle(ligne.libelle))))
    return replace(tableau, lignes=lignes, controles=(), notes=(*notes, _NOTE), dessin=None)


def _compte(note: str, tait: bool, valeurs: set[int]) -> bool:
    """Si la note dit un compte, qui en ferait deviner un ; une date n'en est pas un."""
    lus = [int("".join(lu.split())) for lu in _NOMBRE.findall(_DATE.sub("", note))]
    return any(tait or 0 < lu < SEUIL or lu in valeurs for lu in lus)


def _tue(cellule: Cellule, tue: bool, tait: bool, valeurs: set[int]) -> Cellule:
    if tue:
        return Cellule(_PETIT if (cellule.nombre or 0) < SEUIL else _TU)
    if not tait:
        base = cellule.nombre * 100 / cellule.exact if cellule.nombre and cellule.exact else None
        return replace(cellule, part=None, exact=None) if base in valeurs else cellule
    if cellule.nombre is None and cellule.exact is not None:
        return Cellule(_TU)
    return replace(cellule, part=None, exact=None)
