"""Qui agit : tout ce qu'un client ne peut pas dire de lui-même vient d'ici."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.domain import dates, roles
from sync.operation import PROTOCOLE

# Le contrôle et la relecture portent sur toute la structure.
ROLES_STRUCTURE_ENTIERE = frozenset(roles.STRUCTURE_ENTIERE)

HORS_LIGNE = frozenset({"echange", "scelle"})


@dataclass(frozen=True, slots=True)
class Acteur:
    """L'auteur d'un lot d'opérations, tel que la session ou l'appareil l'établit.

    `maintenant` est l'heure du serveur (avec fuseau). `origine` : « echange », « scelle », « bureau » ou « import ».
    `revoque` : le dépôt vient d'un appareil révoqué ; il est reçu, et signalé. `ecart` : ce dont la montre de
    l'appareil avance (+) sur le serveur, quand l'échange l'a mesuré. `protocole` : celui que parle l'appareil.
    """

    structure_id: str
    utilisateur_id: str
    role: str
    appareil_id: str | None
    maintenant: dt.datetime
    origine: str = "echange"
    revoque: bool = False
    ecart: dt.timedelta | None = None
    protocole: int = PROTOCOLE

    @property
    def voit_tout(self) -> bool:
        return self.role in ROLES_STRUCTURE_ENTIERE

    @property
    def recoit_pour_d_autres(self) -> bool:
        """Il importe une liste d'orientations : rien n'entre dans sa file, et ce qu'il reçoit n'est pas à relire."""
        return self.origine == "import" and self.voit_tout

    @property
    def jour(self) -> dt.date:
        """Celui du serveur, à Paris : ni la montre d'un appareil ni le fuseau de la machine ne finissent un prêt."""
        return dt.date.fromisoformat(dates.jour_paris(dates.instant(self.maintenant)))

    @property
    def source(self) -> str:
        return source(self.appareil_id, self.utilisateur_id)

    @property
    def hors_ligne(self) -> bool:
        """Ce qui arrive a pu être noté sans voir l'état du serveur : il vient de la file d'un appareil."""
        return self.appareil_id is not None and self.origine in HORS_LIGNE


def source(appareil_id: str | None, utilisateur_id: str) -> str:
    """D'où vient une opération : un appareil, ou à défaut le bureau d'une personne. Une source ne se contredit pas."""
    return appareil_id or f"bureau/{utilisateur_id}"
