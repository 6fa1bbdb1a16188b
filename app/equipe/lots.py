"""Des identifiants par lots : une base n’admet pas une liste sans fin."""

from __future__ import annotations

from collections.abc import Collection, Iterator

TAILLE = 500


def par_lots(identifiants: Collection[str]) -> Iterator[list[str]]:
    ranges = sorted(identifiants)
    for debut in range(0, len(ranges), TAILLE):
        yield ranges[debut : debut + TAILLE]
