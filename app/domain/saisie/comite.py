"""Une situation de comité : la noter dans la salle, y écrire ce qui est décidé. `contexte` : `aujourd_hui`, `cahier`,
`dossiers` (les identifiants de ceux que l'on peut désigner). Avec `existante`, seul ce qui change part.

Miroir : static/js/domain/saisie/comite.js, mêmes cas dans tests/corpus/saisie_comite.json.
"""

from typing import Any

from app.domain.personne import Fiche
from app.domain.saisie.feuille import lire_champs, noter
from app.domain.saisie.lecture import Resultat, Saisie, conclure, nouveau_resultat, texte

DECISION = ("decision", "suivi_par", "suivi_precis", "pour_le")
SANS_DECISION = "Écrivez ce qui est décidé, ou passez à la suivante sans noter."


def lire_situation(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, `dossier_id` (à la création), et ceux de la situation ; le nom de qui a un dossier ne
    se corrige pas ici.
    """
    resultat = nouveau_resultat()
    valeurs = existante["valeurs"] if existante else {}
    noms = DECISION if valeurs.get("dossier_id") else ("nom", *DECISION)
    lire_champs(resultat, saisie, contexte, "situation", noms)
    if existante is None:
        dossier = texte(saisie, "dossier_id") or None
        if dossier is not None and dossier not in contexte["dossiers"]:
            resultat["erreurs"]["dossier_id"] = "Choisissez dans la liste."
        resultat["champs"]["dossier_id"] = dossier
    elif resultat["champs"]["decision"] is None and valeurs.get("decision") is None:
        resultat["erreurs"].setdefault("decision", SANS_DECISION)
    noter(resultat, saisie, contexte, "situation", existante)
    return conclure(resultat)
