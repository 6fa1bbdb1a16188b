"""Écrire un lot contrôlé : peu d'instructions, beaucoup de lignes, une seule transaction.

Chaque fiche prend son numéro dans la suite de la structure, personnes d'abord : un téléphone qui suit le flux reçoit
les dossiers importés comme n'importe quel autre changement.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from app.importation.controle import Lot, Nouvelle
from app.models import (
    Demarche,
    Entretien,
    Mesure,
    MesureModalite,
    MesureReferent,
    Personne,
    PersonneValeur,
    RendezVous,
)
from app.models.colonnes import Base
from sync.acces import donner
from sync.sequence import reserver

Avancer = Callable[[int], None]
PAQUET: Final = 2_000

_IDENTITE: Final = frozenset(
    {"reference", "nom", "prenom", "nom_usage", "pseudonymes", "date_naissance", "naissance_precision", "date_effet"}
)


@dataclass
class Ecriture:
    """Une écriture en cours : la suite des numéros, et jusqu'où chaque dossier est allé."""

    session: Session
    structure_id: str
    auteur_id: str
    maintenant: datetime
    aujourd_hui: date
    avancer: Avancer

    def ecrire(self, lot: Lot) -> None:
        """Écrit tout le lot. L'appelant valide ou annule la transaction."""
        fiches = [*lot.personnes, *lot.mesures, *lot.rendez_vous, *lot.entretiens]
        premier = reserver(self.session, self.structure_id, len(fiches))
        sequences = {n.fiche.id: premier + rang for rang, n in enumerate(fiches)}
        dossiers = {n.fiche.personne_id: sequences[n.fiche.id] for n in fiches}
        nouveaux = {n.fiche.id for n in lot.personnes}

        self._inserer(Personne, (self._personne(n, sequences, dossiers) for n in lot.personnes))
        self._inserer(PersonneValeur, self._valeurs(lot))
        self._inserer(Mesure, (self._mesure(n, sequences) for n in lot.mesures))
        self._inserer(MesureReferent, self._suivis(lot.mesures, "utilisateur_id", lambda n: n.referent_id))
        self._inserer(MesureModalite, self._suivis(lot.mesures, "modalite", lambda n: n.valeurs.get("modalite")))
        self._inserer(RendezVous, (self._rendez_vous(n, sequences) for n in lot.rendez_vous))
        self._inserer(Entretien, (self._entretien(n, sequences) for n in lot.entretiens))
        self._inserer(Demarche, self._demarches(lot))
        self._ouvrir_acces(lot.mesures)
        self._avancer_dossiers({p: s for p, s in dossiers.items() if p not in nouveaux})

    def _personne(self, n: Nouvelle, sequences: dict[str, int], dossiers: dict[str, int]) -> dict[str, Any]:
        v = n.valeurs
        naissance, precision = v.get("date_naissance", (None, None))
        return self._fiche(n, sequences) | {
            "nom": v.get("nom", ""),
            "prenom": v.get("prenom", ""),
            "nom_usage": v.get("nom_usage"),
            "pseudonymes": v.get("pseudonymes", []),
            "date_naissance": naissance,
            "naissance_precision": v.get("naissance_precision", precision),
            "sequence_dossier": dossiers[n.fiche.id],
        }

    def _mesure(self, n: Nouvelle, sequences: dict[str, int]) -> dict[str, Any]:
        colonnes = (
            "convention",
            "orientee_le",
            "prescripteur",
            "premier_contact_le",
            "entree_le",
            "fin_prevue_le",
            "sortie_le",
            "sortie_motif",
        )
        return self._fiche(n, sequences) | self._du_dossier(n) | {c: n.valeurs.get(c) for c in colonnes}

    def _rendez_vous(self, n: Nouvelle, sequences: dict[str, int]) -> dict[str, Any]:
        v = n.valeurs
        return (
            self._fiche(n, sequences)
            | self._du_dossier(n)
            | {
                "mesure_id": n.fiche.mesure_id,
                "debut": v["debut"],
                "duree": v.get("duree"),
                "lieu": v.get("lieu"),
                "statut": v["statut"],
            }
        )

    def _entretien(self, n: Nouvelle, sequences: dict[str, int]) -> dict[str, Any]:
        v = n.valeurs
        heure: time | None = v.get("heure")
        return (
            self._fiche(n, sequences)
            | self._du_dossier(n)
            | {
                "mesure_id": n.fiche.mesure_id,
                "rendez_vous_id": n.rendez_vous_id,
                "date": v["date"],
                "heure": None if heure is None else heure.strftime("%H:%M"),
                "duree": v.get("duree"),
                "moyen": v["moyen"],
                "lieu": v.get("lieu"),
                "synthese": v.get("synthese"),
                "auteur_id": n.referent_id or self.auteur_id,
            }
        )

    def _fiche(self, n: Nouvelle, sequences: dict[str, int]) -> dict[str, Any]:
        return {
            "structure_id": self.structure_id,
            "id": n.fiche.id,
            "reference": n.valeurs["reference"],
            "sequence": sequences[n.fiche.id],
            "cree_le": self.maintenant,
        }

    def _du_dossier(self, n: Nouvelle) -> dict[str, Any]:
        return {"personne_id": n.fiche.personne_id}

    def _valeurs(self, lot: Lot) -> Iterator[dict[str, Any]]:
        connues_depuis = _premieres_dates(lot)
        for n in lot.personnes:
            jour = n.valeurs.get("date_effet") or connues_depuis.get(n.fiche.id, self.aujourd_hui)
            valeurs = {c: v for c, v in n.valeurs.items() if c not in _IDENTITE}
            for champ, valeur in valeurs.items():
                yield {
                    "structure_id": self.structure_id,
                    "personne_id": n.fiche.id,
                    "champ": champ,
                    "jour": jour,
                    "valeur": valeur,
                }

    def _suivis(
        self, mesures: Iterable[Nouvelle], colonne: str, valeur: Callable[[Nouvelle], str | None]
    ) -> Iterator[dict[str, Any]]:
        for n in mesures:
            if (suivi := valeur(n)) is not None:
                yield {
                    "structure_id": self.structure_id,
                    "mesure_id": n.fiche.id,
                    "jour": _debut(n),
                    colonne: suivi,
                }

    def _demarches(self, lot: Lot) -> Iterator[dict[str, Any]]:
        for n in lot.entretiens:
            for rang, (famille, nature) in enumerate(lot.demarches.get(n.fiche.id, ())):
                yield {
                    "structure_id": self.structure_id,
                    "entretien_id": n.fiche.id,
                    "rang": rang,
                    "personne_id": n.fiche.personne_id,
                    "famille": famille,
                    "nature": nature,
                    "date": n.valeurs["date"],
                    "mesure_id": n.fiche.mesure_id,
                }

    def _ouvrir_acces(self, mesures: Iterable[Nouvelle]) -> None:
        """Le référent d'une mesure ouverte reçoit le dossier."""
        donner(
            self.session,
            self.structure_id,
            [
                (n.referent_id, n.fiche.personne_id)
                for n in mesures
                if n.referent_id is not None and (n.valeurs.get("sortie_le") or date.max) > self.aujourd_hui
            ],
        )

    def _avancer_dossiers(self, dossiers: dict[str, int]) -> None:
        """Un dossier d'avant qui reçoit une fiche repasse devant le curseur des téléphones."""
        if not dossiers:
            return
        table = _table(Personne)
        self.session.connection().execute(
            update(table)
            .where(table.c.structure_id == self.structure_id, table.c.id == bindparam("dossier"))
            .values(sequence_dossier=bindparam("jusqu_a")),
            [{"dossier": personne, "jusqu_a": sequence} for personne, sequence in dossiers.items()],
        )

    def _inserer(self, modele: type[Base], lignes: Iterable[dict[str, Any]]) -> None:
        instruction, connexion = insert(_table(modele)), self.session.connection()
        reste = iter(lignes)
        while paquet := list(islice(reste, PAQUET)):
            connexion.execute(instruction, paquet)
            self.avancer(len(paquet))


def _table(modele: type[Base]) -> Table:
    table = modele.__table__
    assert isinstance(table, Table)  # noqa: S101  # une table, jamais une jointure : le dit au vérificateur de types
    return table


def _debut(n: Nouvelle) -> date:
    debut: date = n.valeurs.get("entree_le") or n.valeurs["orientee_le"]
    return min(debut, n.valeurs.get("orientee_le") or debut)


def _premieres_dates(lot: Lot) -> dict[str, date]:
    """La plus ancienne date connue de chaque personne : ce qu'on sait d'elle est réputé vrai depuis ce jour."""
    premieres: dict[str, date] = {}
    jours = (
        *((n, _debut(n)) for n in lot.mesures),
        *((n, n.valeurs["date"]) for n in lot.rendez_vous),
        *((n, n.valeurs["date"]) for n in lot.entretiens),
    )
    for n, jour in jours:
        personne = n.fiche.personne_id
        if personne not in premieres or jour < premieres[personne]:
            premieres[personne] = jour
    return premieres
