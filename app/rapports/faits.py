"""Les faits d'une demande, chacun lu une fois, en une requête, quand un tableau en a besoin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.indicateurs.flux import Historique
from app.domain.indicateurs.periode import PARIS
from app.domain.indicateurs.rendez_vous import Etat
from app.models import Demarche, Entretien, Mesure, Personne, PersonneValeur, Piece, RendezVous
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


class FaitPiece(NamedTuple):
    """Une pièce d'une mesure, telle que les définitions la lisent."""

    id: str
    mesure_id: str
    personne_id: str
    jour: date
    valeurs: dict[str, Any]


# Une rencontre : ce qui se passe face à face.
MOYENS_DE_RENCONTRE = ("presentiel", "visite")


class Faits:
    """Ce qu'une demande lit de la base. Les tableaux d'un rapport se partagent le même."""

    def __init__(self, session: Session, demande: Demande) -> None:
        self.session, self.demande = session, demande
        self._valeurs: dict[str, Mapping[str, Historique]] = {}
        self._pieces: dict[str, Mapping[str, list[FaitPiece]]] = {}

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

    @cached_property
    def naissances(self) -> dict[str, date | None]:
        """La date de naissance, par personne."""
        lignes = self.session.execute(
            select(Personne.id, Personne.date_naissance).where(
                Personne.structure_id == self.demande.structure_id, Personne.id.in_(self._personnes())
            )
        )
        return {ligne.id: ligne.date_naissance for ligne in lignes}

    @cached_property
    def demarches(self) -> dict[str, int]:
        """Combien de démarches notées dans la période, par famille ; la base les compte."""
        lignes = self.session.execute(
            demarches_de(self.demande, Demarche.famille, func.count()).group_by(Demarche.famille)
        )
        return {ligne.famille: ligne[1] for ligne in lignes}

    def pieces(self, forme: str) -> Mapping[str, list[FaitPiece]]:
        """Les pièces d'une forme, par mesure, la plus ancienne d'abord, jusqu'au dernier jour ; aucune retirée."""
        if forme not in self._pieces:
            trouvees: dict[str, list[FaitPiece]] = defaultdict(list)
            lignes = self.session.execute(
                select(*(getattr(Piece, champ) for champ in FaitPiece._fields))
                .join(Mesure, (Mesure.structure_id == Piece.structure_id) & (Mesure.id == Piece.mesure_id))
                .where(
                    *self._des_conventions(),
                    *self._qui_touchent(),
                    Piece.forme == forme,
                    Piece.retiree_le.is_(None),
                    Piece.jour <= self.demande.periode.dernier_jour,
                )
                .order_by(Piece.jour, Piece.id)
            )
            for ligne in lignes:
                trouvees[ligne.mesure_id].append(FaitPiece._make(ligne))
            self._pieces[forme] = trouvees
        return self._pieces[forme]

    def premieres_rencontres(self, mesures: Iterable[str]) -> dict[str, date]:
        """Le jour de la première rencontre de chaque mesure : rendez-vous honoré, ou entretien face à face."""
        trouvees: dict[str, date] = {}
        for ici in par_lots(mesures):
            entretiens = self.session.execute(
                select(Entretien.mesure_id, func.min(Entretien.date))
                .where(
                    Entretien.structure_id == self.demande.structure_id,
                    Entretien.mesure_id.in_(ici),
                    Entretien.moyen.in_(MOYENS_DE_RENCONTRE),
                )
                .group_by(Entretien.mesure_id)
            )
            honores = self.session.execute(
                select(RendezVous.mesure_id, func.min(RendezVous.debut))
                .where(
                    RendezVous.structure_id == self.demande.structure_id,
                    RendezVous.mesure_id.in_(ici),
                    RendezVous.statut == "honore",
                )
                .group_by(RendezVous.mesure_id)
            )
            jours = [(str(mesure), jour) for mesure, jour in entretiens]
            jours += [(mesure, instant.astimezone(PARIS).date()) for mesure, instant in honores]
            for mesure, jour in jours:
                trouvees[mesure] = min(jour, trouvees.get(mesure, jour))
        return trouvees

    def honores(self, mesures: Iterable[str]) -> dict[str, int]:
        """Combien de rendez-vous honorés sur toute la mesure ; absent : aucun."""
        trouves: dict[str, int] = {}
        for ici in par_lots(mesures):
            lignes = self.session.execute(
                select(RendezVous.mesure_id, func.count())
                .where(
                    RendezVous.structure_id == self.demande.structure_id,
                    RendezVous.mesure_id.in_(ici),
                    RendezVous.statut == "honore",
                )
                .group_by(RendezVous.mesure_id)
            )
            trouves.update((mesure, nombre) for mesure, nombre in lignes)
        return trouves

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


def demarches_de(demande: Demande, *colonnes: Any) -> Select[Any]:
    """Les démarches des entretiens de la période, pour les mesures des conventions demandées."""
    return (
        select(*colonnes)
        .select_from(Entretien)
        .join(Mesure, (Mesure.structure_id == Entretien.structure_id) & (Mesure.id == Entretien.mesure_id))
        .join(Demarche, (Demarche.structure_id == Entretien.structure_id) & (Demarche.entretien_id == Entretien.id))
        .where(
            Entretien.structure_id == demande.structure_id,
            Mesure.convention.in_(demande.conventions),
            Entretien.date >= demande.periode.premier_jour,
            Entretien.date <= demande.periode.dernier_jour,
        )
    )


def par_lots(identifiants: Iterable[str], taille: int = 500) -> Iterator[list[str]]:
    """Des listes assez courtes pour une requête."""
    tous = sorted(set(identifiants))
    for debut in range(0, len(tous), taille):
        yield tous[debut : debut + taille]
