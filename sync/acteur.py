"""Qui agit : tout ce qu'un client ne peut pas dire de lui-même vient d'ici."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

# Le contrôle et la relecture portent sur toute la structure ; l'administration ne lit aucun dossier.
ROLES_STRUCTURE_ENTIERE = frozenset({"chef_de_service", "secretariat"})


@dataclass(frozen=True, slots=True)
class Acteur:
    """L'auteur d'un lot d'opérations, tel que la session ou l'appareil l'établit.

    `maintenant` est l'heure du serveur (avec fuseau). `origine` : « echange », « scelle », « bureau » ou « import ».
    `revoque` : le dépôt vient d'un appareil révoqué ; il est reçu, et signalé. `ecart` : ce dont la montre de
    l'appareil avance (+) sur le serveur, quand l'échange l'a mesuré.
    """

    structure_id: str
    utilisateur_id: str
    role: str
    appareil_id: str | None
    maintenant: dt.datetime
    origine: str = "echange"
    revoque: bool = False
    ecart: dt.timedelta | None = None

    @property
    def voit_tout(self) -> bool:
        return self.role in ROLES_STRUCTURE_ENTIERE
