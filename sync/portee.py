"""La portée : les dossiers qu'un utilisateur peut lire."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.models import Acces, Personne
from sync.acteur import ROLES_STRUCTURE_ENTIERE


def requete_visibles(structure_id: str, utilisateur_id: str, role: str) -> Select[str] | None:
    """La sélection des identifiants visibles, ou None : ce rôle ne lit aucun dossier."""
    if role in ROLES_STRUCTURE_ENTIERE:
        return select(Personne.id).where(Personne.structure_id == structure_id)
    if role in ("conseiller", "maraude"):
        return select(Acces.personne_id).where(
            Acces.structure_id == structure_id, Acces.utilisateur_id == utilisateur_id, Acces.actif.is_(True)
        )
    return None
