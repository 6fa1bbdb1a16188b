"""Le curseur : où en est un appareil, dans un texte qu'il garde sans le lire."""

from __future__ import annotations

import base64

import msgspec

from sync.operation import Id


class Curseur(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={"generation": "g", "lecteur": "u", "role": "r", "depuis": "s", "jusqu_a": "f", "dossier": "p"},
):
    """`lecteur` et `role` : pour qui les fiches ont été lues ; un autre n'aurait pas reçu les mêmes.

    `depuis` : tout ce qui précède est arrivé. En cours de tour, `jusqu_a` est la borne prise au début du tour et
    `dossier` le dernier dossier envoyé ; le tour fini, `depuis` prend la valeur de `jusqu_a`.
    """

    generation: str
    lecteur: Id
    role: str
    depuis: int = 0
    jusqu_a: int | None = None
    dossier: Id | None = None


def ecrire(curseur: Curseur) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(curseur)).rstrip(b"=").decode()


def lire(texte: str | None) -> Curseur | None:
    """Le curseur, ou None s'il n'y en a pas ou qu'il n'est plus lisible : on repart alors du début."""
    if not texte or len(texte) > 500:
        return None
    try:
        octets = base64.b64decode(texte + "=" * (-len(texte) % 4), altchars=b"-_", validate=True)
        lu = msgspec.json.decode(octets, type=Curseur)
    except (ValueError, msgspec.MsgspecError):
        return None
    return lu if 0 <= lu.depuis <= 2**53 and 0 <= (lu.jusqu_a or 0) <= 2**53 else None
