"""Un import du début à la fin : trouver les fichiers, les lire, les contrôler, les écrire."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.domain.indicateurs.periode import PARIS
from app.importation.anomalie import Anomalies
from app.importation.connu import lire_connu
from app.importation.controle import Controle, Lot
from app.importation.ecriture import Avancer, Ecriture
from app.importation.feuilles import Lues, lire_fichier, trouver
from app.importation.lecture import lignes_estimees
from app.models import Operation
from app.moteur import ecrire, lire


class Progression(Protocol):
    """Ce qui montre l'avancement : une étape a un nom et un nombre de pas, s'il est connu."""

    def etape(self, nom: str, total: int | None) -> AbstractContextManager[Avancer]: ...


class SansProgression:
    """Rien à montrer."""

    @contextmanager
    def etape(self, nom: str, total: int | None) -> Iterator[Avancer]:
        yield lambda _: None


@dataclass
class Compte:
    """Ce qu'un import a fait. `ecrites` et `deja` comptent par fichier."""

    anomalies: Anomalies
    ecrites: dict[str, int] = field(default_factory=dict)
    deja: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.ecrites.values())


@dataclass(frozen=True)
class Importation:
    """Un import dans une structure, au nom de l'un de ses comptes.

    Sans `lignes_valides`, la moindre anomalie empêche d'écrire quoi que ce soit.
    """

    moteur: Engine
    structure_id: str
    utilisateur_id: str
    role: str
    maintenant: datetime
    lignes_valides: bool = False
    progression: Progression = field(default_factory=SansProgression)

    def importer(self, dossier: Path) -> Compte:
        anomalies = Anomalies()
        chemins = trouver(dossier, anomalies)
        lues = {nom: self._lire(nom, chemin, anomalies) for nom, chemin in chemins.items()}
        with lire(self.moteur, self.structure_id) as session:
            connu = lire_connu(session, self.structure_id, lues)
        lot = self._controler(Controle(connu, anomalies, self.maintenant), lues)
        compte = Compte(anomalies, deja=dict(lot.deja))
        if lot.nombre and (self.lignes_valides or not anomalies):
            self._ecrire(lot)
            compte.ecrites = _comptes(lot)
        return compte

    def _lire(self, nom: str, chemin: Path, anomalies: Anomalies) -> Lues:
        with self.progression.etape(f"Lecture de {chemin.name}", lignes_estimees(chemin)) as avancer:
            return lire_fichier(nom, chemin, anomalies, avancer)

    def _controler(self, controle: Controle, lues: dict[str, Lues]) -> Lot:
        def de(nom: str) -> Lues:
            return lues.get(nom) or Lues(f"{nom}.csv")

        controle.personnes(de("personnes"))
        controle.mesures(de("mesures"))
        controle.rendez_vous(de("rendez_vous"))
        controle.entretiens(de("entretiens"), de("demarches"))
        return controle.lot

    def _ecrire(self, lot: Lot) -> None:
        with (
            self.progression.etape("Enregistrement", lot.nombre) as avancer,
            ecrire(self.moteur, self.structure_id) as session,
        ):
            aujourd_hui = self.maintenant.astimezone(PARIS).date()
            Ecriture(session, self.structure_id, self.utilisateur_id, self.maintenant, aujourd_hui, avancer).ecrire(lot)
            self._journaliser(session, _comptes(lot))

    def _journaliser(self, session: Session, ecrites: dict[str, int]) -> None:
        """Une ligne au journal pour l'import entier : qui, quand, combien."""
        identifiant = str(uuid7())
        champs = {"fichiers": ecrites, "lignes_valides": self.lignes_valides}
        session.add(
            Operation(
                structure_id=self.structure_id,
                id=identifiant,
                genre="importer",
                entite=identifiant,
                # Un import n'est pas l'affaire d'une personne : il porte son propre identifiant.
                personne_id=identifiant,
                champs=champs,
                compteur=0,
                heure=self.maintenant,
                empreinte=hashlib.sha256(json.dumps(champs, sort_keys=True).encode()).hexdigest(),
                statut="applied",
                utilisateur_id=self.utilisateur_id,
                role=self.role,
                origine="import",
                recue_le=self.maintenant,
            )
        )


def _comptes(lot: Lot) -> dict[str, int]:
    comptes = {
        "personnes": len(lot.personnes),
        "mesures": len(lot.mesures),
        "rendez_vous": len(lot.rendez_vous),
        "entretiens": len(lot.entretiens),
        "demarches": sum(len(d) for d in lot.demarches.values()),
    }
    return {nom: nombre for nom, nombre in comptes.items() if nombre}
