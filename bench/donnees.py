"""La file active des mesures : 80 personnes, 3 500 fiches de quelque 600 octets, plausibles et inventées.

Lancé comme programme avec le chemin de la base à créer : elle naît hors du processus qui mesure.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.browser.semences import (
    COMPTES,
    CONVENTION,
    LIEU,
    MOT_DE_PASSE,
    Compte,
    Operations,
    identifiant,
    poser_la_structure,
)

PERSONNES = 80
FICHES = 3_500
GRAINE = 20_261_122

PRENOMS = (
    "Awa Bruno Chloé Driss Elsa Farid Gaëlle Hugo Inès Joël Karima Léo Maëlle Nadir Odile Paul Rosa Sami Tina Yann"
)
NOMS = "Aubépin Brumeval Cormelin Dastreix Esquivel Fontbrune Garandel Hautbois Isnarel Jolivaud"
PHRASES = (
    "Point sur la situation depuis le dernier rendez-vous, les démarches avancent.",
    "Dossier de logement à compléter avec les deux pièces manquantes.",
    "A repris contact avec son ancien employeur, réponse attendue sous quinzaine.",
    "Souhaite une formation courte ; les dates de la prochaine session sont vues ensemble.",
    "Difficulté de garde le mercredi, solution envisagée avec la halte-garderie.",
    "Le permis est en cours, six heures de conduite restent à faire.",
)


def operations(maintenant: dt.datetime) -> list[dict[str, Any]]:
    """Les opérations qui produisent la file : personnes et mesures, puis rendez-vous et entretiens à parts égales."""
    hasard = random.Random(GRAINE)  # noqa: S311  # des données d'essai, pas un secret
    lot = Operations(maintenant)
    aujourd_hui = maintenant.date()
    suivies = []
    for rang in range(PERSONNES):
        prenom = PRENOMS.split()[rang % 20]
        nom = f"{NOMS.split()[rang % 10]}-{NOMS.split()[rang // 10]}"
        entree = aujourd_hui - dt.timedelta(days=700 - rang)
        suivies.append(lot.personne_suivie(prenom, nom, f"06399{80000 + rang}", entree))
    for rang in range(FICHES - 2 * PERSONNES):
        personne, mesure = suivies[rang % PERSONNES]
        passe = maintenant - dt.timedelta(days=1 + hasard.randrange(600), minutes=hasard.randrange(600))
        if rang % 2:
            poser_un_rendez_vous(lot, hasard, personne, mesure, rang, passe, maintenant)
            continue
        lot.ajouter(
            "noter_entretien",
            identifiant(),
            personne,
            mesure_id=mesure,
            date=passe.date().isoformat(),
            duree=45,
            moyen=hasard.choice(["presentiel", "telephone", "courriel"]),
            lieu=LIEU,
            demarches=[{"famille": "administratif", "nature": None}, {"famille": "emploi_formation", "nature": None}],
            synthese=" ".join(hasard.sample(PHRASES, 4)),
        )
    return lot.lot


def poser_un_rendez_vous(
    lot: Operations,
    hasard: random.Random,
    personne: str,
    mesure: str,
    rang: int,
    passe: dt.datetime,
    maintenant: dt.datetime,
) -> None:
    """Une file tenue : l'issue des rendez-vous passés est dite, sauf une poignée ; douze sont pour aujourd'hui."""
    if rang < 24:
        lot.rendez_vous(personne, mesure, maintenant + dt.timedelta(minutes=rang))
        return
    rendez_vous = lot.rendez_vous(personne, mesure, passe)
    if rang > 40:
        issue = hasard.choices(["honore", "absence_excusee", "absence_non_excusee", "annule_service"], [70, 14, 12, 4])[
            0
        ]
        lot.ajouter("constater_rendez_vous", rendez_vous, personne, statut=issue)


def semer(base: Path) -> dict[str, Any]:
    from app.migrations import migrer
    from app.moteur import ecrire, ouvrir_moteur
    from sync.acteur import Acteur
    from sync.appliquer import appliquer
    from sync.operation import lire_operation

    maintenant = dt.datetime.now(dt.UTC)
    structure = identifiant()
    comptes = {cle: Compte(identifiant(), f"{cle}@mesures.example", MOT_DE_PASSE) for cle in COMPTES}
    moteur = ouvrir_moteur(f"sqlite:///{base}")
    migrer(moteur)
    with ecrire(moteur) as session:
        poser_la_structure(session, structure, comptes, maintenant)
        acteur = Acteur(structure, comptes["camille"].id, "conseiller", None, maintenant, origine="import")
        lot = [lire_operation(operation) for operation in operations(maintenant)]
        resultats = [
            resultat
            for debut in range(0, len(lot), 500)
            for resultat in appliquer(session, acteur, lot[debut : debut + 500])
        ]
        rates = [resultat for resultat in resultats if resultat.statut != "applied"]
        if rates:
            raise SystemExit(f"{len(rates)} opérations non appliquées, par exemple {rates[0]}")
    moteur.dispose()
    return {"compte": asdict(comptes["camille"]), "convention": CONVENTION, "fiches": FICHES}


if __name__ == "__main__":
    print(json.dumps(semer(Path(sys.argv[1]))))
