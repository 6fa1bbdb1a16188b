"""Ce qu'une liste dit autrement que le dossier où va la ligne : le dossier l'emporte, sauf si l'on choisit la liste."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain import nomenclatures
from app.domain.personne import Fiche, valeur
from app.domain.recherche import cle
from app.models import LigneOrientation
from app.orientations.champs import CHAMPS

_COMPARES: Final = ("courriel", "adresse", "commune", "sexe", "rsa")
_CODES: Final = ("sexe", "rsa")
# Parmi les textes récrits d'une ligne : à qui elle va, puis les champs où la liste l'emporte.
A_PRENDRE: Final = "a_prendre"


@dataclass(frozen=True)
class Ecart:
    """`connu` : ce que dit le dossier ; `lu` : ce que dit la liste, prise ou non."""

    champ: str
    libelle: str
    connu: str
    lu: str
    pris: bool


def ecarts(fiche: Fiche, valeurs: Mapping[str, Any], ligne: LigneOrientation, jour: str) -> list[Ecart]:
    """Un champ que l'un ou l'autre ne sait pas n'est pas un écart."""
    pris = pris_dans_la_liste(ligne, fiche["id"])
    trouves = []
    for champ in _COMPARES:
        connu, lu = _dire(champ, valeur(fiche, champ, jour)), _dire(champ, valeurs.get(champ))
        if connu and lu and cle(connu) != cle(lu):
            trouves.append(Ecart(champ, CHAMPS[champ].libelle, connu, lu, champ in pris))
    return trouves


def pris_dans_la_liste(ligne: LigneOrientation, personne_id: str) -> frozenset[str]:
    """Les champs choisis pour cette personne ; la ligne rendue à une autre, rien n'est choisi."""
    qui, *champs = ligne.corrections.get(A_PRENDRE, "").split() or [""]
    return frozenset(champs) if qui == personne_id else frozenset()


def choix(personne_id: str, champs: Collection[str]) -> str:
    """Ce que la ligne garde de ce choix."""
    return " ".join((personne_id, *(champ for champ in _COMPARES if champ in champs)))


def _dire(champ: str, donnee: Any) -> str:
    if not donnee:
        return ""
    if champ in _CODES:
        return nomenclatures.libelle(champ, donnee)
    return str(donnee["nom"] if champ == "commune" else donnee)
