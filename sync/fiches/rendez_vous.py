"""Les rendez-vous qui descendent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.dates import instant
from sync.etat import RENDEZ_VOUS
from sync.fiches.lecture import DEUX_PREMIERS, Fiche, dire_tardive, lecture

LIGNES = lecture(
    RENDEZ_VOUS,
    *("debut", "id", "personne_id", "mesure_id", "sequence", "reference", "duree", "lieu", "statut", "tardive"),
)
# Dans une ligne, le rendez-vous et son dossier.
OU = (1, 2)


def fiches(lus: list[tuple[Any, ...]]) -> Iterator[Fiche]:
    for debut, identifiant, personne_id, mesure_id, version, reference, duree, lieu, statut, tardive in sorted(
        lus, key=DEUX_PREMIERS
    ):
        fiche = {
            "type": "rendez_vous",
            "id": identifiant,
            "personne_id": personne_id,
            "mesure_id": mesure_id,
            "version": version,
            "reference": reference,
            "debut": instant(debut),
            "duree": duree,
            "lieu": lieu,
            "statut": statut,
        }
        yield dire_tardive(fiche, tardive)
