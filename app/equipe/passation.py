"""La fiche de passation : un dossier qui change de mains, sur une feuille (forme : `app/papiers/papier.py`).

Comme les autres papiers, elle ne lit ni ce que disent les entretiens ni leurs notes, et tait les lieux masqués : une
feuille se perd. Qui reçoit le dossier les lit sur son téléphone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain import nomenclatures
from app.domain.dates import heure_paris, jour_paris
from app.domain.echeance import echeances
from app.domain.francais import date_chiffree, heure, jour_long, quantieme
from app.domain.mesure import convention_au, est_ouverte, nom_court
from app.domain.personne import Fiche, nom_affiche, valeur
from app.domain.rendez_vous import etat
from app.equipe.lieux_masques import taire
from app.gabarits.filtres import telephone
from app.viewmodels.contexte import Contexte
from app.viewmodels.fil import demarches_en_mots
from app.viewmodels.papier_contenu import Sujet

Bloc = dict[str, Any]

DERNIERS = 5
OU_LIRE = "Ce que disent ces entretiens se lit dans le dossier."


def passation(dossier: Fiche, contexte: Contexte, de: str | None, vers: str | None) -> dict[str, Any]:
    """Le papier. `de` et `vers` : les noms de qui remet et de qui reçoit, s'ils sont connus."""
    jour, dossier = contexte["aujourd_hui"], taire(dossier, contexte["reference"].get("masques") or ())
    return {
        "titre": "Fiche de passation",
        "sous_titre": nom_affiche(dossier["personne"]),
        "langue": "fr",
        "fichier": "passation",
        "emetteur": {"nom": contexte["reference"]["structure"]["nom"]},
        "lieu_date": f"Le {quantieme(jour)}",
        "blocs": list(_blocs(dossier, contexte, de, vers)),
    }


def _blocs(dossier: Fiche, contexte: Contexte, de: str | None, vers: str | None) -> Iterator[Bloc]:
    sujet = Sujet(dossier, contexte, None, None, contexte["aujourd_hui"], None).blocs()
    yield {"genre": "champs", "lignes": list(_coordonnees(dossier["personne"], contexte["aujourd_hui"]))}
    for titre, blocs in (
        ("Mesures ouvertes", _mesures(dossier, contexte)),
        ("Ce qui est attendu", _attendu(dossier, contexte)),
        ("Rendez-vous", _rendez_vous(dossier, contexte)),
        ("En cours", sujet["en_cours"]),
        ("Objectifs du contrat", sujet["objectifs"]),
        ("Derniers entretiens", _entretiens(dossier)),
    ):
        if blocs:
            yield {"genre": "titre", "texte": titre}
            yield from blocs
    cases = [{"qui": f"Remis par {de}" if de else "Remis par"}, {"qui": f"Reçu par {vers}" if vers else "Reçu par"}]
    yield {"genre": "signatures", "cases": cases}


def _coordonnees(personne: Fiche, jour: str) -> Iterator[list[str]]:
    commune = valeur(personne, "commune", jour)
    numeros = [telephone(numero["numero"]) for numero in valeur(personne, "telephones", jour) or []]
    rsa = valeur(personne, "rsa", jour)
    lignes = (
        ("Naissance", date_chiffree(personne["date_naissance"]) if personne.get("date_naissance") else None),
        ("Téléphone", ", ".join(numeros)),
        ("Courriel", valeur(personne, "courriel", jour)),
        ("Adresse", valeur(personne, "adresse", jour)),
        ("Commune", commune["nom"] if commune else None),
        ("RSA", nomenclatures.libelle("rsa", rsa) if rsa else None),
    )
    yield from ([libelle, str(lue)] for libelle, lue in lignes if lue)


def _mesures(dossier: Fiche, contexte: Contexte) -> list[Bloc]:
    jour, conventions = contexte["aujourd_hui"], contexte["reference"]["conventions"]
    lignes = [
        [
            nom_court(convention_au(conventions, mesure["convention"], jour) or {"code": mesure["convention"]}),
            *(date_chiffree(mesure[nom]) if mesure.get(nom) else None for nom in ("orientee_le", "entree_le")),
            mesure.get("prescripteur"),
        ]
        for mesure in dossier["mesures"]
        if est_ouverte(mesure, jour)
    ]
    entetes = ["Convention", "Orientation", "Entrée", "Prescripteur"]
    return [{"genre": "tableau", "entetes": entetes, "lignes": lignes, "largeurs": [3, 2, 2, 3]}] if lignes else []


def _attendu(dossier: Fiche, contexte: Contexte) -> list[Bloc]:
    dues = echeances(dossier, contexte["reference"]["conventions"], contexte["maintenant"])
    dites = [f"{due['titre']}. {due['pourquoi']}" for due in dues]
    return [{"genre": "liste", "elements": dites}] if dites else []


def _rendez_vous(dossier: Fiche, contexte: Contexte) -> list[Bloc]:
    """Ceux qui viennent, puis les derniers passés."""
    maintenant = contexte["maintenant"]
    ranges = sorted(dossier["rendez_vous"], key=lambda r: (r["debut"], r["id"]))
    a_venir = [r for r in ranges if r["debut"] >= maintenant and r["statut"] == "propose"]
    passes = [r for r in ranges if r["debut"] < maintenant][-DERNIERS:]
    lignes = [
        [
            f"{jour_long(jour_paris(r['debut']))} à {heure(heure_paris(r['debut']))}",
            r.get("lieu"),
            "À venir" if r in a_venir else nomenclatures.libelle("statut_rendez_vous", etat(r, maintenant)),
        ]
        for r in [*a_venir, *reversed(passes)]
    ]
    entetes = ["Quand", "Lieu", "Issue"]
    return [{"genre": "tableau", "entetes": entetes, "lignes": lignes, "largeurs": [4, 3, 2]}] if lignes else []


def _entretiens(dossier: Fiche) -> list[Bloc]:
    derniers = sorted(dossier["entretiens"], key=lambda e: (e["date"], e["id"]), reverse=True)[:DERNIERS]
    lignes = [
        [
            date_chiffree(entretien["date"]),
            nomenclatures.libelle("titre_entretien", entretien["moyen"]),
            ", ".join(demarches_en_mots(entretien["demarches"], entretien["date"])),
        ]
        for entretien in derniers
    ]
    if not lignes:
        return []
    entetes = ["Date", "Entretien", "Démarches"]
    tableau = {"genre": "tableau", "entetes": entetes, "lignes": lignes, "largeurs": [2, 3, 4]}
    return [tableau, {"genre": "paragraphe", "texte": OU_LIRE}]
