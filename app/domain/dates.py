"""Jours, heures et instants : le calendrier du travail est celui de Paris.

Un *jour* est le texte "AAAA-MM-JJ", une *heure* "HH:MM", un *instant* "AAAA-MM-JJTHH:MM:SSZ" en temps universel.
Miroir : static/js/domain/dates.js, mêmes cas dans tests/corpus/dates.json.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_PARIS = ZoneInfo("Europe/Paris")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FRANCAIS = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_HEURE = re.compile(r"([0-9]{1,2})(?:\s*[h:]\s*([0-9]{2})?(?::[0-9]{2})?)")


def lire_jour(texte: str | None) -> str | None:
    """Un jour saisi (« 2026-11-26 » ou « 26/11/2026 »), ou rien si ce n'est pas une date du calendrier."""
    propre = (texte or "").strip()
    if trouve := _ISO.fullmatch(propre):
        annee, mois, quantieme = (int(partie) for partie in trouve.groups())
    elif trouve := _FRANCAIS.fullmatch(propre):
        quantieme, mois, annee = (int(partie) for partie in trouve.groups())
    else:
        return None
    if not (1900 <= annee <= 2100 and 1 <= mois <= 12 and 1 <= quantieme <= monthrange(annee, mois)[1]):
        return None
    return f"{annee:04d}-{mois:02d}-{quantieme:02d}"


def lire_heure(texte: str | None) -> str | None:
    """Une heure saisie (« 09:30 », « 9h30 », « 9 h »), ou rien."""
    trouve = _HEURE.fullmatch((texte or "").strip().lower())
    if not trouve:
        return None
    heures, minutes = int(trouve.group(1)), int(trouve.group(2) or 0)
    if heures > 23 or minutes > 59:
        return None
    return f"{heures:02d}:{minutes:02d}"


def jours_entre(debut: str, fin: str) -> int:
    """Le nombre de jours de `debut` à `fin`, négatif si `fin` vient avant."""
    return (date.fromisoformat(fin) - date.fromisoformat(debut)).days


def ajouter_jours(jour: str, nombre: int) -> str:
    return (date.fromisoformat(jour) + timedelta(days=nombre)).isoformat()


def ajouter_mois(jour: str, nombre: int) -> str:
    """Le même quantième `nombre` mois plus tard, ou le dernier jour du mois s'il n'existe pas."""
    depart = date.fromisoformat(jour)
    rang = depart.year * 12 + depart.month - 1 + nombre
    annee, mois = divmod(rang, 12)
    return date(annee, mois + 1, min(depart.day, monthrange(annee, mois + 1)[1])).isoformat()


def jour_de_semaine(jour: str) -> int:
    """0 pour lundi, 6 pour dimanche."""
    return date.fromisoformat(jour).weekday()


def instant(moment: datetime) -> str:
    """Un moment daté de son fuseau, tel que les règles et l'échange l'écrivent : « AAAA-MM-JJTHH:MM:SSZ »."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=65536)
def _a_paris(instant: str) -> tuple[str, str]:
    local = datetime.fromisoformat(instant).astimezone(_PARIS)
    return local.date().isoformat(), local.strftime("%H:%M")


def jour_paris(instant: str) -> str:
    """Le jour qu'il est à Paris à cet instant."""
    return _a_paris(instant)[0]


def heure_paris(instant: str) -> str:
    """L'heure qu'il est à Paris à cet instant, sans les secondes."""
    return _a_paris(instant)[1]


def instant_de(jour: str, heure: str) -> str:
    """L'instant d'une heure de Paris.

    L'heure qui n'existe pas (passage à l'heure d'été) glisse d'une heure ; celle qui existe deux fois est la première.
    """
    local = datetime.fromisoformat(f"{jour}T{heure}:00").replace(tzinfo=_PARIS)
    return instant(local)
