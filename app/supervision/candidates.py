"""Les fiches où une règle d'anomalie peut avoir quelque chose à dire, choisies par la base sur peu de colonnes.

Un essai vérifie que ce choix n'oublie rien de ce que les règles diraient des dossiers entiers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain import piece
from app.domain.anomalies import REGLES
from app.domain.anomalies.personnes import AGES
from app.domain.dates import instant, instant_de
from app.domain.formes import charger
from app.equipe.lots import par_lots
from app.models import Controle, Entretien, Mesure, MesureReferent, Personne, Piece, RendezVous

Fiche = dict[str, Any]

# Au-delà, une règle a surtout à dire qu'il y en a beaucoup.
MAX = 1000


def lire_mesures(session: Session, structure_id: str, personnes: Collection[str]) -> dict[str, list[Fiche]]:
    """Les mesures de ces personnes, sous la forme que lisent les règles."""
    colonnes = (
        Mesure.id,
        Mesure.personne_id,
        Mesure.convention,
        Mesure.orientee_le,
        Mesure.premier_contact_le,
        Mesure.entree_le,
        Mesure.sortie_le,
        Mesure.sortie_motif,
    )
    trouvees: dict[str, list[Fiche]] = defaultdict(list)
    for lot in par_lots(personnes):
        requete = select(*colonnes).where(Mesure.structure_id == structure_id, Mesure.personne_id.in_(lot))
        lues = session.execute(requete).mappings().all()
        histoires = _referents(session, structure_id, [ligne["id"] for ligne in lues])
        for ligne in lues:
            mesure = {nom: lue.isoformat() if isinstance(lue, dt.date) else lue for nom, lue in ligne.items()}
            mesure |= {"type": "mesure", "historique": {"referent": histoires[ligne["id"]], "modalite": []}}
            trouvees[ligne["personne_id"]].append(mesure)
    return trouvees


def _referents(session: Session, structure_id: str, mesures: Collection[str]) -> dict[str, list[list[str]]]:
    histoires: dict[str, list[list[str]]] = defaultdict(list)
    requete = select(MesureReferent.mesure_id, MesureReferent.jour, MesureReferent.utilisateur_id)
    for lot in par_lots(mesures):
        siennes = requete.where(MesureReferent.structure_id == structure_id, MesureReferent.mesure_id.in_(lot))
        for mesure_id, depuis, utilisateur_id in session.execute(siennes.order_by(MesureReferent.jour)):
            histoires[mesure_id].append([depuis.isoformat(), utilisateur_id])
    return histoires


class Candidates:
    """Les fiches où une règle peut avoir quelque chose à dire à ce rôle : (code, fiche, dossier).

    Une pièce d'une forme qu'il ne lit pas n'y est pas : la dire mal datée dirait qu'elle existe.
    """

    def __init__(self, session: Session, structure_id: str, jour: str, role: str) -> None:
        self._session, self._structure_id = session, structure_id
        self._formes = sorted(code for code, decrite in charger().items() if piece.se_lit(decrite, role, None))
        self._jour = dt.date.fromisoformat(jour)
        self._minuit = dt.datetime.fromisoformat(instant_de(jour, "00:00"))

    def lire(self) -> Iterator[tuple[str, Fiche, Fiche]]:
        """Une condition qui n'est pas tout à fait celle de la règle ne coupe rien : seule une lecture exacte s'arrête à
        `MAX`.
        """
        siennes = [code for code, regle in REGLES.items() if regle.fiche == "mesure"]
        for fiche, dossier in self._mesures():
            yield from ((code, fiche, dossier) for code in siennes)
        pose = RendezVous.statut == "propose"
        passe = RendezVous.debut < self._minuit
        yield from self._rendez_vous("a_preciser", [pose, passe], MAX)
        yield from self._rendez_vous("rendez_vous_apres_sortie", [pose, ~passe, Mesure.sortie_le.is_not(None)])
        for lot in self._a_relire("rendez_vous"):
            yield from self._rendez_vous("rendez_vous_avant_orientation", [RendezVous.id.in_(lot)])
        for lot in self._a_relire("entretien"):
            siens = Entretien.id.in_(lot)
            yield from self._entretiens("entretien_avant_orientation", [siens, Entretien.date < Mesure.orientee_le])
            yield from self._entretiens("entretien_a_venir", [siens, Entretien.date > self._jour])
        yield from self._pieces("contrat_non_signe", self._contrats_a_signer(), MAX)
        for lot in self._a_relire("piece"):
            yield from self._pieces("fin_avant_debut", [Piece.id.in_(lot)])
        for lot in self._a_relire("personne"):
            yield from self._personnes("naissance_a_verifier", lot)

    def _mesures(self) -> Iterator[tuple[Fiche, Fiche]]:
        jour = self._jour
        ouverte = or_(Mesure.sortie_le.is_(None), Mesure.sortie_le > jour)
        suivie = (
            select(MesureReferent.mesure_id)
            .where(
                MesureReferent.structure_id == Mesure.structure_id,
                MesureReferent.mesure_id == Mesure.id,
                MesureReferent.jour <= jour,
            )
            .exists()
        )
        doubles = (
            select(Mesure.personne_id)
            .where(Mesure.structure_id == self._structure_id, ouverte)
            .group_by(Mesure.personne_id, Mesure.convention)
            .having(func.count() > 1)
        )
        douteuses = select(Mesure.personne_id).where(
            Mesure.structure_id == self._structure_id,
            or_(
                and_(Mesure.sortie_le.is_not(None), Mesure.sortie_motif.is_(None)),
                Mesure.sortie_le < Mesure.entree_le,
                Mesure.premier_contact_le < Mesure.orientee_le,
                Mesure.entree_le < Mesure.orientee_le,
                Mesure.orientee_le > jour,
                Mesure.premier_contact_le > jour,
                Mesure.entree_le > jour,
                and_(ouverte, ~suivie),
            ),
        )
        personnes = {personne for requete in (doubles, douteuses) for personne in self._session.scalars(requete)}
        for siennes in lire_mesures(self._session, self._structure_id, personnes).values():
            dossier = {"mesures": siennes}
            yield from ((mesure, dossier) for mesure in siennes)

    def _rendez_vous(
        self, code: str, conditions: Sequence[ColumnElement[bool]], limite: int | None = None
    ) -> Iterator[tuple[str, Fiche, Fiche]]:
        colonnes = (RendezVous.id, RendezVous.personne_id, RendezVous.mesure_id, RendezVous.debut, RendezVous.statut)
        requete = (
            select(*colonnes, Mesure.orientee_le, Mesure.sortie_le)
            .join(Mesure, _de(RendezVous))
            .where(RendezVous.structure_id == self._structure_id, *conditions)
            .order_by(RendezVous.debut.desc(), RendezVous.id)
            .limit(limite)
        )
        for identifiant, personne, mesure, debut, statut, orientee, sortie in self._session.execute(requete):
            fiche = {"type": "rendez_vous", "id": identifiant, "personne_id": personne, "mesure_id": mesure}
            yield code, fiche | {"debut": instant(debut), "statut": statut}, _dossier(mesure, orientee, sortie)

    def _entretiens(self, code: str, conditions: Sequence[ColumnElement[bool]]) -> Iterator[tuple[str, Fiche, Fiche]]:
        colonnes = (Entretien.id, Entretien.personne_id, Entretien.mesure_id, Entretien.date)
        requete = (
            select(*colonnes, Mesure.orientee_le, Mesure.sortie_le)
            .outerjoin(Mesure, _de(Entretien))
            .where(Entretien.structure_id == self._structure_id, *conditions)
            .order_by(Entretien.date.desc(), Entretien.id)
            .limit(MAX)
        )
        for identifiant, personne, mesure, date, orientee, sortie in self._session.execute(requete):
            fiche = {"type": "entretien", "id": identifiant, "personne_id": personne, "mesure_id": mesure}
            yield code, fiche | {"date": date.isoformat()}, _dossier(mesure, orientee, sortie)

    def _contrats_a_signer(self) -> list[ColumnElement[bool]]:
        manque = [Piece.valeurs[champ].as_string().is_(None) for champ in ("signe_personne_le", "signe_referent_le")]
        ouverte = or_(Mesure.id.is_(None), Mesure.sortie_le.is_(None), Mesure.sortie_le > self._jour)
        return [Piece.forme == "contrat", Piece.jour <= self._jour, or_(*manque), ouverte]

    def _pieces(
        self, code: str, conditions: Sequence[ColumnElement[bool]], limite: int | None = None
    ) -> Iterator[tuple[str, Fiche, Fiche]]:
        colonnes = (Piece.id, Piece.personne_id, Piece.mesure_id, Piece.forme, Piece.valeurs)
        requete = (
            select(*colonnes, Mesure.orientee_le, Mesure.sortie_le)
            .outerjoin(Mesure, _de(Piece))
            .where(
                Piece.structure_id == self._structure_id,
                Piece.forme.in_(self._formes),
                Piece.retiree_le.is_(None),
                *conditions,
            )
            .order_by(Piece.jour.desc(), Piece.id)
            .limit(limite)
        )
        for identifiant, personne, mesure, forme, valeurs, orientee, sortie in self._session.execute(requete):
            fiche = {"type": "piece", "id": identifiant, "personne_id": personne, "mesure_id": mesure}
            fiche |= {"forme": forme, "valeurs": valeurs, "retiree_le": None}
            yield code, fiche, _dossier(mesure, orientee, sortie)

    def _personnes(self, code: str, lot: Sequence[str]) -> Iterator[tuple[str, Fiche, Fiche]]:
        plus_jeune, plus_vieux = (self._jour.year - ans for ans in AGES)
        hors_d_age = or_(
            Personne.date_naissance > dt.date(plus_jeune - 1, 12, 31),
            Personne.date_naissance < dt.date(plus_vieux, 1, 1),
        )
        requete = select(Personne.id, Personne.date_naissance).where(
            Personne.structure_id == self._structure_id,
            Personne.id.in_(lot),
            Personne.fusionnee_dans.is_(None),
            hors_d_age,
        )
        for identifiant, naissance in self._session.execute(requete):
            fiche = {"type": "personne", "id": identifiant, "date_naissance": naissance and naissance.isoformat()}
            yield code, fiche, {"mesures": []}

    def _a_relire(self, type_fiche: str) -> Iterator[list[str]]:
        """Les fiches qui attendent d'être relues, ou d'être reprises : qui valide l'a vu."""
        requete = select(Controle.fiche_id).where(
            Controle.structure_id == self._structure_id,
            Controle.etat.in_(("recue", "retournee")),
            Controle.fiche_type == type_fiche,
        )
        return par_lots(list(self._session.scalars(requete)))


def _de(table: Any) -> ColumnElement[bool]:
    return and_(Mesure.structure_id == table.structure_id, Mesure.id == table.mesure_id)


def _dossier(mesure_id: str | None, orientee: dt.date | None, sortie: dt.date | None) -> Fiche:
    """Ce que ces règles lisent du dossier : leur mesure."""
    if mesure_id is None:
        return {"mesures": []}
    dates = {"orientee_le": orientee and orientee.isoformat(), "sortie_le": sortie and sortie.isoformat()}
    return {"mesures": [{"type": "mesure", "id": mesure_id, **dates}]}
