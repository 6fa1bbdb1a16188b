"""Les faits d'une demande, chacun lu une fois, en une requête, quand un tableau en a besoin."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeVarTuple

from msgspec import json
from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select
from sqlalchemy.orm import Session

from app.domain.indicateurs.flux import PARMI, Historique, retenir
from app.domain.indicateurs.periode import Periode
from app.domain.indicateurs.rendez_vous import Etat
from app.models import Demarche, Mesure, Personne, PersonneValeur, Piece, RendezVous
from app.rapports.demande import Demande

Colonnes = TypeVarTuple("Colonnes")
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


class Faits:
    """Ce qu'une demande lit de la base. Les tableaux d'un rapport se partagent le même.

    `sans_serie` : pour un tableau qui ne remonte pas avant la période, les mesures d'avant elle ne se lisent pas.
    """

    def __init__(self, session: Session, demande: Demande, *, sans_serie: bool = False) -> None:
        self.session, self.demande, self.sans_serie = session, demande, sans_serie
        self._retenues: dict[tuple[str, Periode], list[FaitMesure]] = {}
        self._valeurs: dict[str, Mapping[str, Historique]] = {}
        self._pieces: dict[tuple[str, bool], Mapping[str, list[FaitPiece]]] = {}

    @cached_property
    def mesures(self) -> list[FaitMesure]:
        """Les mesures des conventions demandées qui touchent la période, ou les années de série d'avant elle."""
        lignes = self.lignes(
            select(*(getattr(Mesure, champ) for champ in FaitMesure._fields))
            .where(*self._des_conventions(), *self._qui_touchent())
            .order_by(Mesure.entree_le, Mesure.orientee_le, Mesure.id)
        )
        aujourd_hui = self.demande.aujourd_hui
        return [_a_ce_jour(FaitMesure._make(ligne), aujourd_hui) for ligne in lignes]

    def retenues(self, code: str, periode: Periode | None = None) -> list[FaitMesure]:
        """Les mesures derrière un chiffre (`flux.REGLES`), cherchées une fois pour tous les tableaux ; de la période,
        ou d'une autre de la série. Elles se partagent : aucun tableau ne change cette liste.
        """
        cle = code, periode or self.demande.periode
        if cle not in self._retenues:
            parmi = self.retenues(PARMI[code], periode) if code in PARMI else self.mesures
            self._retenues[cle] = retenir(parmi, cle[1], code)
        return self._retenues[cle]

    def valeurs(self, champ: str) -> Mapping[str, Historique]:
        """L'historique d'un champ daté, par personne accompagnée dans la période ; vide pour qui n'en a pas."""
        if champ not in self._valeurs:
            self.lire_ensemble((champ,))
        return self._valeurs[champ]

    def lire_ensemble(self, champs: Sequence[str]) -> None:
        """Plusieurs champs d'une seule lecture : les personnes ne sont cherchées qu'une fois."""
        trouvees: dict[str, dict[str, list[tuple[date, Any]]]] = {champ: defaultdict(list) for champ in champs}
        lignes = self.lignes(
            # Le JSON est relu ici, une fois par texte : les mêmes codes reviennent des milliers de fois.
            select(
                PersonneValeur.champ,
                PersonneValeur.personne_id,
                PersonneValeur.jour,
                cast(PersonneValeur.valeur, Text),
            )
            .where(
                PersonneValeur.structure_id == self.demande.structure_id,
                PersonneValeur.champ.in_(champs),
                PersonneValeur.personne_id.in_(self._personnes()),
            )
            .order_by(PersonneValeur.personne_id, PersonneValeur.champ, PersonneValeur.jour)
        )
        decoder = cache(_json)
        for champ, personne_id, jour, texte in lignes:
            trouvees[champ][personne_id].append((jour, decoder(texte)))
        self._valeurs.update(trouvees)

    @cached_property
    def rendez_vous(self) -> Counter[Etat]:
        """Combien de rendez-vous ont commencé dans la période, par état."""
        return sum(self.rendez_vous_par_lieu.values(), Counter())

    @cached_property
    def rendez_vous_par_lieu(self) -> dict[str | None, Counter[Etat]]:
        """Les mêmes, par lieu tel qu'il est écrit ; la base les compte."""
        passe = RendezVous.debut < self.demande.maintenant
        lignes = self.lignes(
            select(RendezVous.lieu, RendezVous.statut, passe, func.count())
            .where(*_commences(self.demande), RendezVous.mesure_id.in_(_toutes(self.demande)))
            .group_by(RendezVous.lieu, RendezVous.statut, passe)
        )
        comptes: dict[str | None, Counter[Etat]] = defaultdict(Counter)
        for lieu, statut, est_passe, nombre in lignes:
            comptes[lieu][statut, bool(est_passe)] = nombre
        return comptes

    @cached_property
    def naissances(self) -> dict[str, date | None]:
        """La date de naissance, par personne accompagnée dans la période."""
        lignes = self.lignes(
            select(Personne.id, Personne.date_naissance).where(
                Personne.structure_id == self.demande.structure_id, Personne.id.in_(self._personnes())
            )
        )
        return dict(lignes)

    @cached_property
    def demarches(self) -> dict[str, int]:
        """Combien de démarches notées dans la période, par famille ; la base les compte."""
        lignes = self.lignes(demarches_de(self.demande, Demarche.famille, func.count()).group_by(Demarche.famille))
        return dict(lignes)

    def pieces_de_la_periode(self, forme: str) -> Mapping[str, list[FaitPiece]]:
        """Comme `pieces`, pour les seules mesures qui touchent la période : moitié moins à lire."""
        return self._lire_pieces(forme, de_la_periode=True)

    def pieces(self, forme: str) -> Mapping[str, list[FaitPiece]]:
        """Les pièces d'une forme, par mesure, la plus ancienne d'abord, jusqu'au dernier jour ; aucune retirée."""
        return self._lire_pieces(forme, de_la_periode=False)

    def _lire_pieces(self, forme: str, *, de_la_periode: bool) -> Mapping[str, list[FaitPiece]]:
        if (forme, de_la_periode) not in self._pieces:
            lesquelles = self._de_la_periode() if de_la_periode else self._qui_touchent()
            trouvees: dict[str, list[FaitPiece]] = defaultdict(list)
            lignes = self.lignes(
                select(Piece.id, Piece.mesure_id, Piece.personne_id, Piece.jour, cast(Piece.valeurs, Text))
                .join(Mesure, (Mesure.structure_id == Piece.structure_id) & (Mesure.id == Piece.mesure_id))
                .where(
                    *self._des_conventions(),
                    *lesquelles,
                    Piece.forme == forme,
                    Piece.retiree_le.is_(None),
                    Piece.jour <= self.demande.periode.dernier_jour,
                )
                .order_by(Piece.jour, Piece.id)
            )
            for cle, mesure_id, personne_id, jour, texte in lignes:
                if mesure_id and jour:
                    trouvees[mesure_id].append(FaitPiece(cle, mesure_id, personne_id, jour, _json(texte)))
            self._pieces[forme, de_la_periode] = trouvees
        return self._pieces[forme, de_la_periode]

    def lignes(self, requete: Select[*Colonnes]) -> Sequence[Row[*Colonnes]]:
        """Par la connexion de la session, qui referait sinon chacune des dizaines de milliers de lignes."""
        return self.session.connection().execute(requete).all()

    def _des_conventions(self) -> tuple[ColumnElement[bool], ...]:
        return des_conventions(self.demande)

    def _qui_touchent(self) -> tuple[ColumnElement[bool], ...]:
        if self.sans_serie:
            premier = self.demande.periode.premier_jour
            return ((Mesure.sortie_le.is_(None)) | (Mesure.sortie_le >= premier) | (Mesure.orientee_le >= premier),)
        debut = self.demande.periode.reculee(ANNEES_DE_SERIE - 1).premier_jour
        return ((Mesure.sortie_le.is_(None)) | (Mesure.sortie_le >= debut),)

    def _de_la_periode(self) -> tuple[ColumnElement[bool], ...]:
        """Les mesures qui touchent la période elle-même : les accompagnées y sont toutes."""
        return ((Mesure.sortie_le.is_(None)) | (Mesure.sortie_le >= self.demande.periode.premier_jour),)

    def _personnes(self) -> Select[str]:
        """Celles que la période compte ; une mesure qui n'y est pas encore entrée n'en dit rien."""
        entrees = Mesure.entree_le <= self.demande.periode.dernier_jour
        return select(Mesure.personne_id).where(*self._des_conventions(), *self._de_la_periode(), entrees)


def _a_ce_jour(mesure: FaitMesure, aujourd_hui: date) -> FaitMesure:
    """Telle qu'elle est ce jour : une entrée ou une sortie datée de plus tard n'a pas encore eu lieu."""
    if mesure.entree_le is not None and mesure.entree_le > aujourd_hui:
        mesure = mesure._replace(entree_le=None)
    if mesure.sortie_le is not None and mesure.sortie_le > aujourd_hui:
        mesure = mesure._replace(sortie_le=None, sortie_motif=None)
    return mesure


def _json(texte: str | None) -> Any:
    return None if texte is None else json.decode(texte)


def des_conventions(demande: Demande) -> tuple[ColumnElement[bool], ...]:
    return (Mesure.structure_id == demande.structure_id, Mesure.convention.in_(demande.conventions))


def rendez_vous_de(demande: Demande, *colonnes: Any) -> Select[*tuple[Any, ...]]:
    """Les rendez-vous des conventions demandées qui commencent dans la période."""
    return (
        select(*colonnes)
        .select_from(RendezVous)
        # Une jointure : la page d'une liste s'arrête alors à ses cent lignes, lues dans l'ordre des jours.
        .join(Mesure, (Mesure.structure_id == RendezVous.structure_id) & (Mesure.id == RendezVous.mesure_id))
        .where(*_commences(demande), *des_conventions(demande))
    )


def _commences(demande: Demande) -> tuple[ColumnElement[bool], ...]:
    return (
        RendezVous.structure_id == demande.structure_id,
        RendezVous.debut >= demande.periode.debut,
        RendezVous.debut < demande.periode.fin,
    )


def demarches_de(demande: Demande, *colonnes: Any) -> Select[*tuple[Any, ...]]:
    """Les démarches des entretiens de la période, pour les mesures des conventions demandées."""
    return select(*colonnes).where(
        Demarche.structure_id == demande.structure_id,
        Demarche.date >= demande.periode.premier_jour,
        Demarche.date <= demande.periode.dernier_jour,
        Demarche.mesure_id.in_(_toutes(demande)),
    )


def _toutes(demande: Demande) -> Select[str]:
    """Même d'avant la série : un contact peut suivre la sortie. La base les cherche une fois, pas une par contact."""
    return select(Mesure.id).where(*des_conventions(demande))
