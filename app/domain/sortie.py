"""La sortie d'une mesure : le jour que donne la règle de la convention. Miroir : static/js/domain/sortie.js."""

from collections.abc import Sequence
from typing import Any

from app.domain.echeance import echeances
from app.domain.personne import Fiche

_GENRES = ("file_active_emploi", "file_active_formation")


def sortie_calculee(
    dossier: Fiche, mesure: Fiche, conventions: Sequence[Fiche], maintenant: str
) -> dict[str, Any] | None:
    """`{jour, pourquoi}` : la fin de l'essai, ou tant de mois après le début de la formation ; rien sans cette règle.

    Une sortie déjà prononcée se relit d'après la même étape.
    """
    ouverte = {**mesure, "sortie_le": None, "sortie_motif": None}
    sans_sortie = {**dossier, "mesures": [ouverte]}
    for due in echeances(sans_sortie, conventions, maintenant):
        if due["genre"] in _GENRES:
            return {"jour": due["due_le"], "pourquoi": due["pourquoi"]}
    return None
