"""Une convention : ses règles datées, chacune avec la source qui la dit.

Un fichier TOML par convention et par version, dans `app/conventions/` ou écrit par la structure. Chaque règle s'y
écrit `{ valeur = …, source = "…" }` ; une règle que la source ne donne pas n'y est pas, et l'écran le dit. Les règles
possibles sont une table (`regles.py`) ; leur forme, ce qu'elles deviennent et comment elles se disent viennent de là.
"""

from app.domain.convention.ajustements import en_vigueur, trancher, valeur_au
from app.domain.convention.etat import Limite, etat, limites, par_etp, places_convenues
from app.domain.convention.lecture import (
    DOSSIER,
    Convention,
    ConventionIllisible,
    Faute,
    charger,
    lire,
    livrees,
    pour_appareil,
    valeur_datee,
)
from app.domain.convention.regles import GROUPES, PAR_NOM, PERIMETRE, TABLE, Regle

__all__ = [
    "DOSSIER",
    "GROUPES",
    "PAR_NOM",
    "PERIMETRE",
    "TABLE",
    "Convention",
    "ConventionIllisible",
    "Faute",
    "Limite",
    "Regle",
    "charger",
    "en_vigueur",
    "etat",
    "limites",
    "lire",
    "livrees",
    "par_etp",
    "places_convenues",
    "pour_appareil",
    "trancher",
    "valeur_au",
    "valeur_datee",
]
