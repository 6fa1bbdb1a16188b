"""Les fiches qui descendent, un fichier par genre : le miroir de `sync/regles/`, qui les fait monter.

`lire_fiches` sert le flux (ce qui a changé depuis un numéro) ; `lire_dossiers` les pages de Flask et les rapports ;
`compter_fiches` ce qui reste à recevoir.
"""

from sync.fiches.cahier import lire_cahiers
from sync.fiches.compte import compter_fiches
from sync.fiches.desaccord import AU_BUREAU
from sync.fiches.dossier import CLES_DOSSIER, lire_dossiers, lire_fiches
from sync.fiches.lecture import Choix
from sync.fiches.tombe import TOMBE

__all__ = [
    "AU_BUREAU",
    "CLES_DOSSIER",
    "TOMBE",
    "Choix",
    "compter_fiches",
    "lire_cahiers",
    "lire_dossiers",
    "lire_fiches",
]
