"""Engendre un dossier à importer de la taille voulue, et mesure l'import dans une base neuve.

    python -m bench.fichiers_import --personnes 10000 --contacts 200000

Un contact est un rendez-vous ou un entretien ; chaque entretien a une démarche. Les personnes sont inventées.
"""

import argparse
import csv
import json
import resource
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from uuid6 import uuid7

from app.importation import Compte, Importation
from app.migrations import migrer
from app.models import Convention, Structure, Utilisateur
from app.moteur import ecrire, ouvrir_moteur

_DEBUT = date(2021, 1, 4)
_STATUTS = ("honore", "honore", "honore", "absence_excusee", "absence_non_excusee")
_FAMILLES = ("administratif", "logement", "sante", "offres", "tre", "emploi_formation")


def ecrire_dossier(dossier: Path, personnes: int, contacts: int) -> None:
    """Un dossier où tout est juste ; la moitié des contacts sont des rendez-vous, l'autre des entretiens."""
    moitie = contacts // 2
    _csv(
        dossier / "personnes.csv",
        ("reference", "nom", "prenom", "date_naissance", "sexe", "telephones", "code_commune", "commune", "rsa"),
        (
            (
                f"P-{n}",
                f"Fictif-{_mot(n)}",
                f"Prénom {_mot(n // 7)}",
                _jour(date(1960, 1, 1) + timedelta(n % 16_000)),
                ("femme", "homme")[n % 2],
                f"06 39 98 {n // 100 % 100:02} {n % 100:02}",
                "00101",
                "Fable-la-Ville",
                "beneficiaire",
            )
            for n in range(personnes)
        ),
    )
    _csv(
        dossier / "mesures.csv",
        ("reference", "personne", "convention", "orientee_le", "premier_contact_le", "entree_le", "referent"),
        (
            (
                f"M-{n}",
                f"P-{n}",
                "ASP-NC",
                _jour(_DEBUT),
                _jour(_DEBUT + timedelta(7)),
                _jour(_DEBUT + timedelta(14)),
                f"csp{n % 40}@banc.example",
            )
            for n in range(personnes)
        ),
    )
    _csv(
        dossier / "rendez_vous.csv",
        ("reference", "mesure", "date", "heure", "duree", "lieu", "statut"),
        (
            (
                f"R-{n}",
                f"M-{n % personnes}",
                _jour(_DEBUT + timedelta(20 + n // personnes * 28)),
                f"{9 + n % 8}:30",
                "45",
                "Maison des Contes",
                _STATUTS[n % 5],
            )
            for n in range(moitie)
        ),
    )
    _csv(
        dossier / "entretiens.csv",
        ("reference", "mesure", "rendez_vous", "date", "heure", "duree", "moyen", "lieu", "synthese"),
        (
            (
                f"E-{n}",
                f"M-{n % personnes}",
                f"R-{n}" if n % 2 else "",
                _jour(_DEBUT + timedelta(20 + n // personnes * 28)),
                f"{9 + n % 8}:30",
                "45",
                "presentiel" if n % 2 else "telephone",
                "Maison des Contes",
                "Point sur les démarches engagées ; le dossier de logement est complet, à relancer. " * (1 + n % 4),
            )
            for n in range(contacts - moitie)
        ),
    )
    _csv(
        dossier / "demarches.csv",
        ("entretien", "famille", "nature"),
        ((f"E-{n}", _FAMILLES[n % 6], "") for n in range(contacts - moitie)),
    )


def importer(dossier: Path, base: str) -> Compte:
    """Importe dans une base neuve d'une structure, de quarante comptes et d'une convention."""
    moteur = ouvrir_moteur(base)
    migrer(moteur)
    structure, maintenant = str(uuid7()), datetime.now(UTC)
    comptes = [
        Utilisateur(
            structure_id=structure,
            id=str(uuid7()),
            nom=f"Banc-{n}",
            prenom="Camille",
            courriel=f"csp{n}@banc.example",
            role="conseiller",
            cree_le=maintenant,
        )
        for n in range(40)
    ]
    with ecrire(moteur, structure) as session:
        session.add(Structure(id=structure, nom="Banc d'essai", generation=str(uuid7()), cree_le=maintenant))
        session.flush()
        session.add_all(comptes)
        session.add(
            Convention(
                structure_id=structure,
                id=str(uuid7()),
                code="ASP-NC",
                version="2022",
                libelle="Banc",
                debut=date(2020, 1, 1),
                donnees={},
            )
        )
    compte = Importation(moteur, structure, comptes[0].id, "conseiller", maintenant).importer(dossier)
    moteur.dispose()
    return compte


def _csv(chemin: Path, titres: Sequence[str], lignes: Iterable[Sequence[str]]) -> None:
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        ecriture = csv.writer(fichier, delimiter=";")
        ecriture.writerow(titres)
        ecriture.writerows(lignes)


def _jour(jour: date) -> str:
    return jour.strftime("%d/%m/%Y")


def _mot(n: int) -> str:
    """Un mot différent par nombre, sans chiffre : 0 → « ba », 1 → « be »."""
    syllabes = [c + v for c in "bdfglmnrst" for v in "aeiou"]
    mot = ""
    while True:
        n, reste = divmod(n, len(syllabes))
        mot += syllabes[reste]
        if n == 0:
            return mot.capitalize()


def main() -> None:
    lecteur = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lecteur.add_argument("--personnes", type=int, default=10_000)
    lecteur.add_argument("--contacts", type=int, default=200_000)
    lecteur.add_argument("--base", help="adresse de la base ; à défaut, SQLite dans un dossier passager")
    options = lecteur.parse_args()
    with tempfile.TemporaryDirectory() as passager:
        dossier = Path(passager)
        ecrire_dossier(dossier, options.personnes, options.contacts)
        debut, calcul = time.monotonic(), time.process_time()
        compte = importer(dossier, options.base or f"sqlite:///{dossier / 'banc.sqlite'}")
        secondes = time.monotonic() - debut
    print(
        json.dumps(
            {
                "secondes": round(secondes, 1),
                "processeur": round(time.process_time() - calcul, 1),
                "memoire_mio": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "anomalies": compte.anomalies.nombre,
                "ecrites": compte.ecrites,
            }
        )
    )


if __name__ == "__main__":
    main()
