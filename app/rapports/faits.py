"""Les faits d'une demande, chacun lu une fois, en une requête, quand un tableau en a besoin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.indicateurs.flux import Historique
from app.domain.indicateurs.rendez_vous import Etat
from app.models import Mesure, PersonneValeur, RendezVous
from app.rapports.demande import Demande

# Une série remonte deux ans avant la période.
ANNEES_DE_SERIE = 3


class FaitMesure(NamedTuple):
    """Une mesure, telle que les définitions la lisent."""

    id: str
    personne_id: str
    reference: str | None
    convention: str
    orientee_le: date | None
    prescripteur: str | None
    premier_contact_le: date | None
    entree_le: date | None
    fin_prevue_le: date | None
    sortie_le: date | None
    sortie_motif: str | None


class Faits:
    """Ce qu'une demande lit de la base. Les tableaux d'un rapport se partagent le même."""

    def __init__(self, session: Session, demande: Demande) -> None:
        self.session, self.demande = session, demande
        self._valeurs: dict[str, Mapping[str, Historique]] = {}

    @cached_property
    def mesures(self) -> list[FaitMesure]:
        """Les mesures des conventions demandées qui touchent la période, ou les années de série d'avant elle."""
        lignes = self.session.execute(
            select(*(getattr(Mesure, champ) for champ in FaitMesure._fields))
            .where(*self._des_conventions(), *self._qui_touchent())
            .order_by(Mesure.entree_le, Mesure.orientee_le, Mesure.id)
        )
        return [FaitMesure._make(ligne) for ligne in lignes]

    def valeurs(self, champ: str) -> Mapping[str, Historique]:
        """L'historique d'un champ daté, par personne ; vide pour qui n'en a pas."""
        if champ not in self._valeurs:
            trouvees: dict[str, list[tuple[date, Any]]] = defaultdict(list)
            lignes = self.session.execute(
                select(PersonneValeur.personne_id, PersonneValeur.jour, PersonneValeur.valeur)
                .where(
                    PersonneValeur.structure_id == self.demande.structure_id,
                    PersonneValeur.champ == champ,
                    PersonneValeur.personne_id.in_(self._personnes()),
                )
                .order_by(PersonneValeur.jour)
            )
            for personne_id, jour, valeur in lignes:
                trouvees[personne_id].append((jour, valeur))
            self._valeurs[champ] = trouvees
        return self._valeurs[champ]

    @cached_property
    def rendez_vous(self) -> dict[Etat, int]:
        """Combien de rendez-vous ont commencé dans la période, par état ; la base les compte."""
        passe = RendezVous.debut < self.demande.maintenant
        lignes = self.session.execute(
            rendez_vous_de(self.demande, RendezVous.statut, passe, func.count()).group_by(RendezVous.statut, passe)
        )
        return {(statut, bool(est_passe)): nombre for statut, est_passe, nombre in lignes}

    def _des_conventions(self) -> tuple[ColumnElement[bool], ...]:
        return (Mesure.structure_id == self.demande.structure_id, Mesure.convention.in_(self.demande.conventions))

    def _qui_touchent(self) -> tuple[ColumnElement[bool], ...]:
        debut = self.demande.periode.reculee(ANNEES_DE_SERIE - 1).premier_jour
        return ((Mesure.sortie_le.is_(None)) | (Mesure.sortie_le >= debut),)

    def _personnes(self) -> Select[str]:
        return select(Mesure.personne_id).where(*self._des_conventions(), *self._qui_touchent())


def rendez_vous_de(demande: Demande, *colonnes: Any) -> Select[Any]:
    """Les rendez-vous des conventions demandées qui commencent dans la période."""
    return (
        select(*colonnes)
        .select_from(RendezVous)
        .join(Mesure, (Mesure.structure_id == RendezVous.structure_id) & (Mesure.id == RendezVous.mesure_id))
        .where(
            RendezVous.structure_id == demande.structure_id,
            Mesure.convention.in_(demande.conventions),
            RendezVous.debut >= demande.periode.debut,
            RendezVous.debut < demande.periode.fin,
        )
    )
