"""Lire une cellule : chaque lecteur rend la valeur gardée, ou lève `ValeurRefusee` avec ce qu'il attendait.

Une cellule vient d'un CSV (toujours du texte) ou d'un classeur (texte, nombre, date, heure, booléen). Une cellule vide
ne parvient jamais à un lecteur.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final

from app.domain import nomenclatures
from app.importation.lecture import Cellule

Lecteur = Callable[[Cellule], Any]

_VRAI: Final = {"oui", "o", "vrai", "true", "1", "x"}
_FAUX: Final = {"non", "n", "faux", "false", "0"}
_JOUR_FRANCAIS: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_JOUR_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_HEURE: Final = re.compile(r"([0-9]{1,2})\s*[:hH]\s*([0-9]{2})?(?::00)?")
_NUMERO: Final = re.compile(r"(?:\+33|0033|0)([1-9][0-9]{8})")
_NUMERO_ETRANGER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_COURRIEL: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(?:\.[^@\s<>,;.]+)+")
_CODE_COMMUNE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
_SEPARATEUR_DE_LISTE: Final = re.compile(r"[|\n]")
# Ces caractères ne se voient pas et changent ce qu'on lit : sens d'écriture forcé, espaces sans chasse.
_INVISIBLES: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]"
)
ANNEES: Final = range(1900, 2101)


class ValeurRefusee(Exception):
    """La cellule ne convient pas ; le message dit en français ce qui était attendu."""


def en_texte(cellule: Cellule) -> str:
    """La cellule comme elle s'affiche : un nombre entier d'un classeur n'a pas de « ,0 »."""
    if isinstance(cellule, str):
        return cellule.strip()
    if isinstance(cellule, bool):
        return "oui" if cellule else "non"
    if isinstance(cellule, float) and cellule.is_integer():
        return str(int(cellule))
    if isinstance(cellule, datetime):
        return cellule.strftime("%d/%m/%Y %H:%M")
    if isinstance(cellule, date):
        return cellule.strftime("%d/%m/%Y")
    return "" if cellule is None else str(cellule)


def texte(longueur: int, *, lignes: bool = False) -> Lecteur:
    """Un texte d'au plus `longueur` caractères, sur une ligne ou plusieurs."""

    def lire(cellule: Cellule) -> str:
        valeur = unicodedata.normalize("NFC", en_texte(cellule)).replace("\r\n", "\n").replace("\r", "\n")
        if _INVISIBLES.search(valeur):
            raise ValeurRefusee("contient un caractère invisible interdit")
        if "\n" in valeur and not lignes:
            raise ValeurRefusee("doit tenir sur une ligne")
        if len(valeur) > longueur:
            raise ValeurRefusee(f"dépasse {longueur} caractères")
        return valeur

    return lire


def nom(longueur: int) -> Lecteur:
    """Le nom d'une personne : un texte avec au moins une lettre."""
    lire_texte = texte(longueur)

    def lire(cellule: Cellule) -> str:
        valeur: str = lire_texte(cellule)
        if not any(c.isalpha() for c in valeur):
            raise ValeurRefusee("un nom contient au moins une lettre")
        return valeur

    return lire


def textes(longueur: int, nombre: int) -> Lecteur:
    """Plusieurs textes séparés par « | », au plus `nombre`."""
    lire_texte = texte(longueur)

    def lire(cellule: Cellule) -> list[str]:
        return [lire_texte(m) for m in _separer(en_texte(cellule), nombre)]

    return lire


@lru_cache(maxsize=50_000)
def _jour_ecrit(valeur: str) -> date:
    if trouve := _JOUR_FRANCAIS.fullmatch(valeur):
        jour, mois, annee = (int(g) for g in trouve.groups())
    elif trouve := _JOUR_ISO.fullmatch(valeur):
        annee, mois, jour = (int(g) for g in trouve.groups())
    else:
        raise ValeurRefusee("date attendue, comme 31/12/2022 ou 2022-12-31")
    try:
        lu = date(annee, mois, jour)
    except ValueError:
        raise ValeurRefusee("cette date n'existe pas") from None
    if annee not in ANNEES:
        raise ValeurRefusee(f"année hors des bornes ({ANNEES.start} à {ANNEES.stop - 1})")
    return lu


def jour(cellule: Cellule) -> date:
    if isinstance(cellule, datetime):
        if cellule.time() != time():
            raise ValeurRefusee("date attendue, sans heure")
        return _jour_ecrit(cellule.date().isoformat())
    if isinstance(cellule, date):
        return _jour_ecrit(cellule.isoformat())
    return _jour_ecrit(en_texte(cellule))


def jour_iso(cellule: Cellule) -> str:
    """Un jour gardé parmi les valeurs datées d'une personne : « AAAA-MM-JJ »."""
    return jour(cellule).isoformat()


def naissance(cellule: Cellule) -> tuple[date, str]:
    """La date et sa précision : une année seule (« 1984 ») donne le 1er janvier, précision « annee »."""
    ecrit = en_texte(cellule)
    if re.fullmatch(r"[0-9]{4}", ecrit):
        return _jour_ecrit(f"{ecrit}-01-01"), "annee"
    return jour(cellule), "jour"


@lru_cache(maxsize=5_000)
def _heure_ecrite(valeur: str) -> time:
    trouve = _HEURE.fullmatch(valeur)
    if trouve is None:
        raise ValeurRefusee("heure attendue, comme 9:30 ou 9h30")
    heures, minutes = int(trouve[1]), int(trouve[2] or 0)
    if heures > 23 or minutes > 59:
        raise ValeurRefusee("cette heure n'existe pas")
    return time(heures, minutes)


def heure(cellule: Cellule) -> time:
    if isinstance(cellule, datetime):
        return cellule.time().replace(second=0, microsecond=0)
    if isinstance(cellule, time):
        return cellule.replace(second=0, microsecond=0)
    if isinstance(cellule, float) and 0 <= cellule < 1:
        # Une heure non mise en forme est une fraction de journée.
        minutes = round(cellule * 1440)
        return time(minutes // 60 % 24, minutes % 60)
    return _heure_ecrite(en_texte(cellule))


def entier(minimum: int, maximum: int) -> Lecteur:
    def lire(cellule: Cellule) -> int:
        ecrit = en_texte(cellule)
        if not re.fullmatch(r"[0-9]{1,9}", ecrit):
            raise ValeurRefusee("nombre entier attendu")
        if not minimum <= int(ecrit) <= maximum:
            raise ValeurRefusee(f"nombre entre {minimum} et {maximum} attendu")
        return int(ecrit)

    return lire


def booleen(cellule: Cellule) -> bool:
    ecrit = en_texte(cellule).lower()
    if ecrit in _VRAI:
        return True
    if ecrit in _FAUX:
        return False
    raise ValeurRefusee("« oui » ou « non » attendu")


def choix(liste: str) -> Lecteur:
    """Un code de nomenclature, écrit par son code ou par son libellé."""
    return choix_parmi(liste, nomenclatures.codes(liste))


def choix_parmi(liste: str, codes: list[str]) -> Lecteur:
    """Un code de nomenclature, quand tous ne s'enregistrent pas."""
    par_ecriture = {ecriture: code for ecriture, code in _ecritures(liste).items() if code in codes}
    attendus = ", ".join(codes[:6]) + ("…" if len(codes) > 6 else "")

    def lire(cellule: Cellule) -> str:
        code = par_ecriture.get(en_texte(cellule).casefold())
        if code is None:
            raise ValeurRefusee(f"valeur inconnue ; attendu : {attendus}")
        return code

    return lire


def plusieurs_choix(liste: str) -> Lecteur:
    lire_choix = choix(liste)

    def lire(cellule: Cellule) -> list[str]:
        return list(dict.fromkeys(lire_choix(m) for m in _separer(en_texte(cellule), 30)))

    return lire


def mois(cellule: Cellule) -> str:
    """« AAAA-MM », écrit ainsi ou « MM/AAAA » ou comme une date de ce mois."""
    if isinstance(cellule, date):
        return jour(cellule).isoformat()[:7]
    ecrit = en_texte(cellule)
    if trouve := re.fullmatch(r"([0-9]{4})-([0-9]{2})", ecrit):
        annee, numero = trouve[1], trouve[2]
    elif trouve := re.fullmatch(r"([0-9]{2})/([0-9]{4})", ecrit):
        annee, numero = trouve[2], trouve[1]
    else:
        raise ValeurRefusee("mois attendu, comme 12/2022")
    if int(numero) not in range(1, 13) or int(annee) not in ANNEES:
        raise ValeurRefusee("ce mois n'existe pas")
    return f"{annee}-{numero}"


def _telephone(ecrit: str) -> dict[str, str | None]:
    compact = re.sub(r"[\s.\-/()\u00a0\u202f]", "", ecrit)
    if trouve := _NUMERO.fullmatch(compact):
        return {"numero": f"0{trouve[1]}", "libelle": None}
    if _NUMERO_ETRANGER.fullmatch(compact):
        return {"numero": compact, "libelle": None}
    raise ValeurRefusee("numéro de téléphone attendu, comme 06 39 98 00 00")


def telephones(cellule: Cellule) -> list[dict[str, str | None]]:
    """Un ou plusieurs numéros séparés par « | »."""
    ecrit = en_texte(cellule)
    if isinstance(cellule, int | float) and re.fullmatch(r"[1-9][0-9]{8}", ecrit):
        # Un classeur qui a pris le numéro pour un nombre en a mangé le zéro.
        ecrit = f"0{ecrit}"
    return [_telephone(m) for m in _separer(ecrit, 6)]


def courriel(cellule: Cellule) -> str:
    ecrit = en_texte(cellule)
    if len(ecrit) > 254 or not _COURRIEL.fullmatch(ecrit) or _INVISIBLES.search(ecrit):
        raise ValeurRefusee("adresse de courriel attendue")
    return ecrit


def code_commune(cellule: Cellule) -> str:
    """Le code officiel à cinq caractères ; un classeur a pu en manger le zéro de tête."""
    ecrit = en_texte(cellule).upper()
    if isinstance(cellule, int | float):
        ecrit = ecrit.rjust(5, "0")
    if not _CODE_COMMUNE.fullmatch(ecrit):
        raise ValeurRefusee("code commune à cinq caractères attendu, comme 54528")
    return ecrit


def _separer(ecrit: str, nombre: int) -> list[str]:
    valeurs = [m.strip() for m in _SEPARATEUR_DE_LISTE.split(ecrit) if m.strip()]
    if len(valeurs) > nombre:
        raise ValeurRefusee(f"au plus {nombre} valeurs")
    return valeurs


def _ecritures(liste: str) -> dict[str, str]:
    par_ecriture: dict[str, str] = {}
    for code in nomenclatures.codes(liste):
        for ecriture in (nomenclatures.libelle(liste, code, s) for s in (None, "femme", "homme")):
            par_ecriture.setdefault(ecriture.casefold(), code)
    if liste == "sexe":
        par_ecriture |= {"f": "femme", "h": "homme", "m": "homme"}
    return par_ecriture | {code: code for code in nomenclatures.codes(liste)}
