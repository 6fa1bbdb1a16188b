"""La forme d'une grille : des groupes, leurs lignes, et les cases où les motifs se rangent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

NON_RENSEIGNE: Final = "non_renseigne"
TOTAL: Final = "total"

Colonne = Literal["total", "brsa", "annee_precedente"]
Parts = Literal["lignes", "sous_totaux", "aucune"]


@dataclass(frozen=True, slots=True)
class Case:
    """Là où un motif se range : une ligne, ou l'un des détails d'une ligne."""

    code: str
    libelle: str
    motifs: tuple[str, ...] = ()
    reste: bool = False


@dataclass(frozen=True, slots=True)
class LigneDeGrille:
    """Une ligne du tableau ; elle compte ses cases, dont la seule, quand elle n'a pas de détail, est elle-même."""

    code: str
    libelle: str
    cases: tuple[Case, ...]
    detaillee: bool = False


@dataclass(frozen=True, slots=True)
class Groupe:
    """Des lignes qui se suivent. `sous_total` : le libellé de leur somme, vide s'il n'y en a pas.

    `dynamique` : ces sorties comptent au taux de sorties dynamiques ; `hors_base` : elles n'y comptent ni dessus, ni
    dessous.
    """

    code: str
    lignes: tuple[LigneDeGrille, ...]
    sous_total: str = ""
    dynamique: bool = False
    hors_base: bool = False


@dataclass(frozen=True, slots=True)
class Grille:
    """`a_confirmer` : pour un motif, ce que la source ne dit pas de son rangement."""

    code: str
    titre: str
    source: str
    decimales: int
    groupes: tuple[Groupe, ...]
    colonnes: tuple[Colonne, ...] = ("total",)
    parts: Parts = "lignes"
    a_confirmer: Mapping[str, str] = field(default_factory=dict)

    @property
    def lignes(self) -> Iterator[LigneDeGrille]:
        return (ligne for groupe in self.groupes for ligne in groupe.lignes)

    @property
    def cases(self) -> Iterator[Case]:
        return (case for ligne in self.lignes for case in ligne.cases)

    @property
    def reste(self) -> Case:
        return next(case for case in self.cases if case.reste)

    @property
    def dynamiques(self) -> tuple[Groupe, ...]:
        return tuple(groupe for groupe in self.groupes if groupe.dynamique)

    def case_de(self, motif: str | None) -> str:
        """Le code de la case où ce motif se compte ; sans motif, `NON_RENSEIGNE`."""
        if motif is None:
            return NON_RENSEIGNE
        return next((case.code for case in self.cases if motif in case.motifs), self.reste.code)


def deplacer(grille: Grille, rangements: Mapping[str, str]) -> Grille:
    """La même, où chaque motif de `rangements` est dans la case qu'ils disent ; une case inconnue ne change rien."""
    connues = {case.code for case in grille.cases}
    retenus = {motif: case for motif, case in rangements.items() if case in connues}
    if not retenus:
        return grille

    def refaire(case: Case) -> Case:
        gardes = tuple(motif for motif in case.motifs if retenus.get(motif, case.code) == case.code)
        venus = tuple(m for m, vers in retenus.items() if vers == case.code and m not in gardes)
        return replace(case, motifs=(*gardes, *venus))

    groupes = tuple(
        replace(
            groupe, lignes=tuple(replace(li, cases=tuple(refaire(case) for case in li.cases)) for li in groupe.lignes)
        )
        for groupe in grille.groupes
    )
    doutes = {motif: doute for motif, doute in grille.a_confirmer.items() if motif not in retenus}
    return replace(grille, groupes=groupes, a_confirmer=doutes)
