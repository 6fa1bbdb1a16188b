"""Ce qui quitte la structure, papier ou fichier : la détention et la justice y sont « autres ».

Sur un papier qui nomme quelqu'un, les ressources et la santé le sont aussi : une feuille se perd. L'écran, lui, dit
tout à qui a le droit de le lire.
"""

from typing import Final

from app.domain import nomenclatures
from app.domain.mesure import MOTIFS_RESERVES

# Les motifs de sortie que rien de ce qui sort ne compte à part.
MOTIFS_DE_DETENTION: Final = frozenset({"suspension_incarceration"})
# Le frein qu'aucun tableau sorti n'écrit seul, et celui avec lequel il s'y compte.
FREIN_JUSTICE, FREIN_DES_AUTRES = "justice", "isolement"
# Ce qui ne s'écrit pas à côté d'un nom.
_FREINS_RESERVES: Final = frozenset({"sante", FREIN_JUSTICE})
AUTRE_FREIN: Final = "Autre frein"


def motif_sortant(motif: str) -> str:
    """Le motif de sortie tel qu'il s'écrit à côté d'un nom."""
    return "autre" if motif in MOTIFS_RESERVES else motif


def frein_sortant(code: str) -> str:
    """Le frein en mots, tel qu'il s'écrit à côté d'un nom."""
    return AUTRE_FREIN if code in _FREINS_RESERVES else nomenclatures.libelle("frein", code)
