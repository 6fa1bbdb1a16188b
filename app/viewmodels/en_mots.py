"""Un champ et sa valeur, comme on les dit : une fiche, deux valeurs face à face, ou ce qui a changé.

Une valeur se lit partout de même : sur le téléphone, au bureau et dans l'historique. Miroir :
static/js/viewmodels/en_mots.js.
"""

from __future__ import annotations

from typing import Any

from app.domain import cahier, nomenclatures, piece
from app.domain.champs_personne import Champ, catalogue
from app.domain.dates import heure_paris, jour_paris
from app.domain.francais import date_chiffree, duree, heure, jour_court, mois_long
from app.viewmodels import mots_piece
from app.viewmodels.fil import demarches_en_mots

RIEN = "rien"

CHAMPS = {
    "archive_le": "Dossier archivé",
    "calculee_le": "Sortie selon la règle",
    "convention": "Convention",
    "date": "Date",
    "debut": "Date et heure",
    "du": "À partir du",
    "demarches": "Démarches",
    "duree": "Durée",
    "ecart": "Pourquoi une autre date",
    "entree_le": "Entrée",
    "fiche_type": "Fiche",
    "heure": "Heure",
    "jusqu_au": "Jusqu’au",
    "lieu": "Lieu",
    "motif": "Pourquoi",
    "moyen": "Moyen",
    "note_personnelle": "Note personnelle",
    "orientee_le": "Orientation reçue",
    "partagee": "Partagé avec le binôme",
    "premier_contact_le": "Premier contact",
    "prescripteur": "Prescripteur",
    "remarque": "Remarque",
    "sortie_le": "Sortie",
    "sortie_motif": "Motif de la sortie",
    "statut": "Issue",
    "synthese": "Synthèse",
}
_JOURS = frozenset(
    {"archive_le", "date", "du", "entree_le", "jusqu_au", "orientee_le", "premier_contact_le"}
    | {"calculee_le", "sortie_le"}
)
_LISTES = {
    "fiche_type": "type_fiche",
    "modalite": "modalite",
    "motif": "motif_partage",
    "moyen": "moyen",
    "sortie_motif": "motif_sortie",
    "statut": "statut_rendez_vous",
}


def acte(genre: str) -> str:
    """« Entretien noté », « Étape de parcours : notée », « Rencontre : notée »."""
    return piece.acte(genre) or cahier.acte(genre) or nomenclatures.libelle("genre_operation", genre)


def champ(nom: str, forme: str | None = None) -> str:
    """`forme` : celle de la pièce dont c'est un champ."""
    dit = mots_piece.libelle(forme, nom) if forme else None
    if dit is not None:
        return dit
    connu = catalogue().get(nom)
    return connu.libelle if connu else CHAMPS.get(nom, nom)


def valeur(nom: str, donnee: Any, sexe: str | None = None, jour: str | None = None, forme: str | None = None) -> str:
    """La valeur telle qu'elle se lit. Venue d'une opération refusée, rien n'assure qu'elle ait la bonne forme."""
    if nom == "archive_le":
        return f"archivé le {date_chiffree(donnee)}" if donnee else "ouvert"
    if donnee is None or donnee == "" or donnee == []:
        return RIEN
    try:
        return (mots_piece.valeur_du_champ(forme, nom, donnee) if forme else _valeur(nom, donnee, sexe, jour)) or RIEN
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
    if isinstance(donnee, bool):
        return "oui" if donnee else "non"
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


def valeur_en_mots(champ: Champ, donnee: Any, accord: str | None) -> str:
    """Une valeur telle qu'on la lit : libellés pour les codes, oui ou non, dates en chiffres."""
    if champ.genre == "code":
        return nomenclatures.libelle(champ.liste or "", donnee, accord)
    if champ.genre == "codes":
        return ", ".join(nomenclatures.libelle(champ.liste or "", code, accord) for code in donnee)
    if champ.genre == "textes":
        return ", ".join(donnee)
    if champ.genre == "booleen":
        return "oui" if donnee else "non"
    if champ.genre == "jour":
        return date_chiffree(donnee)
    if champ.genre == "mois":
        return mois_long(donnee)
    if champ.genre == "commune":
        return str(donnee["nom"])
    if champ.genre == "telephones":
        return ", ".join(grouper(telephone["numero"]) for telephone in donnee)
    return str(donnee)


def grouper(numero: str) -> str:
    """« 06 00 00 00 00 », par espaces insécables fines ; un numéro étranger reste comme il s'écrit."""
    if len(numero) != 10 or not numero.startswith("0"):
        return numero
    return "\u202f".join(numero[debut : debut + 2] for debut in range(0, 10, 2))
