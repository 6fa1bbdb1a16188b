"""L'affluence : combien d'échanges à la fois, combien qui attendent, et quand revenir pour les autres.

Le soir, les téléphones retrouvent le réseau ensemble. Les servir tous à la fois les ralentit tous, et le bureau avec
eux ; les laisser attendre sans fin épuise leur patience et ils recommencent. Au-delà de ce qu'on peut tenir, chacun
repart donc tout de suite avec un rendez-vous : les suivants sont espacés du temps qu'un échange prend.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from threading import Condition

# Par processus. SQLite n'a qu'un écrivain, et Python n'occupe qu'un cœur : plus n'irait pas plus vite.
PLACES = 4
SALLE = 8
PATIENCE = 10.0
# Un rendez-vous plus lointain serait oublié : l'appareil essaierait de lui-même avant.
RENDEZ_VOUS_MAX = 120
DUREE_SUPPOSEE = 0.05
POIDS = 0.1


class Guichet:
    """`entrer` fait entrer, ou attendre un peu, ou rend le nombre de secondes avant de revenir."""

    def __init__(
        self,
        places: int = PLACES,
        salle: int = SALLE,
        patience: float = PATIENCE,
        horloge: Callable[[], float] = time.monotonic,
        hasard: Callable[[], float] = random.random,
    ) -> None:
        self._libre = Condition()
        self._places, self._salle, self._patience = places, salle, patience
        self._dedans = self._attendent = 0
        self._horloge, self._hasard = horloge, hasard
        self._duree, self._prochain = DUREE_SUPPOSEE, 0.0

    def entrer(self) -> int | None:
        """None : entré, à faire suivre de `sortir`. Sinon, dans combien de secondes revenir."""
        with self._libre:
            if self._dedans >= self._places or self._attendent:
                if self._attendent >= self._salle:
                    return self._rendez_vous()
                self._attendent += 1
                try:
                    if not self._libre.wait_for(lambda: self._dedans < self._places, self._patience):
                        return self._rendez_vous()
                finally:
                    self._attendent -= 1
            self._dedans += 1
            return None

    def sortir(self, duree: float) -> None:
        """Rend la place ; `duree`, en secondes, est ce que l'échange a pris une fois entré."""
        with self._libre:
            self._dedans -= 1
            self._duree += POIDS * (duree - self._duree)
            self._libre.notify()

    def _rendez_vous(self) -> int:
        """Le prochain créneau après ceux déjà donnés, et un peu de hasard : deux processus n'ont pas le même carnet."""
        maintenant = self._horloge()
        premier = maintenant + self._salle * self._duree / self._places
        self._prochain = max(self._prochain, premier) + self._duree / self._places
        return min(RENDEZ_VOUS_MAX, 1 + round(self._prochain - maintenant + self._hasard()))
