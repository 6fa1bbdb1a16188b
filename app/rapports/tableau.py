"""La forme commune d'un tableau de rapport : des lignes, des colonnes, et derrière chaque nombre sa liste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from app.domain.francais import minuscule
from app.domain.indicateurs import arrondi
from app.rapports.selection import LigneDeListe, Selection


class CaseInconnue(KeyError):
    """Aucun tableau du rapport n'a cette case."""


@dataclass(frozen=True)
class Cellule:
    """Un chiffre. `nombre` est absent d'un taux ou d'une moyenne, dont `exact` garde alors la valeur non arrondie.

    `texte` est toujours le chiffre écrit en français ; `part`, ce qu'il est de sa base, écrit ; `decimales`, celles
    de la part, ou d'`exact`. `selection` est ce qu'il y a derrière ; un taux n'en a pas.
    """

    texte: str
    nombre: int | None = None
    part: str | None = None
    exact: Fraction | None = None
    decimales: int = 0
    selection: Selection | None = None
    # D'un compte de sorties : chaque convention et motif qu'il réunit, et combien.
    feuilles: tuple[tuple[str, int], ...] = field(default=(), compare=False)

    @classmethod
    def compte(cls, selection: Selection, base: int | None = None, decimales: int = 0) -> Cellule:
        """Un compte, et sa part de `base` quand elle est donnée : le nombre est la longueur de la liste."""
        nombre = selection.nombre
        return cls(
            texte=arrondi.entier(nombre),
            nombre=nombre,
            part=None if base is None else arrondi.pourcentage(nombre, base, decimales),
            exact=None if base is None else arrondi.part(nombre, base),
            decimales=decimales,
            selection=selection,
        )

    @classmethod
    def taux(cls, exact: Fraction | None, decimales: int) -> Cellule:
        """Un taux en pour cent, déjà multiplié par cent ; « — » quand sa base est vide."""
        texte = "—" if exact is None else f"{arrondi.decimal(exact, decimales)}{arrondi.ESPACE_FINE}%"
        return cls(texte=texte, exact=exact, decimales=decimales)

    @classmethod
    def rien(cls) -> Cellule:
        """Ce que cette colonne ne compte pas."""
        return cls(texte="")


@dataclass(frozen=True)
class Colonne:
    """`indicateur` : ce que compte cette colonne, quand ce n'est pas la ligne qui le dit."""

    code: str
    titre: str
    indicateur: str | None = None


# Une convention n'a le plus souvent qu'une colonne de comptes.
SEULE = (Colonne("nombre", "Nombre"),)

# « texte » : des mots à la place des chiffres.
Sorte = Literal["ligne", "detail", "sous_total", "total", "taux", "intertitre", "texte"]


@dataclass(frozen=True)
class Ligne:
    """`indicateur` : le code de ce qui est compté, dont la définition se lit d'un toucher."""

    code: str
    libelle: str
    cellules: tuple[Cellule, ...]
    sorte: Sorte = "ligne"
    indicateur: str | None = None

    @property
    def nombre(self) -> int | None:
        return self.cellules[0].nombre

    @property
    def texte(self) -> str:
        return self.cellules[0].texte

    @property
    def part(self) -> str | None:
        return self.cellules[0].part


@dataclass(frozen=True)
class Controle:
    """Une somme que le tableau vérifie sur lui-même : « 100 = 54 + 46 »."""

    phrase: str
    juste: bool


# Ce que dit une unité sous le titre d'un tableau ; les autres se disent telles quelles.
_COMPTES: Final = {
    "événements": "nombre de rendez-vous",
    "mesures": "nombre de mesures",
    "orientations": "nombre d’orientations",
}
MESURE: Final = (
    "Une mesure est l’accompagnement d’une personne sous une convention\u202f; une personne peut en avoir plusieurs."
)


@dataclass(frozen=True)
class Tableau:
    """`dessin` : le graphique qui l'accompagne, s'il en a un, d'après la première colonne ou les deux premières."""

    code: str
    titre: str
    unite: str
    lignes: tuple[Ligne, ...]
    colonnes: tuple[Colonne, ...] = SEULE
    notes: tuple[str, ...] = ()
    controles: tuple[Controle, ...] = ()
    dessin: Literal["barres", "barres_doubles", "parts"] | None = None

    @property
    def compte(self) -> str:
        """« nombre de mesures »."""
        return _COMPTES.get(self.unite, self.unite)

    def nom_de(self, ligne: str, colonne: str) -> str:
        """Ce que compte une case : sa ligne, et sa colonne s'il y en a plusieurs (« Cadence respectée : pas fait »)."""
        libelle = self.ligne(ligne).libelle
        titre = next((c.titre for c in self.colonnes if c.code == colonne), "")
        return f"{libelle}\u202f: {minuscule(titre)}" if len(self.colonnes) > 1 and titre else libelle

    def ligne(self, code: str) -> Ligne:
        """La ligne de ce code ; `CaseInconnue` si le tableau ne l'a pas."""
        for ligne in self.lignes:
            if ligne.code == code:
                return ligne
        raise CaseInconnue(code)

    def cellule(self, ligne: str, colonne: str) -> Cellule:
        codes = [c.code for c in self.colonnes]
        if colonne not in codes:
            raise CaseInconnue(colonne)
        return self.ligne(ligne).cellules[codes.index(colonne)]

    @property
    def indicateur(self) -> str | None:
        """Celui de toutes ses lignes, quand elles comptent la même chose ; sinon chacune a le sien."""
        codes = {ligne.indicateur for ligne in self.lignes}
        return codes.pop() if len(codes) == 1 and len(self.lignes) > 1 else None

    @property
    def large(self) -> bool:
        """Trop de chiffres par ligne pour une demi-page."""
        return len(self.colonnes) + sum(self.avec_parts) > 3

    @property
    def avec_parts(self) -> tuple[bool, ...]:
        """Pour chaque colonne, si l'une de ses cellules dit sa part."""
        return tuple(any(li.cellules[rang].part for li in self.lignes) for rang in range(len(self.colonnes)))


def addition(total: int, parties: Sequence[int], phrase: str = "") -> Controle:
    """« 100 = 39 + 61 », et si c'est vrai."""
    somme = " + ".join(arrondi.entier(n) for n in parties)
    debut = f"{phrase}\u202f: " if phrase else ""
    return Controle(f"{debut}{arrondi.entier(total)} = {somme}", total == sum(parties))


@dataclass(frozen=True)
class Liste:
    """Une page de ce qu'il y a derrière un chiffre. `nombre` est ce chiffre, et la longueur de toutes ses pages."""

    libelle: str
    date_libelle: str
    nombre: int
    lignes: tuple[LigneDeListe, ...] = field(default=())
    tableau: str = ""

    @property
    def titre(self) -> str:
        """Le libellé seul sur sa page : « dont absences excusées » n'y est plus une part de la ligne du dessus."""
        seul = self.libelle.removeprefix("dont ")
        return seul[:1].upper() + seul[1:]
