"""Le territoire de l'annuaire : des départements et des communes, par leur code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

# Ce qu'en garde la structure (app/models/structure.py) : soixante communes, et bien assez de départements.
LONGUEUR_MAX = 400
DEMANDE = "Écrivez des codes comme 54 ou 57463, une soixantaine au plus."
_CODE = re.compile(r"\d[\dAB]\d?|\d[\dAB]\d{3}")


def lire(saisi: str) -> tuple[str, ...] | None:
    """« 54, 57463 » : les codes ; None si l'un ne se lit pas, ou s'il y en a trop. Vide : tout est gardé."""
    codes = tuple(dict.fromkeys(saisi.upper().replace(",", " ").split()))
    tous = len(" ".join(codes)) <= LONGUEUR_MAX and all(_CODE.fullmatch(code) for code in codes)
    return codes if tous else None


def y_est(territoire: Sequence[str], donnees: Mapping[str, Any]) -> bool:
    """L'adresse est-elle de ce territoire ? Sans code INSEE, le code postal dit au moins le département."""
    if not territoire:
        return True
    code = donnees.get("code_insee") or ""
    if code:
        return any(code.startswith(voulu) for voulu in territoire)
    return any(len(voulu) < 5 and donnees.get("code_postal", "").startswith(voulu) for voulu in territoire)


def est_desservi(territoire: Sequence[str], zone: Sequence[str]) -> bool:
    """La zone d'éligibilité nomme-t-elle ce territoire, l'une de ses communes, ou le département qui la contient ?

    « france » n'y suffit pas : tout ce qui est national viendrait.
    """
    return any(code.startswith(voulu) or voulu.startswith(code) for code in zone for voulu in territoire)
