"""Qui ouvre la liste derrière un chiffre : elle nomme, et y être dit ce qu'elle compte.

Les lecteurs d'une donnée sont écrits une fois, dans le catalogue des champs et les formes des pièces ; ici, seulement
ce que dit chaque liste. Une ligne qui n'y est pas, ni son tableau, n'ouvre rien.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain import grilles, piece
from app.domain.champs_personne import catalogue, champs_lisibles
from app.domain.formes import charger
from app.domain.grilles.grille import TOTAL
from app.domain.indicateurs.periode import Periode
from app.domain.roles import LECTEURS_DES_MOTIFS, LECTEURS_DES_SYNTHESES
from app.rapports.rapport import Partie
from app.rapports.replis import sans_liste
from app.rapports.tableau import Tableau

MOTIF: Final = "sortie_motif"
DEMARCHES: Final = "demarches"
ACTIONS: Final = "actions"
_A_PART: Final = {MOTIF: LECTEURS_DES_MOTIFS, DEMARCHES: LECTEURS_DES_SYNTHESES, ACTIONS: LECTEURS_DES_SYNTHESES}
_DES_SORTIES: Final = (*(f"sorties_{code}" for code in grilles.charger()), "sorties_motifs")
# Ce que la convention demande, et qui ne se lit que des dates de la mesure et de ses contacts.
_DE_LA_MESURE: Final = (
    "premier_contact_tenu",
    "premier_contact_median",
    "rendez_vous_tenus",
    "occupation",
    "file_par_etp",
)

# D'un tableau, ou de l'une de ses lignes (« tableau/ligne ») : les champs de la personne et les formes de pièces que sa
# liste fait connaître. Vide : rien de plus que la mesure ou le rendez-vous.
DIT: Final[Mapping[str, tuple[str, ...]]] = {
    "flux": (),
    "serie": (),
    "sexe": ("sexe",),
    "age": ("date_naissance",),
    "brsa": ("rsa",),
    "minima": ("rsa", "ressources"),
    "rqth": ("rqth",),
    "niveau_formation": ("niveau_formation",),
    "inactivite": ("derniere_activite_le",),
    "prescripteur": (),
    "rendez_vous": (),
    "rendez_vous_lieux": (),
    "saisines": ("saisine",),
    "actions": (ACTIONS,),
    "demarches": (DEMARCHES,),
    "freins": ("diagnostic",),
    "situations_logement": ("logement",),
    "demandes_logement": ("demande",),
    **dict.fromkeys(_DES_SORTIES, (MOTIF,)),
    **{f"{code}/{TOTAL}": ("rsa",) for code in _DES_SORTIES},
    "resultats/sortie_emploi": (MOTIF,),
    "resultats/reprise_activite": ("etape",),
    "resultats/cv_depose": ("pret_emploi", "cv_depose"),
    "etapes": ("etape",),
    "duree": (),
    "acces_emploi": (MOTIF, "etape", "veille"),
    "veille": (MOTIF, "veille"),
    **dict.fromkeys((f"conformite/{code}" for code in _DE_LA_MESURE), ()),
    "conformite/accueil_tenu": ("diagnostic",),
    "conformite/diagnostic_fait": ("diagnostic",),
    "conformite/contrat_signe": ("rsa", "contrat"),
    "conformite/bilan_final_fait": ("bilan",),
    "conformite/cadence_respectee": ("suspension",),
    "conformite/semaines_au_complet": ("semaine", "amenagement", "contrat", "suspension"),
    "equipe": (),
    "cadre": (),
}


def ouvre(tableau: str, ligne: str, role: str) -> bool:
    """Ce rôle lit-il ce que dirait la liste de cette ligne ?"""
    dit = DIT.get(f"{tableau}/{ligne}", DIT.get(tableau))
    return dit is not None and all(_lit(quoi, role) for quoi in dit)


def lit_tout(role: str) -> bool:
    """Toutes les listes de tous les tableaux."""
    return all(_lit(quoi, role) for dit in DIT.values() for quoi in dit)


def lit_la_periode(role: str, periode: Periode) -> bool:
    """Un compte d'un jour, ou la différence de deux périodes qui se suivent d'un jour, serait un nom : qui n'ouvre pas
    toutes les listes ne compte que des mois entiers.
    """
    return periode.mois_entiers or lit_tout(role)


def se_connait(quoi: str) -> bool:
    return quoi in _A_PART or quoi in catalogue() or quoi in charger()


def _lit(quoi: str, role: str) -> bool:
    if quoi in _A_PART:
        return role in _A_PART[quoi]
    if quoi in catalogue():
        return quoi in champs_lisibles(role)
    return piece.se_lit(charger()[quoi], role, None)


def fermer(parties: Sequence[Partie], role: str) -> tuple[Partie, ...]:
    """Les mêmes chiffres, sans les listes que ce rôle n'ouvre pas."""
    return tuple(replace(partie, tableaux=tuple(_ferme(t, role) for t in partie.tableaux)) for partie in parties)


def _ferme(tableau: Tableau, role: str) -> Tableau:
    lignes = tuple(li if ouvre(tableau.code, li.code, role) else sans_liste(li) for li in tableau.lignes)
    return replace(tableau, lignes=lignes)
