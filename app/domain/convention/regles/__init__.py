"""Les règles qu'une convention peut porter : une entrée chacune, et rien d'autre à écrire pour en ajouter une.

L'ordre est celui de l'écran. `telephone` : la règle voyage, parce qu'elle fait une échéance ou montre un champ.
`docs/conventions.md` est vérifié contre cette table.
"""

from typing import Final

from app.domain.convention.formes import Code, Liste
from app.domain.convention.regles.cadre import CADRE
from app.domain.convention.regles.exigences import EXIGENCES
from app.domain.convention.regles.parcours import PARCOURS
from app.domain.convention.regles.regle import GROUPES, Regle

__all__ = ["AJUSTABLES", "GROUPES", "OBLIGATOIRES", "PAR_NOM", "PERIMETRE", "TABLE", "Regle"]

TABLE: Final[tuple[Regle, ...]] = (*CADRE, *PARCOURS, *EXIGENCES)

PAR_NOM: Final[dict[str, Regle]] = {regle.nom: regle for regle in TABLE}

# Ce que la convention laisse à la structure : des noms de cette table, sauf ce qui l'identifie.
_FIXES: Final = frozenset({"libelle", "debut", "fin", "motifs_sortie"})
AJUSTABLES: Final = tuple(nom for nom, regle in PAR_NOM.items() if nom not in _FIXES and regle.groupe != "rapports")
PERIMETRE: Final = Regle(
    "perimetre_structure",
    "Laissé à la structure",
    "identite",
    Liste(Code({nom: PAR_NOM[nom].libelle for nom in AJUSTABLES})),
    "Les règles que le chef de service peut ajuster, avec une date d’effet.",
    exemple='["places", "lieux"]',
)

# Ce sans quoi une version ne se lit pas.
OBLIGATOIRES: Final = ("libelle", "debut")
