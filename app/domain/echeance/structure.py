"""Ce qui est attendu de la structure, et d'aucun dossier : le bilan qu'elle remet au financeur."""

from collections.abc import Collection, Sequence
from typing import Any

from app.domain import dates
from app.domain.echeance.attente import PROCHE_JOURS
from app.domain.francais import jour_proche, quantieme, quantite
from app.domain.mesure import nom_court
from app.domain.personne import Fiche

# Un bilan se prépare : il s'annonce deux mois avant.
ANNONCE_MOIS = 2


def echeances_de_structure(
    conventions: Sequence[Fiche], maintenant: str, remis: Collection[tuple[str, int]] = ()
) -> list[dict[str, Any]]:
    """Les bilans de l'année passée, un par convention qui le demande (`rapport_final`), dans l'ordre de leur jour.

    `conventions` : leurs règles telles que la base les garde ; `remis` : les couples (code, année) déjà remis.
    `[{genre, convention, version, annee, due_le, jours, etat, titre, pourquoi, citation}]` ; rien avant `ANNONCE_MOIS`.
    """
    aujourd_hui = dates.jour_paris(maintenant)
    annee = int(aujourd_hui[:4]) - 1
    par_code = {c["code"]: c for c in conventions if c.get("rapport_final") and couvre(c, annee)}
    dues = []
    for code, convention in par_code.items():
        due_le = f"{annee + 1}-{convention['rapport_final']}"
        if (code, annee) in remis or aujourd_hui < dates.ajouter_mois(due_le, -ANNONCE_MOIS):
            continue
        jours = dates.jours_entre(aujourd_hui, due_le)
        quoi = f"Bilan {annee} à remettre au financeur"
        jusqu_a = f"d’ici {jour_proche(due_le, aujourd_hui)}" if jours else "aujourd’hui"
        dues.append(
            {
                "genre": "rapport_final",
                "convention": code,
                "version": convention["version"],
                "annee": annee,
                "due_le": due_le,
                "jours": jours,
                "etat": "en_retard" if jours < 0 else "proche" if jours <= PROCHE_JOURS else "a_venir",
                "titre": f"{quoi}, {quantite(-jours, 'jour')} de retard" if jours < 0 else f"{quoi} {jusqu_a}",
                "pourquoi": f"Au plus tard le {quantieme(due_le, aujourd_hui)} ({nom_court(convention)}).",
                "citation": (convention.get("sources") or {}).get("rapport_final"),
            }
        )
    return sorted(dues, key=lambda due: (due["due_le"], due["convention"]))


def couvre(convention: Fiche, annee: int) -> bool:
    """La version a couru cette année-là."""
    return bool(
        (convention.get("debut") or "") <= f"{annee}-12-31" and (convention.get("fin") or "9") >= f"{annee}-01-01"
    )
