"""Le curseur : où en est un appareil, dans un texte qu'il garde sans le lire."""

from __future__ import annotations

import base64
import datetime as dt

import msgspec

from sync.operation import Id


class Curseur(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={
        "generation": "g",
        "lecteur": "u",
        "role": "r",
        "depuis": "s",
        "jusqu_a": "f",
        "dossier": "p",
        "operation": "o",
        "rang": "n",
        "jour": "j",
        "jour_du_tour": "d",
        "protocole": "v",
        "droits": "l",
    },
):
    """`lecteur` et `role` : pour qui les fiches ont été lues ; un autre n'aurait pas reçu les mêmes.

    `depuis` : tout ce qui précède est arrivé. En cours de tour, `jusqu_a` est la borne prise au début du tour et
    `dossier` le dernier dossier envoyé ; le tour fini, `depuis` prend la valeur de `jusqu_a`.

    `operation` et `rang` : la dernière opération jusqu'à la borne et son numéro. Une base restaurée qui a depuis
    dépassé cette borne y a autre chose, même si sa génération n'a pas été renouvelée.

    `jour`, à Paris : les prêts commencés ou finis jusqu'à lui sont pris en compte ; ceux d'après n'ont laissé aucun
    numéro. En cours de tour, `jour_du_tour` est celui qui lui succédera.

    `droits` : la règle selon laquelle un binôme a été lu ; 0 : celle d'avant, qui lui en disait davantage.

    `protocole` : un appareil mis à jour reçoit tout de nouveau, avec ce que l'ancien protocole taisait.
    """

    generation: str
    lecteur: Id
    role: str
    depuis: int = 0
    jusqu_a: int | None = None
    dossier: Id | None = None
    operation: Id | None = None
    rang: int | None = None
    jour: dt.date | None = None
    jour_du_tour: dt.date | None = None
    protocole: int = 1
    droits: int = 0

    @property
    def borne(self) -> int:
        return self.depuis if self.jusqu_a is None else self.jusqu_a


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
