"""Ce qui arrive en cours d'accompagnement sans y mettre fin : un emploi, une formation, un logement."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.domain.indicateurs.definition import Indicateur

INDICATEURS: Final = (
    Indicateur(
        "etapes",
        "Étapes en cours d’accompagnement",
        "événements",
        "étapes de parcours notées, par nature\u202f; une personne peut en avoir plusieurs",
        "",
        "le premier jour de l’étape est dans la période, pendant la mesure",
    ),
)

# Les étapes qui sont un emploi ou une activité ; une immersion ou une formation n'en est pas une.
ACTIVITES: Final = frozenset({"cdd", "cdi", "interim", "cddi", "contrat_pro", "creation"})


def pendant(debut: date, entree: date | None, sortie: date | None) -> bool:
    """L'étape commence pendant la mesure ; celle qui commence le jour de la sortie en est la suite."""
    return entree is not None and entree <= debut and (sortie is None or debut < sortie)


def est_une_activite(valeurs: Mapping[str, Any]) -> bool:
    return valeurs.get("nature") in ACTIVITES
