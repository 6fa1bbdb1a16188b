"""Lire le JSON d'un appareil sans qu'un demi-caractère arrête tout un lot.

Un émoji coupé en deux par un clavier s'écrit `\\ud83d` : JavaScript l'envoie, aucune base ne le garde. Il est lu comme
le signe invisible `\\u0000`, que chaque champ de texte refuse déjà en disant quoi faire.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

T = TypeVar("T")

# De gauche à droite : une paire entière, une moitié seule, ou tout autre échappement (pour ne pas lire de travers).
_ECHAPPEMENT = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


def decoder(corps: bytes | msgspec.Raw, lecteur: msgspec.json.Decoder[T]) -> T:
    """Comme `lecteur.decode`, et lève comme lui."""
    try:
        return lecteur.decode(corps)
    except msgspec.DecodeError:
        repare = _sans_demi_caracteres(bytes(corps))
        if repare == corps:
            raise
    return lecteur.decode(repare)


def _sans_demi_caracteres(corps: bytes) -> bytes:
    return _ECHAPPEMENT.sub(lambda trouve: b"\\u0000" if trouve[1] else trouve[0], corps)
