"""Une attente née d'une règle, et ce qu'elle devient à l'écran : un état, un titre, une raison, un geste."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import dates
from app.domain.echeance.faits import proposes
from app.domain.francais import heure, jour_long, jour_proche, quantieme, quantite
from app.domain.personne import Fiche

PROCHE_JOURS = 7


@dataclass(frozen=True, slots=True)
class Attente:
    """Ce qu'une règle attend d'une mesure. `depuis` : le fait qui la fait courir ; `pourquoi` : sans point final."""

    due_le: str
    depuis: str
    pourquoi: str
    citation: str | None


@dataclass(frozen=True, slots=True)
class Genre:
    """Un genre d'échéance. `geste` et `chemin` : ce qui la règle ; `retard` : ce que dit une liste quand elle est
    dépassée ; `rappeler` : la règle en mots, d'une convention qui la porte.
    """

    code: str
    quoi: str
    verbe: str
    geste: str
    chemin: str
    retard: str
    attendre: Callable[[Fiche, Fiche, Sequence[Fiche], str], Attente | None]
    rappeler: Callable[[Fiche], str]


def annoncer(genre: Genre, attente: Attente, dossier: Fiche, mesure: Fiche, maintenant: str) -> dict[str, Any]:
    personne_id, aujourd_hui = dossier["personne"]["id"], dates.jour_paris(maintenant)
    jours = dates.jours_entre(aujourd_hui, attente.due_le)
    sans_issue = proposes(dossier, mesure)
    prevu = min((dates.jour_paris(r["debut"]) for r in sans_issue if r["debut"] >= maintenant), default=None)
    passes = [r for r in sans_issue if r["debut"] < maintenant and dates.jour_paris(r["debut"]) >= attente.depuis]
    etat = "en_retard" if jours < 0 else "proche" if jours <= PROCHE_JOURS else "a_venir"
    if prevu is not None and prevu <= attente.due_le:
        etat = "prevu"
    pourquoi = attente.pourquoi
    action = {"libelle": genre.geste, "url": f"{genre.chemin}?dossier={personne_id}"}
    if prevu is not None:
        action = {"libelle": "Ouvrir le dossier", "url": f"/dossiers/{personne_id}"}
        if etat != "prevu":
            pourquoi += f". Rendez-vous proposé {_le(prevu, aujourd_hui)}"
    if passes:
        rendez_vous = max(passes, key=lambda r: r["debut"])
        pourquoi += f". Le rendez-vous {_du(rendez_vous['debut'], aujourd_hui)} reste à préciser"
        action = {
            "libelle": "Préciser le rendez-vous",
            "url": f"/entretiens/nouveau?dossier={personne_id}&rendez_vous={rendez_vous['id']}",
        }
    return {
        "genre": genre.code,
        "mesure_id": mesure["id"],
        "convention": mesure["convention"],
        "due_le": attente.due_le,
        "jours": jours,
        "etat": etat,
        "titre": _titre(genre, attente.due_le, jours, aujourd_hui, prevu if etat == "prevu" else None),
        "pourquoi": pourquoi + ".",
        "citation": attente.citation,
        "action": action,
    }


def _titre(genre: Genre, due_le: str, jours: int, aujourd_hui: str, prevu: str | None) -> str:
    """« Premier contact à prendre d'ici jeudi 26 novembre » : le jour dit est compris."""
    if prevu is not None:
        return f"{genre.quoi} prévu {_le(prevu, aujourd_hui)}"
    if jours < 0:
        return f"{genre.quoi} {genre.verbe}, {quantite(-jours, 'jour')} de retard"
    if jours == 0:
        return f"{genre.quoi} {genre.verbe} aujourd’hui"
    return f"{genre.quoi} {genre.verbe} d’ici {jour_proche(due_le, aujourd_hui)}"


def _le(jour: str, aujourd_hui: str) -> str:
    proche = jour_proche(jour, aujourd_hui)
    return proche if abs(dates.jours_entre(aujourd_hui, jour)) <= 1 else f"le {jour_long(jour, aujourd_hui)}"


def _du(debut: str, aujourd_hui: str) -> str:
    """« de 9 h » aujourd'hui, « du 12 novembre » un autre jour."""
    jour = dates.jour_paris(debut)
    return f"de {heure(dates.heure_paris(debut))}" if jour == aujourd_hui else f"du {quantieme(jour, aujourd_hui)}"
