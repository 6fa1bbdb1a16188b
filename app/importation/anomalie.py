"""Ce qui ne va pas dans un fichier à importer, dit à qui l'a préparé."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

LONGUEUR_MONTREE: Final = 40
ANOMALIES_GARDEES: Final = 1000


@dataclass(frozen=True)
class Anomalie:
    """`ligne` et `colonne` manquent quand c'est le fichier entier qui est en cause."""

    fichier: str
    ligne: int | None
    colonne: str | None
    message: str
    valeur: str | None = None

    def __str__(self) -> str:
        lieu = [self.fichier]
        if self.ligne is not None:
            lieu.append(f"ligne {self.ligne}")
        if self.colonne is not None:
            lieu.append(f"colonne {self.colonne}")
        fin = f" (lu : « {self.valeur} »)" if self.valeur else ""
        return f"{', '.join(lieu)} : {self.message}{fin}"


def abreger(valeur: object) -> str:
    """La valeur en cause, sur une ligne et courte : un message d'erreur n'est pas une copie du fichier."""
    texte = "".join(c if c.isprintable() else "·" for c in str(valeur))
    return texte if len(texte) <= LONGUEUR_MONTREE else texte[: LONGUEUR_MONTREE - 1] + "…"


@dataclass
class Anomalies:
    """La liste des anomalies. Au-delà de la limite elles sont comptées sans être gardées."""

    liste: list[Anomalie] = field(default_factory=list)
    nombre: int = 0

    def ajouter(
        self, fichier: str, ligne: int | None, colonne: str | None, message: str, valeur: object = None
    ) -> None:
        self.nombre += 1
        if len(self.liste) < ANOMALIES_GARDEES:
            courte = None if valeur is None or valeur == "" else abreger(valeur)
            self.liste.append(Anomalie(fichier, ligne, colonne, message, courte))

    def __iter__(self) -> Iterator[Anomalie]:
        return iter(self.liste)

    def __bool__(self) -> bool:
        return self.nombre > 0
