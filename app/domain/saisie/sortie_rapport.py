"""Lire la demande d'une sortie de rapport : sous quelle forme, pourquoi, et ce que l'on tait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

# Pourquoi un rapport sort de l'application : le plus courant d'abord.
MOTIFS: Final[dict[str, str]] = {
    "financeur": "Pour le financeur",
    "dialogue": "Comité, dialogue de gestion",
    "association": "Pour l’association",
    "equipe": "Travail de l’équipe",
    "verification": "Vérifier les chiffres",
    "autre": "Autre",
}
PRECISION_MAX: Final = 200


@dataclass(frozen=True)
class SortieSaisie:
    format: str = ""
    motif: str = ""
    precision: str = ""
    masquer: bool = False
    erreurs: dict[str, str] = field(default_factory=dict)


def lire_sortie(saisie: Mapping[str, str], formats: Collection[str]) -> SortieSaisie:
    """`erreurs` : par champ, en français ; « Autre » se précise."""
    forme, motif = saisie.get("format", ""), saisie.get("motif", "")
    precision = " ".join(saisie.get("precision", "").split())
    erreurs = {}
    if forme not in formats:
        erreurs["format"] = "Choisissez la forme du fichier."
    if motif not in MOTIFS:
        erreurs["motif"] = "Dites pourquoi ce fichier sort."
    elif motif == "autre" and not precision:
        erreurs["precision"] = "Précisez en quelques mots."
    if len(precision) > PRECISION_MAX:
        erreurs["precision"] = f"{PRECISION_MAX} signes au plus."
    return SortieSaisie(forme, motif, precision, bool(saisie.get("masquer")), erreurs)
