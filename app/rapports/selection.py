"""Ce qu'il y a derrière un chiffre : son nombre, et la page de la liste qui l'ouvre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from app.rapports.demande import Demande


@dataclass(frozen=True)
class LigneDeListe:
    """Un fait derrière un chiffre, avec de quoi ouvrir le dossier."""

    id: str
    dossier_id: str
    nom: str
    reference: str | None
    date: str
    heure: str | None
    cas: str
    cas_libelle: str
    lieu: str | None = None


class Selection(Protocol):
    """`nombre` est le chiffre ; `page` lit les lignes de `debut` à `debut + taille`, dans un ordre qui ne bouge pas."""

    @property
    def nombre(self) -> int: ...

    @property
    def date_libelle(self) -> str: ...

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]: ...
