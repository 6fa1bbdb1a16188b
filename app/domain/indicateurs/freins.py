"""Les freins : relevés au diagnostic, travaillés, levés, par thème."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.domain.indicateurs.definition import Indicateur

_DATE = "diagnostics faits au plus tard le dernier jour de la période"

INDICATEURS: Final = (
    Indicateur(
        "freins_releves",
        "Freins relevés",
        "mesures",
        "mesures accompagnées dont un diagnostic relève ce frein",
        "mesures accompagnées qui ont un diagnostic",
        _DATE,
    ),
    Indicateur(
        "freins_travailles",
        "Freins travaillés",
        "mesures",
        "mesures dont un diagnostic dit ce frein travaillé ou levé",
        "mesures où ce frein est relevé",
        _DATE,
    ),
    Indicateur(
        "freins_leves",
        "Freins levés",
        "mesures",
        "mesures dont le dernier diagnostic qui parle de ce frein le dit levé",
        "mesures où ce frein est relevé",
        _DATE,
    ),
)

ETATS: Final = ("freins_releves", "freins_travailles", "freins_leves")


def etats(diagnostics: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Ce qu'une mesure compte, par frein, parmi `ETATS`. `diagnostics` : leurs valeurs, le plus ancien d'abord."""
    dits: dict[str, list[str]] = {}
    for valeurs in diagnostics:
        for ligne in valeurs.get("freins") or ():
            dits.setdefault(ligne["cle"], []).append(ligne.get("etat") or "releve")
    return {frein: _etats(suite) for frein, suite in dits.items()}


_RELEVE: Final = frozenset(ETATS[:1])
_TRAVAILLE: Final = frozenset(ETATS[:2])
_LEVE: Final = frozenset(ETATS)


def _etats(suite: list[str]) -> frozenset[str]:
    if suite[-1] == "leve":
        return _LEVE
    return _TRAVAILLE if "travaille" in suite or "leve" in suite else _RELEVE
