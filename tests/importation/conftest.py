"""Une base neuve avec une association, deux comptes et ses conventions, et un dossier à importer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.importation import Compte, Importation
from app.models import Structure, Utilisateur
from app.models.colonnes import Base
from app.moteur import ouvrir_moteur
from sync.conventions import enregistrer
from tests.bases import ecrire, lire, temoin

MAINTENANT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
STRUCTURE = "0190a000-0000-7000-8000-000000000001"
SECRETARIAT = "0190a000-0000-7000-8000-000000000002"
CAMILLE = "0190a000-0000-7000-8000-000000000003"


@dataclass
class Essai:
    """Écrire des fichiers, importer, compter."""

    moteur: Engine
    dossier: Path

    def fichier(self, nom: str, texte: str, encodage: str = "utf-8") -> Path:
        chemin = self.dossier / nom
        chemin.write_bytes(texte.encode(encodage))
        return chemin

    def importer(self, *, lignes_valides: bool = False) -> Compte:
        return Importation(self.moteur, STRUCTURE, SECRETARIAT, "secretariat", MAINTENANT, lignes_valides).importer(
            self.dossier
        )

    def anomalies(self) -> list[str]:
        return [str(a) for a in self.importer().anomalies]

    def compter(self, modele: type[Base]) -> int:
        with lire(self.moteur) as session:
            return session.scalar(select(func.count()).select_from(modele)) or 0

    def lire(self) -> Session:
        return Session(temoin(self.moteur))

    def dossier_complet(self) -> None:
        """Une personne, sa mesure, deux rendez-vous, un entretien et deux démarches."""
        self.fichier(
            "personnes.csv",
            "reference;nom;prenom;sexe;telephones;date_naissance\nP1;Boisfictif;Awa;femme;06 39 98 00 01;14/07/1988\n",
        )
        self.fichier(
            "mesures.csv",
            "reference;personne;convention;orientee_le;entree_le;referent\n"
            "M1;P1;ASP-NC;20/12/2025;05/01/2026;camille@essai.example\n",
        )
        self.fichier(
            "rendez_vous.csv",
            "reference;mesure;date;heure;duree;lieu;statut\n"
            "R1;M1;12/01/2026;9:30;45;Maison des Contes;honore\n"
            "R2;M1;12/12/2026;9h30;45;Maison des Contes;propose\n",
        )
        self.fichier(
            "entretiens.csv",
            "reference;mesure;rendez_vous;date;heure;moyen;synthese\n"
            'E1;M1;R1;12/01/2026;9:30;presentiel;"Premier bilan ; deux lignes\nà suivre"\n',
        )
        self.fichier("demarches.csv", "entretien;famille;nature\nE1;logement;demande_logement\nE1;tre;\n")


@pytest.fixture
def essai(tmp_path: Path, adresse: str) -> Iterator[Essai]:
    moteur = ouvrir_moteur(adresse)
    with ecrire(moteur) as session:
        session.add(Structure(id=STRUCTURE, nom="Essai", generation=STRUCTURE, cree_le=MAINTENANT))
        session.flush()
        for identifiant, cle, role in (
            (SECRETARIAT, "secretariat", "secretariat"),
            (CAMILLE, "camille", "conseiller"),
        ):
            session.add(
                Utilisateur(
                    structure_id=STRUCTURE,
                    id=identifiant,
                    nom="Essai",
                    prenom=cle,
                    courriel=f"{cle}@essai.example",
                    role=role,
                    cree_le=MAINTENANT,
                )
            )
        session.flush()
        enregistrer(session, STRUCTURE)
    dossier = tmp_path / "reprise"
    dossier.mkdir()
    yield Essai(moteur, dossier)
    moteur.dispose()
