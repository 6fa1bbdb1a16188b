"""Une liste en pages : la tranche à montrer, et les adresses d'avant et d'après."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Pages:
    """`debut` et `fin` : le rang de la première ligne, et celui qui suit la dernière. `reste` : ce qui vient après."""

    numero: int
    taille: int
    total: int
    adresse: str

    @classmethod
    def de(cls, texte: str | None, total: int, taille: int, adresse: str) -> Pages:
        """`texte` vient de l'adresse ; ce qui n'est pas une page ramène à la première, trop loin à la dernière."""
        lu = int(texte) if texte and texte.isascii() and texte.isdecimal() and len(texte) <= 4 else 1
        return cls(max(1, min(lu, -(-total // taille))), taille, total, adresse)

    @property
    def debut(self) -> int:
        return (self.numero - 1) * self.taille

    @property
    def fin(self) -> int:
        return min(self.total, self.debut + self.taille)

    @property
    def reste(self) -> int:
        return self.total - self.fin

    @property
    def precedente(self) -> str | None:
        return self._page(self.numero - 1) if self.numero > 1 else None

    @property
    def suivante(self) -> str | None:
        return self._page(self.numero + 1) if self.reste else None

    def tranche(self, tout: Sequence[T]) -> Sequence[T]:
        return tout[self.debut : self.fin]

    def _page(self, numero: int) -> str:
        return f"{self.adresse}{'&' if '?' in self.adresse else '?'}page={numero}"
