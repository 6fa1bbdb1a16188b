"""Les grilles de sorties : un même motif, rangé dans la ligne que chaque financeur attend.

Un fichier TOML par grille, dans ce dossier. Chaque motif de la nomenclature y est dans une ligne et une seule ; celle
du `reste` prend ce que le fichier ne range pas (un motif ajouté plus tard), et une sortie sans motif a toujours la
sienne, « Non renseigné », qui ne s'écrit pas. Une structure déplace un motif (`deplacer`) sans toucher au fichier.
"""

from app.domain.grilles.grille import Case, Grille, Groupe, LigneDeGrille, deplacer
from app.domain.grilles.lecture import DOSSIER, GrilleIllisible, charger, lire

__all__ = [
    "DOSSIER",
    "Case",
    "Grille",
    "GrilleIllisible",
    "Groupe",
    "LigneDeGrille",
    "charger",
    "deplacer",
    "lire",
]
