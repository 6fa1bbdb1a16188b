"""Écrire par les mêmes règles que le bureau et les téléphones : une suite de gestes dans un dossier ou un cahier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.demonstration.invention import Invention
from app.domain.dates import instant
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation

# Le genre de l'opération, la fiche, ses champs.
Geste = tuple[str, str, dict[str, Any]]


def faire(session: Session, invention: Invention, acteur: Acteur, dossier_id: str, gestes: Sequence[Geste]) -> None:
    operations = [
        lire_operation(
            {
                "id": invention.identifiant(),
                "genre": genre,
                "entite": entite,
                "personne": dossier_id,
                "champs": champs,
                "heure": instant(acteur.maintenant),
            }
        )
        for genre, entite, champs in gestes
    ]
    resultats = appliquer(session, acteur, operations)
    refuses = [(resultat.statut, resultat.erreurs) for resultat in resultats if resultat.statut != "applied"]
    if refuses:
        raise ValueError(f"La démonstration contredit les règles : {refuses}")
