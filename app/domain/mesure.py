"""Une mesure à une date : son statut, son référent, sa modalité, sa convention.

Miroir : static/js/domain/mesure.js, mêmes cas dans tests/corpus/mesure.json.
"""

from collections.abc import Sequence
from typing import Any

from app.domain.personne import Fiche, valeur_au
from app.domain.roles import LECTEURS_DES_MOTIFS

# La détention, et ce qui dit les ressources ou la santé : comme le champ « ressources », au référent et au chef.
MOTIFS_RESERVES = frozenset(
    {"suspension_incarceration", "aah", "are", "pension_invalidite", "indemnites_journalieres", "retraite"}
)


def motif_lisible(motif: str | None, role: str) -> str | None:
    """Le motif de sortie tel que ce rôle peut le recevoir."""
    return "autre" if motif in MOTIFS_RESERVES and role not in LECTEURS_DES_MOTIFS else motif


def statut(mesure: Fiche, jour: str) -> str:
    """« en_integration » tant que l'entrée n'a pas eu lieu, « en_cours », puis « sortie » dès le jour de sortie."""
    if mesure.get("sortie_le") and mesure["sortie_le"] <= jour:
        return "sortie"
    if mesure.get("entree_le") and mesure["entree_le"] <= jour:
        return "en_cours"
    return "en_integration"


def est_ouverte(mesure: Fiche, jour: str) -> bool:
    return statut(mesure, jour) != "sortie"


def referent_au(mesure: Fiche, jour: str) -> Any:
    return valeur_au((mesure.get("historique") or {}).get("referent"), jour)


def convention_au(conventions: Sequence[Fiche], code: str, jour: str) -> Fiche | None:
    """La version d'une convention qui s'applique ce jour-là.

    La dernière commencée à cette date ; à défaut la première. Une mesure survit à la fin de sa convention : la
    dernière version continue de régler les échéances de ceux qui sont encore accompagnés.
    """
    versions = sorted((c for c in conventions if c["code"] == code), key=lambda c: c.get("debut") or "")
    if not versions:
        return None
    commencees = [c for c in versions if (c.get("debut") or "") <= jour]
    return commencees[-1] if commencees else versions[0]


def nom_court(convention: Fiche) -> str:
    """Le nom que les collègues emploient ; à défaut le code."""
    return str(convention.get("libelle_court") or convention["code"])


def mesure_principale(mesures: Sequence[Fiche], jour: str) -> Fiche | None:
    """Celle dont on parle d'abord : la mesure ouverte la plus récente, à défaut la dernière sortie."""
    if not mesures:
        return None

    def recence(mesure: Fiche) -> tuple[bool, str]:
        return est_ouverte(mesure, jour), mesure.get("entree_le") or mesure.get("orientee_le") or ""

    return max(mesures, key=recence)
