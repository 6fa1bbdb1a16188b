"""Les saisines : combien de situations, et combien avant la première rencontre."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.periode import Periode

INDICATEURS: Final = (
    Indicateur(
        "saisines",
        "Situations avec saisine",
        "mesures",
        "mesures qui ont au moins une saisine",
        "",
        "le jour d’une saisine est dans la période",
    ),
    Indicateur(
        "saisines_avant_rencontre",
        "dont avant la première rencontre",
        "mesures",
        "mesures dont la première saisine de la période précède la première rencontre, ou qui n’en ont pas eu",
        "situations avec saisine",
        "le jour de la saisine, et celui de la première rencontre physique, à distance exclue",
    ),
)


def premiere(jours: Sequence[date], periode: Periode) -> date | None:
    """La première saisine de la période."""
    return min((jour for jour in jours if periode.contient(jour)), default=None)


def avant_rencontre(saisine: date, rencontre: date | None) -> bool:
    """Le jour même n'est pas avant."""
    return rencontre is None or saisine < rencontre
