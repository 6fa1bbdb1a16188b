"""Les places d'une convention, telles que le serveur les a comptées : prévenir qui ouvre une mesure, sans l'arrêter.

Miroir : static/js/domain/places.js.
"""

from typing import Any

from app.domain.francais import date_chiffree


def en_plus(reference: dict[str, Any], code: str) -> str | None:
    """Ce qui se dit d'une mesure de plus dans une convention dont toutes les places étaient prises."""
    compte = next((compte for compte in prises(reference) if compte["code"] == code), None)
    if compte is None:
        return None
    return f"Toutes les places étaient prises le {date_chiffree(compte['le'])}\u202f: cette mesure est en plus."


def prises(reference: dict[str, Any]) -> list[dict[str, Any]]:
    """Les conventions où une mesure de plus dépasserait : `{code, prises, le}`."""
    return [compte for compte in reference.get("places") or () if compte["prises"]]
