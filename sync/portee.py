"""La portée : les dossiers qu'un utilisateur peut lire."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models import Acces, Personne
from sync.acteur import ROLES_STRUCTURE_ENTIERE


class Lecteur(Protocol):
    """Un utilisateur : le modèle, ou tout objet qui en a l'identifiant et le rôle."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...


def requete_visibles(structure_id: str, utilisateur_id: str, role: str) -> Select[str] | None:
    """La sélection des identifiants visibles, ou None : ce rôle ne lit aucun dossier."""
    if role in ROLES_STRUCTURE_ENTIERE:
        return select(Personne.id).where(Personne.structure_id == structure_id)
    if role in ("conseiller", "maraude"):
        return select(Acces.personne_id).where(
            Acces.structure_id == structure_id, Acces.utilisateur_id == utilisateur_id, Acces.actif.is_(True)
        )
    return None


def personnes_visibles(session: Session, structure_id: str, utilisateur: Lecteur) -> list[str]:
    """Les dossiers que l'utilisateur peut ouvrir. L'administration et les partenaires n'en ouvrent aucun."""
    requete = requete_visibles(structure_id, utilisateur.id, utilisateur.role)
    return [] if requete is None else list(session.scalars(requete))


def est_visible(session: Session, structure_id: str, utilisateur: Lecteur, personne_id: str) -> bool:
    """Ce dossier-là est-il visible ? Inconnu et interdit ont la même réponse."""
    requete = requete_visibles(structure_id, utilisateur.id, utilisateur.role)
    if requete is None:
        return False
    colonne = requete.selected_columns[0]
    return session.execute(requete.where(colonne == personne_id)).first() is not None
