"""Ce qui est attendu, quand, pourquoi, et le geste qui le règle.

Une échéance est réglée par la convention, jamais par le code : sans règle, il n'y en a pas. Chaque genre a son fichier
(`premier_contact`, `cadence`) et son entrée dans `REGISTRE` ; ce qui les met en mots leur est commun (`attente`).

Une échéance est en retard le lendemain de son jour. Un rendez-vous à venir d'ici là la rend « prévue » ; dès que son
heure est passée, il reste à préciser et ne prévoit plus rien.
Miroir : static/js/domain/echeance/, mêmes cas dans tests/corpus/echeances.json.
"""

from collections.abc import Sequence
from typing import Any

from app.domain import dates
from app.domain.echeance import cadence, premier_contact
from app.domain.echeance.attente import Genre, annoncer
from app.domain.echeance.cadence import cadence_en_mots, periode_apres, prochain_a_la_cadence
from app.domain.personne import Fiche

__all__ = ["REGISTRE", "cadence_en_mots", "echeances", "periode_apres", "prochain_a_la_cadence"]

REGISTRE: dict[str, Genre] = {genre.code: genre for genre in (premier_contact.GENRE, cadence.GENRE)}


def echeances(dossier: Fiche, conventions: Sequence[Fiche], maintenant: str) -> list[dict[str, Any]]:
    """Les échéances d'un dossier à un instant, la plus ancienne d'abord.

    `[{genre, mesure_id, convention, due_le, jours, etat, titre, pourquoi, citation, action: {libelle, url}}]` ;
    `jours` : ce qui reste, négatif en retard ; `etat` : en_retard, proche, prevu, a_venir.
    """
    aujourd_hui = dates.jour_paris(maintenant)
    trouvees = []
    for mesure in dossier["mesures"]:
        for genre in REGISTRE.values():
            attente = genre.attendre(dossier, mesure, conventions, aujourd_hui)
            if attente is not None:
                trouvees.append(annoncer(genre, attente, dossier, mesure, maintenant))
    return sorted(trouvees, key=lambda e: (e["due_le"], e["mesure_id"]))
