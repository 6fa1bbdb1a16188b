"""Corriger un refus : une fois, sur la même fiche, par la personne qui l'avait faite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Operation as Journal
from sync.etat import Ligne
from sync.operation import Operation
from sync.regles.regle import refuser


@dataclass(slots=True)
class Corrections:
    """Les opérations que le lot dit remplacer, et celles qui le sont déjà.

    Une opération absente du journal a pu être refusée avant d'y entrer (illisible, ou avant une restauration) : sa
    correction est reçue.
    """

    citees: dict[str, Ligne] = field(default_factory=dict)
    corrigees: set[str] = field(default_factory=set)

    def retenir(self, ligne: Ligne) -> None:
        """Une ligne du journal, lue ou écrite à l'instant."""
        self.citees[ligne["id"]] = ligne
        if ligne["remplace"] and ligne["statut"] != "refused":
            self.corrigees.add(ligne["remplace"])

    def verifier(self, operation: Operation, utilisateur_id: str, nommee: str) -> None:
        """Lève `Refus` si l'opération citée n'est pas à corriger ainsi. `nommee` : l'entité d'avant l'aiguillage."""
        citee = self.citees.get(operation.remplace or "")
        if operation.remplace is None or citee is None:
            return
        if citee["utilisateur_id"] != utilisateur_id:
            raise refuser("remplace", "Seule la personne qui l'a faite corrige une opération.")
        if citee["statut"] != "refused":
            raise refuser("remplace", "L'opération citée n'a pas été refusée : il n'y a rien à corriger.")
        if citee["entite"] not in (operation.entite, nommee):
            raise refuser("remplace", "Une correction porte sur la même fiche.")
        if operation.remplace in self.corrigees:
            raise refuser("remplace", "Cette opération a déjà été corrigée.")


def lire_corrections(session: Session, structure_id: str, operations: Sequence[Operation]) -> Corrections:
    corrections = Corrections()
    citees = sorted({operation.remplace for operation in operations if operation.remplace})
    if citees:
        requete = select(Journal.id, Journal.entite, Journal.statut, Journal.utilisateur_id, Journal.remplace).where(
            Journal.structure_id == structure_id, or_(Journal.id.in_(citees), Journal.remplace.in_(citees))
        )
        for ligne in session.execute(requete).mappings():
            corrections.retenir(dict(ligne))
    return corrections
