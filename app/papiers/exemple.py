"""Une personne inventée, pour lire un modèle comme il s'imprimera."""

from __future__ import annotations

from typing import Any

from app.domain.dates import ajouter_jours

_PIECES: dict[str, dict[str, Any]] = {
    "contrat": {
        "type": "contrat_insertion",
        "sorte": "premier",
        "objectifs": [{"objectif": "Passer le permis", "actions": "S’inscrire, demander une aide", "etat": "en_cours"}],
        "engagements_personne": "Avancer à son rythme vers le permis.",
        "engagements_structure": "Chercher avec elle un financement.",
        "activite_minutes": 900,
    },
    "bilan": {
        "sorte": "final",
        "objectifs_atteints": "en_partie",
        "suites": "poursuite",
        "texte": "Le code est passé.",
    },
    "relance": {"moyen": "courrier", "rendez_vous_id": "manque"},
    "saisine": {"faits": "Deux rendez-vous n’ont pas eu lieu.", "demarches_proposees": "Un appel, puis une lettre."},
}
GENRES = {"contrat": "piece", "bilan": "piece", "saisine": "piece", "relance": "piece"}


def exemple(contexte: dict[str, Any], code: str) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Le genre du papier, un dossier inventé, et la fiche à imprimer."""
    jour = contexte["aujourd_hui"]
    moi = contexte["utilisateur"]["id"]
    commun = {"personne_id": "exemple", "mesure_id": "mesure", "version": 1, "reference": None}
    pieces = [
        {**commun, "type": "piece", "id": nom, "forme": nom, "partagee": True, "retiree_le": None, "revisions": []}
        | {"valeurs": _dater(nom, valeurs, jour)}
        for nom, valeurs in _PIECES.items()
    ]
    rendez_vous = [
        {**commun, "type": "rendez_vous", "id": nom, "debut": f"{ajouter_jours(jour, ecart)}T09:00:00Z"}
        | {"duree": 45, "lieu": "Maison des services", "statut": statut}
        for nom, ecart, statut in (("venue", -30, "honore"), ("manque", -5, "absence_excusee"), ("suite", 6, "propose"))
    ]
    personne = {
        **{"type": "personne", "id": "exemple", "version": 1, "nom": "Exemple", "prenom": "Alix", "pseudonymes": []},
        "historique": {
            "accord_partage": [["2000-01-01", True]],
            "adresse": [["2000-01-01", "1 rue Inventée\n00000 Ville-Exemple"]],
        },
    }
    mesure = {**commun, "type": "mesure", "id": "mesure", "convention": "Convention d’exemple", "entree_le": jour}
    mesure |= {"orientee_le": jour, "historique": {"referent": [["2000-01-01", moi]], "modalite": []}}
    dossier = {
        "personne": personne,
        "mesures": [mesure],
        "rendez_vous": rendez_vous,
        "entretiens": [],
        "pieces": pieces,
    }
    fiche = next((piece for piece in pieces if piece["forme"] == code), None)
    return GENRES.get(code, code), dossier | {"controles": [], "desaccords": [], "partages": []}, fiche


def _dater(forme: str, valeurs: dict[str, Any], jour: str) -> dict[str, Any]:
    dates = {"contrat": {"debut": jour, "fin": ajouter_jours(jour, 180)}, "bilan": {"jour": jour}}
    return valeurs | dates.get(forme, {"le": jour})
