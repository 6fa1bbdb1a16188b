"""Ce qui quitte la structure : dans un fichier, la détention et la justice sont « autres » ; un papier n'en dit rien.

Sur la feuille d'une réunion, les ressources et la santé deviennent « autre » : une feuille se perd. L'écran d'un
dossier, lui, dit tout à qui a le droit de le lire. `piece_sortante` a son miroir : static/js/domain/sortant.js, mêmes
cas dans tests/corpus/vues/papier.json.
"""

from typing import Any, Final

from app.domain import nomenclatures
from app.domain.formes import Forme
from app.domain.mesure import MOTIFS_RESERVES
from app.domain.personne import Fiche

# Les motifs de sortie que rien de ce qui sort ne compte à part.
MOTIFS_DE_DETENTION: Final = frozenset({"suspension_incarceration"})
# Le frein qu'aucun tableau sorti n'écrit seul, et celui avec lequel il s'y compte.
FREIN_JUSTICE, FREIN_DES_AUTRES = "justice", "isolement"
# Ce qu'aucun papier ne dit, liste par liste.
_TUS: Final = {"frein": frozenset({FREIN_JUSTICE}), "motif_suspension": frozenset({"incarceration"})}
AUTRE_FREIN: Final = "Autre frein"


def motif_sortant(motif: str) -> str:
    """Le motif de sortie tel qu'il s'écrit à côté d'un nom."""
    return "autre" if motif in MOTIFS_RESERVES else motif


def frein_sortant(code: str) -> str:
    """Le frein en mots, tel que l'écrit la feuille d'une réunion."""
    return AUTRE_FREIN if code == "sante" else nomenclatures.libelle("frein", code)


def piece_sortante(fiche: Fiche, decrite: Forme | None) -> Fiche:
    """La pièce telle qu'un papier la lit : ni ligne de grille, ni réponse, qui dirait la justice ou la détention."""
    lues = dict(fiche["valeurs"])
    for champ in (decrite or {}).get("champs", ()):
        tus = _TUS.get(champ.get("liste", ""))
        if tus and lues.get(champ["nom"]):
            lues[champ["nom"]] = _sans(lues[champ["nom"]], tus)
    return fiche | {"valeurs": lues}


def _sans(lue: Any, tus: frozenset[str]) -> Any:
    if isinstance(lue, list):
        return [ligne for ligne in lue if ligne["cle"] not in tus]
    return None if lue in tus else lue
