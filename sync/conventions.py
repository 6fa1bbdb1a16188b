"""Porter les conventions des fichiers dans la base d'une structure."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import convention as domaine
from app.models import Convention


def enregistrer(session: Session, structure_id: str, conventions: Iterable[domaine.Convention] | None = None) -> int:
    """Crée ou met à jour les conventions de la structure ; rend le nombre de celles qui ont changé.

    Sans liste, celles du dossier `app/conventions/`. Recommencer ne change rien.
    """
    connues = {
        (ligne.code, ligne.version): ligne
        for ligne in session.scalars(select(Convention).where(Convention.structure_id == structure_id))
    }
    changees = 0
    for convention in domaine.charger() if conventions is None else conventions:
        ligne = connues.get((convention.code, convention.version))
        valeurs = {
            "libelle": convention.libelle,
            "debut": convention.debut,
            "fin": convention.fin,
            "donnees": convention.en_json(),
        }
        if ligne is None:
            identifiant = str(uuid5(UUID(structure_id), f"convention/{convention.code}/{convention.version}"))
            session.add(
                Convention(
                    structure_id=structure_id,
                    id=identifiant,
                    code=convention.code,
                    version=convention.version,
                    **valeurs,
                )
            )
            changees += 1
        elif any(getattr(ligne, nom) != valeur for nom, valeur in valeurs.items()):
            for nom, valeur in valeurs.items():
                setattr(ligne, nom, valeur)
            changees += 1
    session.flush()
    return changees
