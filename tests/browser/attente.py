"""Attendre un état observable, avec une échéance : jamais une durée fixe en espérant qu'elle suffise."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ECHEANCE = 15.0
PAS = 0.05


def attendre(
    lire: Callable[[], T],
    quoi: str,
    *,
    delai: float = ECHEANCE,
    patienter: Callable[[float], object] = time.sleep,
) -> T:
    """Relit jusqu'à une valeur vraie et la rend ; à l'échéance, dit ce qui a été lu en dernier.

    `patienter` reçoit des secondes. Avec une page ouverte, c'est elle qui patiente (`Navigateur.patienter`) :
    un `sleep` du test retiendrait les événements du navigateur.
    """
    limite = time.monotonic() + delai
    while True:
        valeur = lire()
        if valeur:
            return valeur
        if time.monotonic() > limite:
            raise AssertionError(f"toujours pas : {quoi} ; dernière lecture : {valeur!r}")
        patienter(PAS)
