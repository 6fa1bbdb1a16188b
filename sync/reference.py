"""La référence : ce qu'un téléphone reçoit qui n'est d'aucun dossier, et ne se renvoie que s'il change."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.convention import pour_appareil
from app.models import Convention, Lieu, Structure, Utilisateur
from sync.acteur import Acteur
from sync.scelle import cle_courante


def reference(session: Session, acteur: Acteur) -> dict[str, Any]:
    """Structure, utilisateur, conventions, lieux, collègues et clé de scellement, avec leur `empreinte`."""
    structure = session.execute(
        select(
            Structure.id, Structure.nom, Structure.grace_minutes, Structure.grace_max_minutes, Structure.bail_jours
        ).where(Structure.id == acteur.structure_id)
    ).one()
    utilisateurs = session.execute(
        select(Utilisateur.id, Utilisateur.nom, Utilisateur.prenom, Utilisateur.role)
        .where(Utilisateur.structure_id == acteur.structure_id, Utilisateur.actif.is_(True))
        .order_by(Utilisateur.nom, Utilisateur.prenom, Utilisateur.id)
    ).all()
    conventions = session.scalars(
        select(Convention.donnees)
        .where(Convention.structure_id == acteur.structure_id)
        .order_by(Convention.code, Convention.version)
    )
    lieux = session.execute(
        select(Lieu.id, Lieu.nom, Lieu.commune)
        .where(Lieu.structure_id == acteur.structure_id, Lieu.actif.is_(True))
        .order_by(Lieu.nom)
    )
    contenu: dict[str, Any] = {
        "structure": dict(structure._mapping),
        "utilisateur": next(
            (dict(ligne._mapping) for ligne in utilisateurs if ligne.id == acteur.utilisateur_id), None
        ),
        "conventions": [pour_appareil(donnees) for donnees in conventions],
        "lieux": [dict(ligne._mapping) for ligne in lieux],
        "collegues": [{"id": ligne.id, "nom": f"{ligne.prenom} {ligne.nom}".strip()} for ligne in utilisateurs],
        "cle_scellement": cle_courante(session, acteur.structure_id),
    }
    encode = msgspec.json.encode(contenu, order="deterministic")
    return {**contenu, "empreinte": hashlib.sha256(encode).hexdigest()[:32]}
