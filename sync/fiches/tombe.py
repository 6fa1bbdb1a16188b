"""Ce qu'une personne ne lit pas, ou plus, des dossiers qu'elle garde : son téléphone l'oublie s'il l'avait."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sync.fiches.lecture import Fiche

# Le type d'une tombe, parmi les fiches d'un dossier : le flux l'annonce à part.
TOMBE = "tombe"


def tombe(fiche_type: str, identifiant: str, personne_id: str) -> Fiche:
    return {"type": TOMBE, "de": fiche_type, "id": identifiant, "personne_id": personne_id}


class Tri:
    """Sépare ce qui se lit de ce qui est à oublier. `tus` : les dossiers d'où le téléphone a pu avoir le reste."""

    def __init__(self, tus: Collection[str]) -> None:
        self._tus = tus
        self.tombes: list[Fiche] = []

    def garder(
        self, fiche_type: str, lignes: list[Any], ou: tuple[Any, Any], se_lit: Callable[[Any], bool]
    ) -> list[Any]:
        """Les lignes qui se lisent. `ou` : dans une ligne, la fiche et son dossier."""
        fiche, dossier = ou
        gardees = []
        for ligne in lignes:
            if se_lit(ligne):
                gardees.append(ligne)
            elif ligne[dossier] in self._tus:
                self.tombes.append(tombe(fiche_type, ligne[fiche], ligne[dossier]))
        return gardees
