"""Les fiches où une règle d'anomalie peut avoir quelque chose à dire, choisies par la base sur peu de colonnes.

Un essai vérifie que ce choix n'oublie rien de ce que les règles diraient des dossiers entiers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from app.domain.anomalies import REGLES
from app.domain.anomalies.personnes import AGES
from app.domain.dates import instant, instant_de
from app.models import Controle, Entretien, Mesure, MesureReferent, Personne, Piece, RendezVous

Fiche = dict[str, Any]

# Au-delà, une règle a surtout à dire qu'il y en a beaucoup.
MAX = 1000


def lire_mesures(session: Session, structure_id: str, condition: ColumnElement[bool]) -> dict[str, list[Fiche]]:
    """Les mesures qui répondent, par personne, sous la forme que lisent les règles."""
    histoires: dict[str, list[list[str]]] = defaultdict(list)
    # Une seule lecture des référents, par la même condition que les mesures.
    suivis = (
        select(MesureReferent.mesure_id, MesureReferent.jour, MesureReferent.utilisateur_id)
        .join(Mesure, and_(Mesure.structure_id == MesureReferent.structure_id, Mesure.id == MesureReferent.mesure_id))
        .where(MesureReferent.structure_id == structure_id, condition)
        .order_by(MesureReferent.jour)
    )
    for mesure_id, depuis, utilisateur_id in session.execute(suivis):
        histoires[mesure_id].append([depuis.isoformat(), utilisateur_id])
    trouvees: dict[str, list[Fiche]] = defaultdict(list)
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
    for ligne in session.execute(select(*colonnes).where(Mesure.structure_id == structure_id, condition)).mappings():
        mesure = {nom: valeur.isoformat() if isinstance(valeur, dt.date) else valeur for nom, valeur in ligne.items()}
        mesure |= {"type": "mesure", "historique": {"referent": histoires[ligne["id"]], "modalite": []}}
        trouvees[ligne["personne_id"]].append(mesure)
    return trouvees


class Candidates:
    """Les fiches où une règle peut avoir quelque chose à dire : (code, fiche, dossier)."""

    def __init__(self, session: Session, structure_id: str, jour: str) -> None:
        self._session, self._structure_id = session, structure_id
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
        avant = _jour_ecrit(RendezVous.debut) <= cast(Mesure.orientee_le, String)
        a_relire = self._a_relire("rendez_vous", RendezVous.id)
        yield from self._rendez_vous("rendez_vous_avant_orientation", [a_relire, avant])
        a_relire = self._a_relire("entretien", Entretien.id)
        yield from self._entretiens("entretien_avant_orientation", [a_relire, Entretien.date < Mesure.orientee_le])
        yield from self._entretiens("entretien_a_venir", [a_relire, Entretien.date > self._jour])
        yield from self._pieces("contrat_non_signe", self._contrats_a_signer(), MAX)
        yield from self._pieces("fin_avant_debut", [self._a_relire("piece", Piece.id)])
        yield from self._personnes("naissance_a_verifier")

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
        condition = or_(Mesure.personne_id.in_(doubles), Mesure.personne_id.in_(douteuses))
        for siennes in lire_mesures(self._session, self._structure_id, condition).values():
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
            .where(Piece.structure_id == self._structure_id, Piece.retiree_le.is_(None), *conditions)
            .order_by(Piece.jour.desc(), Piece.id)
            .limit(limite)
        )
        for identifiant, personne, mesure, forme, valeurs, orientee, sortie in self._session.execute(requete):
            fiche = {"type": "piece", "id": identifiant, "personne_id": personne, "mesure_id": mesure}
            fiche |= {"forme": forme, "valeurs": valeurs, "retiree_le": None}
            yield code, fiche, _dossier(mesure, orientee, sortie)

    def _personnes(self, code: str) -> Iterator[tuple[str, Fiche, Fiche]]:
        plus_jeune, plus_vieux = (self._jour.year - ans for ans in AGES)
        hors_d_age = or_(
            Personne.date_naissance > dt.date(plus_jeune - 1, 12, 31),
            Personne.date_naissance < dt.date(plus_vieux, 1, 1),
        )
        requete = select(Personne.id, Personne.date_naissance).where(
            Personne.structure_id == self._structure_id,
            Personne.fusionnee_dans.is_(None),
            hors_d_age,
            self._a_relire("personne", Personne.id),
        )
        for identifiant, naissance in self._session.execute(requete):
            fiche = {"type": "personne", "id": identifiant, "date_naissance": naissance and naissance.isoformat()}
            yield code, fiche, {"mesures": []}

    def _a_relire(self, type_fiche: str, identifiant: Any) -> ColumnElement[bool]:
        """La fiche n'a pas été validée : qui valide l'a vue."""
        a_relire: ColumnElement[bool] = identifiant.in_(
            select(Controle.fiche_id).where(
                Controle.structure_id == self._structure_id,
                Controle.etat.in_(("recue", "retournee")),
                Controle.fiche_type == type_fiche,
            )
        )
        return a_relire


def _de(table: Any) -> ColumnElement[bool]:
    return and_(Mesure.structure_id == table.structure_id, Mesure.id == table.mesure_id)


def _dossier(mesure_id: str | None, orientee: dt.date | None, sortie: dt.date | None) -> Fiche:
    """Ce que ces règles lisent du dossier : leur mesure."""
    if mesure_id is None:
        return {"mesures": []}
    dates = {"orientee_le": orientee and orientee.isoformat(), "sortie_le": sortie and sortie.isoformat()}
    return {"mesures": [{"type": "mesure", "id": mesure_id, **dates}]}


def _jour_ecrit(colonne: Any) -> ColumnElement[str]:
    """Le jour d'un instant tel que la base l'écrit, dans les deux : à une journée près, et la règle tranche."""
    return func.substr(cast(colonne, String), 1, 10)
