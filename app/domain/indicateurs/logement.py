"""Où vivent les personnes accompagnées, et ce qui a été demandé pour elles : hébergement, logement."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.profil import NON_RENSEIGNE

INDICATEURS: Final = (
    Indicateur(
        "situations_logement",
        "Situations de logement",
        "mesures",
        "personnes accompagnées, chaque situation dans une catégorie et une seule, avec une ligne "
        "«\u202fnon renseigné\u202f»",
        "personnes accompagnées",
        "à l’entrée, d’après ce qui vaut ce jour-là ou, à défaut, la première valeur notée après\u202f; "
        "dernière connue, d’après ce qui vaut le dernier jour de la période, ou le jour de la sortie si elle vient "
        "avant",
    ),
    Indicateur(
        "demandes_logement",
        "Demandes d’hébergement et de logement",
        "événements",
        "demandes de logement social, d’hébergement au SIAO et appels au 115 notés\u202f; une personne peut en avoir "
        "plusieurs",
        "",
        "le jour du dépôt est dans la période\u202f; la réponse, si elle est datée d’au plus tard le dernier jour",
    ),
)

# Les six catégories d'ETHOS Light (libellés à confirmer), puis le logement ordinaire. La quatrième ne dit pas de quel
# établissement il s'agit : aucun tableau ne doit parler de détention.
CATEGORIES: Final[dict[str, tuple[str, ...]]] = {
    "rue": ("rue",),
    "urgence": ("hebergement_urgence",),
    "hebergement": ("foyer", "hebergement_temporaire", "logement_accompagne", "refuge_femmes"),
    "etablissement": ("institution_soins", "institution_penitentiaire"),
    "non_conventionnel": ("habitat_mobile", "squat", "structure_provisoire"),
    "tiers": ("heberge_tiers",),
    "logement": ("locataire_social", "locataire_prive", "proprietaire"),
    NON_RENSEIGNE: (),
}
_CATEGORIE: Final = {situation: code for code, situations in CATEGORIES.items() for situation in situations}

NATURES: Final = ("appel_115", "hebergement_siao", "logement")
REPONSES: Final = ("en_cours", "accordee", "refusee", "sans_suite")


def categorie(situation: str | None) -> str:
    return _CATEGORIE.get(situation or "", NON_RENSEIGNE)


def reponse_au(valeurs: Mapping[str, Any], jour: date) -> str:
    """Où en était la demande ce jour-là ; une réponse sans date vaut depuis le dépôt."""
    le = valeurs.get("statut_le")
    return "en_cours" if le and date.fromisoformat(le) > jour else str(valeurs.get("statut") or "en_cours")
