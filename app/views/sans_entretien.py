"""Ce que lit un rôle qui ne note pas de contact : les mêmes pages, sans les gestes que le serveur refuserait."""

from __future__ import annotations

from typing import Any

from app.securite.permissions import peut
from app.securite.portier import compte

_FICHE = "/entretiens/"


def selon_le_role(page: dict[str, Any]) -> dict[str, Any]:
    """La page telle quelle pour qui note des contacts ; pour les autres, sans aucun lien vers une fiche à écrire."""
    if peut(compte().role, "entretiens.noter"):
        return page
    reduite: dict[str, Any] = _sans_lien(page)
    return reduite


def _sans_lien(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        if str(valeur.get("url", "")).startswith(_FICHE):
            return None
        return {
            nom: None if nom.startswith("url_") and str(element).startswith(_FICHE) else _sans_lien(element)
            for nom, element in valeur.items()
        }
    return [_sans_lien(element) for element in valeur] if isinstance(valeur, list) else valeur
