"""Le jour qu'il est dans les essais : celui de Paris, comme dans le produit ; à Londres, c'est encore hier."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def aujourdhui() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/Paris")).date()


def dans_jours(jours: int) -> str:
    """`AAAA-MM-JJ`, dans tant de jours ; un nombre négatif, il y a tant de jours."""
    return (aujourdhui() + dt.timedelta(days=jours)).isoformat()
