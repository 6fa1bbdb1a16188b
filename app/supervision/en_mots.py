"""Un champ et sa valeur, comme on les dit : pour mettre deux valeurs face à face, ou raconter ce qui a changé."""

from __future__ import annotations

from typing import Any

from app.domain import nomenclatures
from app.domain.champs_personne import catalogue
from app.domain.dates import heure_paris, jour_paris
from app.domain.francais import date_chiffree, duree, heure, jour_court
from app.viewmodels.dossier import valeur_en_mots
from app.viewmodels.fil import demarches_en_mots

RIEN = "rien"

CHAMPS = {
    "archive_le": "Dossier archivé",
    "convention": "Convention",
    "date": "Date",
    "debut": "Date et heure",
    "demarches": "Démarches",
    "duree": "Durée",
    "entree_le": "Entrée",
    "fiche_type": "Fiche",
    "heure": "Heure",
    "lieu": "Lieu",
    "moyen": "Moyen",
    "note_personnelle": "Note personnelle",
    "orientee_le": "Orientation reçue",
    "premier_contact_le": "Premier contact",
    "prescripteur": "Prescripteur",
    "remarque": "Remarque",
    "statut": "Issue",
    "synthese": "Synthèse",
}
_JOURS = frozenset({"archive_le", "date", "entree_le", "orientee_le", "premier_contact_le"})
_LISTES = {"moyen": "moyen", "statut": "statut_rendez_vous", "modalite": "modalite", "fiche_type": "type_fiche"}

# Ce que dit le journal, quand l'écran du téléphone n'a pas à le dire.
_ACTES = {
    "archiver_dossier": "Dossier archivé",
    "rouvrir_dossier": "Dossier rouvert",
    "regler_desaccord": "Désaccord réglé",
    "confier_mesure": "Mesure confiée",
    "partager_dossier": "Dossier partagé",
    "cesser_partage": "Partage terminé",
}


def acte(genre: str) -> str:
    return _ACTES.get(genre) or nomenclatures.libelle("genre_operation", genre)


def champ(nom: str) -> str:
    connu = catalogue().get(nom)
    return connu.libelle if connu else CHAMPS.get(nom, nom)


def valeur(nom: str, donnee: Any, sexe: str | None = None, jour: str | None = None) -> str:
    """La valeur telle qu'elle se lit. Venue d'une opération refusée, rien n'assure qu'elle ait la bonne forme."""
    if nom == "archive_le":
        return f"archivé le {date_chiffree(donnee)}" if donnee else "ouvert"
    if donnee is None or donnee == "" or donnee == []:
        return RIEN
    try:
        return _valeur(nom, donnee, sexe, jour) or RIEN
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return str(donnee)


def _valeur(nom: str, donnee: Any, sexe: str | None, jour: str | None) -> str:
    connu = catalogue().get(nom)
    if connu is not None:
        return valeur_en_mots(connu, donnee, sexe)
    if nom in _JOURS:
        return date_chiffree(donnee)
    if nom in _LISTES:
        return nomenclatures.libelle(_LISTES[nom], donnee, sexe)
    if nom == "debut":
        return moment(donnee)
    if nom == "duree":
        return duree(donnee)
    if nom == "heure":
        return heure(donnee)
    if nom == "demarches":
        return ", ".join(demarches_en_mots(donnee, jour or "2026-01-01"))
    return str(donnee)


def moment(instant: str, aujourd_hui: str | None = None) -> str:
    """« jeu. 26 nov. à 9 h 30 », à Paris."""
    return f"{jour_court(jour_paris(instant), aujourd_hui)} à {heure(heure_paris(instant))}"
