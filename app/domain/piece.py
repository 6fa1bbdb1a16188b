"""Les pièces d'un dossier : diagnostic, contrat, étape, suspension…, chacune d'une forme.

Miroir : static/js/domain/piece.js.
"""

from typing import Any

from app.domain.personne import Fiche

# Le champ qui date une pièce : le premier de ceux-ci qu'elle porte.
_JOURS = ("jour", "debut", "le", "lundi", "du", "deposee_le", "vue_le", "pour_le")


def pieces_de(dossier: Fiche, forme: str, mesure: Fiche | None = None) -> list[Fiche]:
    """Les pièces d'une forme, non retirées, de la plus ancienne à la plus récente.

    Avec une mesure, les siennes et celles qui n'en nomment aucune.
    """
    gardees = [
        piece
        for piece in dossier.get("pieces") or ()
        if piece["forme"] == forme
        and not piece.get("retiree_le")
        and (mesure is None or piece.get("mesure_id") in (None, mesure["id"]))
    ]
    return sorted(gardees, key=lambda piece: (jour(piece) or "", piece["id"]))


def derniere(dossier: Fiche, forme: str, mesure: Fiche | None = None) -> Fiche | None:
    pieces = pieces_de(dossier, forme, mesure)
    return pieces[-1] if pieces else None


def valeur(piece: Fiche, champ: str) -> Any:
    """La valeur d'un champ, ou rien s'il n'est pas renseigné."""
    donnee = piece["valeurs"].get(champ)
    return None if donnee in ("", []) else donnee


def jour(piece: Fiche) -> str | None:
    return next((str(donnee) for champ in _JOURS if (donnee := valeur(piece, champ))), None)
