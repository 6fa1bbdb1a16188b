"""Les notes personnelles des dossiers que l'on quitte : les relire, choisir. Miroir : static/js/viewmodels/notes.js."""

from collections.abc import Mapping
from typing import Any

from app.domain.francais import quantieme
from app.domain.personne import Fiche
from app.domain.saisie.notes import CHOIX, a_choisir
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.formulaires import premiere, resume

_MOTS = {"transmettre": "Transmettre", "effacer": "Effacer"}


def notes(contexte: Contexte, saisie: Mapping[str, Any] | None = None, erreurs: Mapping[str, str] | None = None) -> Vue:
    """`{notes: [{entretien, nom, date, texte, terme, op_id, choix}], choix: {tout}, erreurs, resume_erreurs, action,
    caches, brouillon}`."""
    erreurs = dict(erreurs or {})
    return {
        "notes": [_note(note, contexte, saisie or {}) for note in a_choisir(contexte)],
        "choix": {"tout": _choix(premiere(saisie or {}, "tout"))},
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ("tout",)),
        "action": "/notes",
        "caches": [],
        "brouillon": None,
    }


def _note(note: Fiche, contexte: Contexte, saisie: Mapping[str, Any]) -> Vue:
    jour, identifiant = contexte["aujourd_hui"], note["entretien"]
    if note["fin"] >= jour:
        terme = f"Ce dossier n’est plus à vous après le {quantieme(note['fin'], jour)}."
    elif note["limite"] >= jour:
        terme = f"À choisir avant le {quantieme(note['limite'], jour)}\u202f: ensuite, le chef de service le fera."
    else:
        terme = (
            f"Sans choix depuis le {quantieme(note['limite'], jour)}\u202f: le chef de service peut la lire et choisir."
        )
    return {
        "entretien": identifiant,
        "nom": note["nom"],
        "date": note["date"],
        "texte": note["texte"],
        "terme": terme,
        "op_id": premiere(saisie, f"op-{identifiant}") or contexte["nouvel_identifiant"](),
        "choix": _choix(premiere(saisie, f"choix-{identifiant}")),
    }


def _choix(choisi: str) -> list[Vue]:
    return [{"code": code, "libelle": _MOTS[code], "choisi": code == choisi} for code in CHOIX]
