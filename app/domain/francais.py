"""Ce que le carnet écrit : dates en toutes lettres, accords, énumérations.

Miroir : static/js/domain/francais.js, mêmes cas dans tests/corpus/francais.json.
"""

from app.domain import dates

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MOIS_COURTS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
SEMAINE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def quantieme(jour: str, aujourd_hui: str | None = None) -> str:
    """« 26 novembre », « 1er mars », avec l'année si ce n'est pas celle d'aujourd'hui."""
    annee, mois, numero = jour[:4], int(jour[5:7]), int(jour[8:10])
    texte = f"{'1er' if numero == 1 else numero} {MOIS[mois - 1]}"
    return texte if aujourd_hui is not None and annee == aujourd_hui[:4] else f"{texte} {annee}"


def jour_long(jour: str, aujourd_hui: str | None = None) -> str:
    """« jeudi 26 novembre », avec l'année si ce n'est pas celle d'aujourd'hui."""
    return f"{SEMAINE[dates.jour_de_semaine(jour)]} {quantieme(jour, aujourd_hui)}"


def jour_proche(jour: str, aujourd_hui: str) -> str:
    """« aujourd'hui », « demain », « hier », sinon « jeudi 26 novembre »."""
    proches = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
    return proches.get(dates.jours_entre(aujourd_hui, jour)) or jour_long(jour, aujourd_hui)


def jour_court(jour: str, aujourd_hui: str | None = None) -> str:
    """« jeu. 26 nov. », avec l'année si ce n'est pas celle d'aujourd'hui."""
    numero = int(jour[8:10])
    quantieme_court = "1er" if numero == 1 else str(numero)
    annee = annee_autre(jour, aujourd_hui) if aujourd_hui else None
    texte = f"{SEMAINE[dates.jour_de_semaine(jour)][:3]}. {quantieme_court} {MOIS_COURTS[int(jour[5:7]) - 1]}"
    return f"{texte} {annee}" if annee else texte


def annee_autre(jour: str, aujourd_hui: str) -> str | None:
    """L'année d'un jour, quand ce n'est pas celle d'aujourd'hui : « ven. 4 mars » seul se lirait de cette année."""
    return None if jour[:4] == aujourd_hui[:4] else jour[:4]


def date_chiffree(jour: str) -> str:
    """« 26/11/2026 »."""
    return f"{jour[8:10]}/{jour[5:7]}/{jour[:4]}"


def mois_long(mois: str) -> str:
    """« novembre 2026 », d'un mois « 2026-11 »."""
    return f"{MOIS[int(mois[5:7]) - 1]} {mois[:4]}"


def heure(texte: str | None) -> str:
    """« 9 h 30 », « 14 h »."""
    if not texte:
        return ""
    heures, minutes = int(texte[:2]), texte[3:5]
    return f"{heures}\u00a0h" if minutes == "00" else f"{heures}\u00a0h\u00a0{minutes}"


def duree(minutes: int | None) -> str:
    """« 45 min », « 1 h », « 1 h 05 »."""
    if minutes is None:
        return ""
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste}\u00a0min"
    return f"{heures}\u00a0h\u00a0{reste:02d}" if reste else f"{heures}\u00a0h"


def quantite(nombre: int, singulier: str, pluriel: str | None = None) -> str:
    """« 1 jour », « 3 jours »."""
    return f"{nombre} {singulier if abs(nombre) < 2 else pluriel or singulier + 's'}"


def accord(sexe: str | None, neutre: str, feminin: str, masculin: str) -> str:
    """La forme qui s'accorde quand le sexe est connu, la forme neutre sinon."""
    return {"femme": feminin, "homme": masculin}.get(sexe or "", neutre)


def majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def de(nom: str) -> str:
    """« de Toul », « d’Amance »."""
    return ("d’" if nom[:1].lower() in "aeiouyàâéèêëîïôöùûh" else "de ") + nom
