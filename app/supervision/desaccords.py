"""Les désaccords, côte à côte : quoi, qui, quand, d'où. Ceux de toute la structure, ou d'un dossier."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Desaccord
from app.viewmodels.desaccord import face_a_face
from sync.fiches import lire_dossiers

# Une page que l'on peut lire ; ce qui reste vient quand ceux-ci sont réglés.
PAGE = 50


def compter(session: Session, structure_id: str) -> int:
    """Combien sont ouverts : le même nombre que la page en montre, note personnelle à part."""
    requete = select(func.count()).where(
        Desaccord.structure_id == structure_id, Desaccord.etat == "ouvert", Desaccord.champ != "note_personnelle"
    )
    return session.scalar(requete) or 0


def ouverts(session: Session, structure_id: str, lecteur_id: str, role: str, aujourd_hui: str) -> list[dict[str, Any]]:
    """Les plus anciens d'abord : ce sont eux qui pèsent sur les dossiers."""
    en_attente = (
        select(Desaccord.personne_id)
        .where(Desaccord.structure_id == structure_id, Desaccord.etat == "ouvert")
        .group_by(Desaccord.personne_id)
        .order_by(func.min(Desaccord.ouvert_le), Desaccord.personne_id)
        .limit(PAGE)
    )
    personnes = list(session.scalars(en_attente))
    dossiers = lire_dossiers(session, structure_id, personnes, lecteur_id, role)
    trouves = [
        face_a_face(desaccord, dossiers[personne_id], aujourd_hui)
        for personne_id in personnes
        for desaccord in dossiers[personne_id]["desaccords"]
        if desaccord["etat"] == "ouvert"
    ]
    return trouves[:PAGE]
