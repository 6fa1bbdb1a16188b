"""Les actions collectives d'une demande : leurs cahiers, leurs feuilles, et ce qu'il y a derrière chaque compte.

Une liste ne nomme que qui a un dossier ; de qui vient d'ailleurs, elle ne dit que le service (docs/donnees.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import json
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.domain.cahier import valeur
from app.domain.indicateurs import actions as definition
from app.domain.personne import Fiche
from app.models import Cahier, Feuille, Personne
from app.rapports.demande import Demande
from app.rapports.listes import noms_affiches
from app.rapports.selection import LigneDeListe

AILLEURS = "Quelqu’un d’ailleurs"


def lire(session: Session, demande: Demande) -> list[Fiche]:
    """Les cahiers des actions qui comptent pour cette demande ; leurs feuilles ne se lisent que s'il y en a."""
    requete = select(Cahier.id, Cahier.nom, Cahier.valeurs).where(
        Cahier.structure_id == demande.structure_id, Cahier.genre == "action"
    )
    voulus = [
        {"id": cle, "nom": nom, "valeurs": valeurs}
        for cle, nom, valeurs in session.execute(requete.order_by(Cahier.nom, Cahier.id))
        if set(valeurs.get("conventions") or ()) & set(demande.conventions)
    ]
    feuilles = _feuilles(session, demande, [cahier["id"] for cahier in voulus]) if voulus else {}
    lus = [{"cahier": cahier, "feuilles": feuilles[cahier["id"]]} for cahier in voulus]
    return [cahier for cahier in lus if definition.compte_pour(cahier, demande.conventions, demande.periode)]


def _feuilles(session: Session, demande: Demande, cahiers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Par la connexion : la session referait chacune de ces milliers de lignes."""
    requete = select(Feuille.id, Feuille.cahier_id, Feuille.forme, cast(Feuille.valeurs, Text)).where(
        Feuille.structure_id == demande.structure_id,
        Feuille.cahier_id.in_(sorted(cahiers)),
        Feuille.retiree_le.is_(None),
    )
    lues: dict[str, list[dict[str, Any]]] = defaultdict(list)
    reunis = _reunis(session, demande.structure_id)
    for cle, cahier, forme, texte in session.connection().execute(requete):
        valeurs = json.decode(texte)
        while (dossier := valeurs.get("dossier_id")) in reunis:
            valeurs["dossier_id"] = reunis[dossier]
        lues[cahier].append({"id": cle, "forme": forme, "valeurs": valeurs})
    return lues


def _reunis(session: Session, structure_id: str) -> dict[str, str]:
    """De chaque dossier réuni à un autre, celui qui reste : une personne ne compte qu'une fois."""
    lues = session.execute(
        select(Personne.id, Personne.fusionnee_dans).where(
            Personne.structure_id == structure_id, Personne.fusionnee_dans.is_not(None)
        )
    )
    return {absorbe: reste for absorbe, reste in lues if reste}


@dataclass(frozen=True)
class DesSeances:
    action: str
    faits: Sequence[Fiche]
    date_libelle: str = "Séance du"

    @property
    def nombre(self) -> int:
        return len(self.faits)

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """De la plus ancienne à la plus récente."""
        return tuple(
            LigneDeListe(
                id=fait["id"],
                dossier_id="",
                nom=self.action,
                reference=None,
                date=valeur(fait, "le"),
                heure=valeur(fait, "debut"),
                cas="seance",
                cas_libelle=valeur(fait, "theme") or "Séance",
            )
            for fait in self.faits[debut : debut + taille]
        )


@dataclass(frozen=True)
class DesInscriptions:
    """Par jour d'inscription."""

    faits: Sequence[Fiche]
    date_libelle: str = "Inscription"

    @property
    def nombre(self) -> int:
        return len(self.faits)

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        choisies = sorted(self.faits, key=lambda fait: (valeur(fait, "le"), fait["id"]))[debut : debut + taille]
        dossiers = {dossier for fait in choisies if (dossier := valeur(fait, "dossier_id"))}
        noms = noms_affiches(session, demande.structure_id, dossiers)
        return tuple(self._ligne(fait, noms.get(valeur(fait, "dossier_id") or "")) for fait in choisies)

    def _ligne(self, fait: Fiche, nom: str | None) -> LigneDeListe:
        return LigneDeListe(
            id=fait["id"],
            dossier_id=valeur(fait, "dossier_id") if nom else "",
            nom=nom or AILLEURS,
            reference=None,
            date=valeur(fait, "le"),
            heure=None,
            cas="sur_place" if valeur(fait, "sur_place") else "inscription",
            cas_libelle="Sans être inscrit" if valeur(fait, "sur_place") else "Inscrit",
        )
