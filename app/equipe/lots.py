"""Des identifiants par lots : une base n’admet pas une liste sans fin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

TAILLE = 500


def par_lots(identifiants: Iterable[str]) -> Iterator[list[str]]:
    ranges = sorted(set(identifiants))
    for debut in range(0, len(ranges), TAILLE):
        yield ranges[debut : debut + TAILLE]
