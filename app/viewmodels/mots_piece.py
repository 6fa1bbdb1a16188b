"""Les champs d'une pièce comme on les dit : dans une page, face à face, ou dans ce qui a changé.

Miroir : static/js/viewmodels/mots_piece.js.
"""

from collections.abc import Mapping
from typing import Any

from app.domain import formes, nomenclatures, piece, position
from app.domain.dates import heure_paris, jour_paris
from app.domain.francais import date_chiffree, heure, jour_court, mois_long
from app.domain.personne import Fiche

# Ce qui n'est pas un champ de la forme, et se dit pourtant.
_AUTRES = {"mesure_id": "Mesure", "partagee": "Partagée avec le binôme", "motif": "Motif"}


def libelle(code: str, nom: str) -> str | None:
    """Le libellé d'un champ dans cette forme ; None si elle ne le connaît pas."""
    decrite = formes.forme(code)
    champ = formes.champ(decrite, nom) if decrite else None
    return champ["libelle"] if champ else _AUTRES.get(nom)


def valeur_du_champ(code: str, nom: str, donnee: Any, dossier: Fiche | None = None) -> str:
    """Comme `en_mots`, par le nom du champ : une valeur qui n'est pas de la forme se lit telle quelle."""
    decrite = formes.forme(code)
    champ = formes.champ(decrite, nom) if decrite else None
    if champ is None:
        return {True: "oui", False: "non"}.get(donnee, str(donnee)) if isinstance(donnee, bool) else str(donnee)
    return en_mots(champ, donnee, dossier)


def en_mots(champ: Mapping[str, Any], donnee: Any, dossier: Fiche | None = None) -> str:
    """Une valeur en une phrase. `dossier` : où retrouver la fiche citée."""
    genre = champ["genre"]
    if genre == "code":
        return nomenclatures.libelle(champ["liste"], donnee)
    if genre == "codes":
        return ", ".join(nomenclatures.libelle(champ["liste"], code) for code in donnee)
    if genre == "booleen":
        return "oui" if donnee else "non"
    if genre == "jour":
        return date_chiffree(donnee)
    if genre == "mois":
        return mois_long(donnee)
    if genre == "heures":
        return piece.heures(donnee)
    if genre == "entier" and champ.get("degres"):
        return str(champ["degres"][donnee - 1])
    if genre == "signature":
        return "signature faite à l’écran"
    if genre == "position":
        return position.en_mots(donnee)
    if genre == "fiche":
        return _citee(donnee, dossier)
    if genre in ("lignes", "grille"):
        return "\u202f; ".join(_ligne(champ, ligne) for ligne in donnee)
    return str(donnee)


def _ligne(champ: Mapping[str, Any], ligne: Mapping[str, Any]) -> str:
    mots = [en_mots(c, ligne[c["nom"]]) for c in champ["champs"] if not piece.est_vide(ligne.get(c["nom"]))]
    if champ["genre"] == "grille":
        return f"{nomenclatures.libelle(champ['liste'], ligne['cle'])}\u202f: {', '.join(mots)}"
    return ", ".join(mots)


def _citee(identifiant: str, dossier: Fiche | None) -> str:
    fiche = next((r for r in (dossier or {}).get("rendez_vous") or [] if r["id"] == identifiant), None)
    if fiche is None:
        return "un rendez-vous"
    return f"{jour_court(jour_paris(fiche['debut']))} à {heure(heure_paris(fiche['debut']))}"
