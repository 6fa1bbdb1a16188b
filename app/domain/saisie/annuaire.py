"""Une note sur un service de l'annuaire. `contexte` : `aujourd_hui`, `cahier`. Avec `existante`, seul ce qui change
part.

Miroir : static/js/domain/saisie/annuaire.js, mêmes cas dans tests/corpus/saisie_annuaire.json.
"""

from typing import Any

from app.domain.personne import Fiche
from app.domain.saisie.feuille import lire_champs, noter
from app.domain.saisie.lecture import Resultat, Saisie, conclure, nouveau_resultat

# Le service que la page annote : elle le garde sans le montrer.
SERVICE = ("service_id", "service")


def lire_annotation(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, `service_id` et `service` (à la création), `note`."""
    resultat = nouveau_resultat()
    lire_champs(resultat, saisie, contexte, "annotation", ("note",) if existante else (*SERVICE, "note"))
    noter(resultat, saisie, contexte, "annotation", existante)
    return conclure(resultat)
