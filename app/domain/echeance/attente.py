"""Une attente née d'une règle, et ce qu'elle devient à l'écran : un état, un titre, une raison, un geste."""

from dataclasses import dataclass
from typing import Any

from app.domain import dates
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import DONNEES, Genre
from app.domain.francais import heure, jour_long, jour_proche, quantieme, quantite
from app.domain.mesure import nom_court
from app.domain.personne import Fiche

PROCHE_JOURS = 7
# Ce qui se règle par une rencontre : un rendez-vous à venir le prévoit, un rendez-vous passé reste à préciser.
RENCONTRES = ("entretien", "rendez_vous")


@dataclass(frozen=True, slots=True)
class Attente:
    """Ce qu'une règle attend d'une mesure. `depuis` : le fait qui la fait courir ; `pourquoi` : sans point final.

    `attendu` : le geste qui la règle, tel que la table le dit ; `piece` : celle qu'il complète. `quoi` et `verbe`
    remplacent ceux du genre. `proche` et `prevu` disent l'état quand un nombre de jours ne suffit pas à le dire.
    """

    due_le: str
    depuis: str
    pourquoi: str
    attendu: Fiche
    suite: str = ""
    quoi: str | None = None
    piece: Fiche | None = None
    proche: bool | None = None
    prevu: bool | None = None


def annoncer(genre: Genre, attente: Attente, convention: Fiche | None, situation: Situation) -> dict[str, Any]:
    aujourd_hui = situation.aujourd_hui
    jours = dates.jours_entre(aujourd_hui, attente.due_le)
    prevu, a_preciser = _rendez_vous(attente, situation)
    attendu, pourquoi = attente.attendu, f"{attente.pourquoi}{_regle(genre, convention)}{attente.suite}"
    if attente.prevu is not None:
        est_prevu, prevu = attente.prevu, None
    else:
        est_prevu = prevu is not None and prevu <= attente.due_le
    proche = jours <= genre.get("proche", PROCHE_JOURS) if attente.proche is None else attente.proche
    etat = "prevu" if est_prevu else "en_retard" if jours < 0 else "proche" if proche else "a_venir"
    url = adresse(attendu["chemin"], situation, attente.piece, attendu.get("avec"))
    action = {"libelle": attendu["geste"], "url": url}
    if prevu is not None:
        action = {"libelle": "Ouvrir le dossier", "url": adresse("dossier", situation)}
        if etat != "prevu":
            pourquoi += f". Rendez-vous proposé {_le(prevu, aujourd_hui)}"
    if a_preciser:
        pourquoi += f". Le rendez-vous {_du(a_preciser['debut'], aujourd_hui)} reste à préciser"
        entretien = adresse("entretien", situation)
        action = {"libelle": "Préciser le rendez-vous", "url": f"{entretien}&rendez_vous={a_preciser['id']}"}
    return {
        "genre": genre["code"],
        "mesure_id": situation.mesure["id"],
        "convention": situation.mesure["convention"],
        "due_le": attente.due_le,
        "jours": jours,
        "etat": etat,
        "titre": _titre(genre, attente, jours, aujourd_hui, prevu if etat == "prevu" else None),
        "pourquoi": pourquoi + ".",
        "citation": ((convention or {}).get("citations") or {}).get(genre.get("regle")) or genre.get("source"),
        "action": action,
        "geste": url,
    }


def adresse(chemin: str, situation: Situation, piece: Fiche | None = None, avec: str | None = None) -> str:
    """L'écran d'un geste : un chemin de la table, une pièce à compléter, ou une nouvelle pièce d'une forme."""
    personne_id = situation.dossier["personne"]["id"]
    if piece is not None:
        return f"/pieces/{piece['id']}/modifier"
    if chemin in DONNEES["chemins"]:
        url = str(DONNEES["chemins"][chemin]).replace("{dossier}", personne_id)
        return url.replace("{mesure}", situation.mesure["id"])
    nouvelle = f"/pieces/nouvelle?dossier={personne_id}&forme={chemin}&mesure={situation.mesure['id']}"
    return f"{nouvelle}&{avec}" if avec else nouvelle


def _regle(genre: Genre, convention: Fiche | None) -> str:
    """« (ASP Nancy) », « , délai à confirmer (ASP Nancy) »."""
    if convention is None:
        return ""
    douteuses = convention.get("a_confirmer") or ()
    doute = ", délai à confirmer" if "unite" in genre and genre["regle"] in douteuses else ""
    return f"{doute} ({nom_court(convention)})"


def _rendez_vous(attente: Attente, situation: Situation) -> tuple[str | None, Fiche | None]:
    """Le jour du prochain rendez-vous, et le dernier dont l'heure est passée depuis que l'attente court."""
    if attente.attendu["chemin"] not in RENCONTRES:
        return None, None
    passes = [
        r
        for r in situation.proposes
        if r["debut"] < situation.maintenant and dates.jour_paris(r["debut"]) >= attente.depuis
    ]
    return situation.prochain, max(passes, key=lambda r: r["debut"], default=None)


def _titre(genre: Genre, attente: Attente, jours: int, aujourd_hui: str, prevu: str | None) -> str:
    """« Premier contact à prendre d'ici jeudi 26 novembre » : le jour dit est compris."""
    quoi = attente.quoi or attente.attendu.get("quoi") or genre["quoi"]
    verbe = attente.attendu.get("verbe") or genre["verbe"]
    if prevu is not None:
        return f"{quoi} prévu {_le(prevu, aujourd_hui)}"
    if jours < 0:
        retard = quantite(-jours, "jour")
        return f"{genre['depasse']} depuis {retard}" if "depasse" in genre else f"{quoi} {verbe}, {retard} de retard"
    if jours == 0:
        return f"{quoi} {verbe} aujourd’hui"
    return f"{quoi} {verbe} d’ici {jour_proche(attente.due_le, aujourd_hui)}"


def _le(jour: str, aujourd_hui: str) -> str:
    proche = jour_proche(jour, aujourd_hui)
    return proche if abs(dates.jours_entre(aujourd_hui, jour)) <= 1 else f"le {jour_long(jour, aujourd_hui)}"


def _du(debut: str, aujourd_hui: str) -> str:
    """« de 9 h » aujourd'hui, « du 12 novembre » un autre jour."""
    jour = dates.jour_paris(debut)
    return f"de {heure(dates.heure_paris(debut))}" if jour == aujourd_hui else f"du {quantieme(jour, aujourd_hui)}"
