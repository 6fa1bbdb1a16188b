"""Un comité : ses situations, ce qui y est décidé, jusqu'à quand les téléphones le gardent.

Miroir : static/js/domain/comite.js, mêmes cas dans tests/corpus/comite.json.
"""

from app.domain.cahier import feuilles_de, valeur
from app.domain.dates import ajouter_jours
from app.domain.personne import Fiche

# De quoi finir d'écrire une fois rentré ; ensuite, ce qui y était préparé n'a plus à être dans une poche.
GARDE_JOURS = 7


def jour(comite: Fiche) -> str:
    return str(comite["cahier"]["valeurs"]["jour"])


def jusqu_au(jour_du_comite: str) -> str:
    """Le dernier jour où un téléphone le tient."""
    return ajouter_jours(jour_du_comite, GARDE_JOURS)


def situations(comite: Fiche) -> list[Fiche]:
    """Dans l'ordre où elles ont été choisies."""
    return feuilles_de(comite, "situation")


def dossiers(comite: Fiche) -> list[str]:
    """Ceux qui y sont déjà regardés."""
    return [dossier for une in situations(comite) if (dossier := valeur(une, "dossier_id"))]


def est_decidee(situation: Fiche) -> bool:
    return valeur(situation, "decision") is not None


def ensuite(comite: Fiche, situation: Fiche) -> Fiche | None:
    """La prochaine encore à voir ; arrivé au bout, la première que l'on a passée."""
    toutes = situations(comite)
    rang = next((rang for rang, une in enumerate(toutes) if une["id"] == situation["id"]), -1)
    tour = [*toutes[rang + 1 :], *toutes[: max(rang, 0)]]
    return next((une for une in tour if not est_decidee(une)), None)
