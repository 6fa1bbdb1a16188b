"""Les horaires d'accueil, écrits par les producteurs dans le langage d'OpenStreetMap, dits en français."""

from __future__ import annotations

import re
from typing import Final

_JOURS: Final = {"Mo": "lun.", "Tu": "mar.", "We": "mer.", "Th": "jeu.", "Fr": "ven.", "Sa": "sam.", "Su": "dim."}
_MOTS: Final = _JOURS | {"PH": "jours fériés", "SH": "vacances scolaires", "off": "fermé", "closed": "fermé"}
_OSM = re.compile(r"[A-Za-z\d:;,\s+\-/\"\[\]]*")
_HEURE = re.compile(r"\b([01]\d|2[0-4]):([0-5]\d)\b")


def en_francais(ecrits: str) -> str:
    """« Mo-Fr 08:30-12:30; PH off » : « lun.-ven. 8 h 30-12 h 30 ; jours fériés fermé ». Ce qui n'est pas de ce
    langage est rendu tel quel.
    """
    mots = set(re.findall(r"[A-Za-zÀ-ÿ]+", ecrits))
    if ecrits.strip() == "24/7":
        return "Jour et nuit, tous les jours"
    if not mots <= _MOTS.keys() or not _OSM.fullmatch(ecrits):
        return ecrits
    dits = re.sub(r"[A-Za-z]+", lambda mot: _MOTS[mot[0]], ecrits)
    dits = _HEURE.sub(lambda h: f"{int(h[1])}\u00a0h" + (f"\u00a0{h[2]}" if h[2] != "00" else ""), dits)
    return re.sub(r"\s*,\s*", ", ", re.sub(r"\s*;\s*", "\u202f; ", dits)).strip()
