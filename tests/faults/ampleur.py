"""Combien on éprouve : un peu dans `make test`, tout par `make faults`."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

POINTS = int(os.environ.get("JALON_POINTS", "10"))
LONG = "JALON_POINTS" in os.environ


def un_sur_deux(cas: list[T]) -> list[T]:
    return cas if LONG else cas[::2]
