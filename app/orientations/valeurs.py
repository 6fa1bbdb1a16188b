"""Lire une cellule d'une liste venue d'ailleurs : ce qui se comprend sans deviner ; sinon, ce qui était attendu."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.recherche import cle
from app.importation import valeurs as strictes
from app.importation.valeurs import ValeurRefusee

_MOIS: Final = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_CHIFFREE: Final = re.compile(r"([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{4}|[0-9]{2})")
_ISO: Final = re.compile(r"((?:19|20)[0-9]{2})[-/.]?(0[1-9]|1[0-2])[-/.]?([0-9]{2})")
_COLLEE: Final = re.compile(r"([0-9]{2})([0-9]{2})((?:19|20)[0-9]{2})")
_HEURE: Final = re.compile(r"[T ]+[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?Z?$")
# Le nombre de jours d'un tableur, quand la mise en forme s'est perdue : de 1927 à 2064.
_SERIE: Final = range(10_000, 60_000)
_ORIGINE_SERIE: Final = dt.date(1899, 12, 30)
_SEPARATEURS_DE_NUMEROS: Final = re.compile(r"\s*(?:[;,|/]|\bou\b|\bet\b)\s*", re.IGNORECASE)
_PAS_UN_NUMERO: Final = re.compile(
    r"^(?:t[eé]l(?:[eé]phone)?|port(?:able)?|fixe|mob(?:ile)?)\s*[.:]?\s*", re.IGNORECASE
)
_SEXES: Final = {
    **dict.fromkeys(("f", "femme", "feminin", "mme", "madame", "mlle", "mademoiselle", "2"), "femme"),
    **dict.fromkeys(("h", "m", "homme", "masculin", "mr", "monsieur", "1"), "homme"),
}
_RSA: Final = {
    **dict.fromkeys(
        ("oui", "o", "x", "vrai", "1", "brsa", "rsa", "beneficiaire", "droit ouvert", "ouvert", "actif"), "beneficiaire"
    ),
    **dict.fromkeys(("non", "n", "faux", "0", "non beneficiaire", "hors rsa", "sans"), "non_beneficiaire"),
    **dict.fromkeys(("suspendu", "droit suspendu", "suspension"), "suspendu"),
    **dict.fromkeys(("clos", "droit clos", "radie", "ferme"), "clos"),
}


def jour(texte: str, aujourd_hui: dt.date, passe: bool = False) -> dt.date:
    """Une date telle qu'on l'écrit : 3/11/26, 03.11.2026, 2026-11-03, 3 novembre 2026, 46329.

    `passe` : une naissance ; une année à deux chiffres n'y est jamais à venir.
    """
    propre = _HEURE.sub("", texte.strip())
    if trouve := _ISO.fullmatch(propre):
        return _jour(int(trouve[1]), int(trouve[2]), int(trouve[3]))
    if trouve := _CHIFFREE.fullmatch(propre) or _COLLEE.fullmatch(propre):
        return _jour(_annee(trouve[3], aujourd_hui, passe), int(trouve[2]), int(trouve[1]))
    if propre.isascii() and propre.isdecimal() and int(propre) in _SERIE:
        return _ORIGINE_SERIE + dt.timedelta(days=int(propre))
    mots = cle(propre).replace("1er", "1").split()
    if mots and mots[0] in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "le"):
        mots = mots[1:]
    if len(mots) == 3 and mots[0].isdecimal() and mots[2].isdecimal() and len(mots[2]) in (2, 4):
        mois = next((rang for rang, debut in enumerate(_MOIS, 1) if mots[1].startswith(debut)), None)
        if mois is not None:
            return _jour(_annee(mots[2], aujourd_hui, passe), mois, int(mots[0]))
    raise ValeurRefusee("date attendue, comme 03/11/2026")


def naissance(texte: str, aujourd_hui: dt.date) -> tuple[dt.date, str]:
    """La date et sa précision ; « 1984 » seul est une année."""
    if re.fullmatch(r"(?:19|20)[0-9]{2}", texte.strip()):
        lue, precision = dt.date(int(texte), 1, 1), "annee"
    else:
        lue, precision = jour(texte, aujourd_hui, passe=True), "jour"
    if lue > aujourd_hui:
        raise ValeurRefusee("cette date de naissance est à venir")
    if lue.year < aujourd_hui.year - 110:
        raise ValeurRefusee("cette date de naissance a plus de cent dix ans")
    return lue, precision


def orientation(texte: str, aujourd_hui: dt.date) -> dt.date:
    lue = jour(texte, aujourd_hui)
    if lue > aujourd_hui:
        raise ValeurRefusee("cette date d’orientation est à venir")
    if lue < aujourd_hui - dt.timedelta(days=3 * 366):
        raise ValeurRefusee("cette date d’orientation a plus de trois ans")
    return lue


def telephones(texte: str) -> list[dict[str, str | None]]:
    """Un ou plusieurs numéros, séparés comme ils viennent ; le zéro qu'un tableur a mangé revient."""
    lus: list[dict[str, str | None]] = []
    for morceau in _SEPARATEURS_DE_NUMEROS.split(texte):
        ecrit = _PAS_UN_NUMERO.sub("", morceau.strip())
        if not ecrit:
            continue
        compact = re.sub(r"[\s.\-()]", "", ecrit)
        if re.fullmatch(r"[1-9][0-9]{8}", compact):
            compact = f"0{compact}"
        elif re.fullmatch(r"33[1-9][0-9]{8}", compact):
            compact = f"0{compact[2:]}"
        elif re.fullmatch(r"\+330[1-9][0-9]{8}", compact):
            compact = compact[3:]
        for lu in strictes.telephones(compact):
            if lu not in lus:
                lus.append(lu)
    return lus


def sexe(texte: str) -> str | None:
    lu = _SEXES.get(cle(texte))
    if lu is None:
        raise ValeurRefusee(
            "«\u202fF\u202f» ou «\u202fM\u202f», «\u202fMadame\u202f» ou «\u202fMonsieur\u202f» attendu"
        )
    return lu


def rsa(texte: str) -> str:
    lu = _RSA.get(cle(texte))
    if lu is None:
        raise ValeurRefusee(
            "«\u202foui\u202f», «\u202fnon\u202f», «\u202fsuspendu\u202f» ou «\u202fclos\u202f» attendu"
        )
    return lu


def nom(texte: str) -> str:
    """Un nom ; tout en capitales, il reprend ses minuscules."""
    lu: str = strictes.nom(120)(texte)
    return "".join(_capitale(mot) for mot in re.split(r"([\s'’-]+)", lu)) if lu == lu.upper() else lu


def nom_et_prenom(texte: str) -> tuple[str, str]:
    """« DURAND LEROY Marie » : ce qui est en capitales est le nom. Sans capitales, ou toutes, le premier mot."""
    civilite = re.sub(r"^(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)\s+", "", texte.strip(), flags=re.IGNORECASE)
    if "," in civilite:
        gauche, droite = (partie.strip() for partie in civilite.split(",", 1))
        return nom(gauche), nom(droite) if droite else ""
    mots = civilite.split()
    capitales = [mot for mot in mots if mot == mot.upper() and sum(map(str.isalpha, mot)) > 1]
    if capitales and len(capitales) < len(mots):
        # Une initiale ou un mot court entre deux capitales reste avec ses voisins.
        autres = [mot for mot in mots if mot not in capitales]
        return nom(" ".join(capitales)), nom(" ".join(autres))
    if len(mots) < 2:
        raise ValeurRefusee("un nom et un prénom attendus, comme «\u202fDURAND Marie\u202f»")
    return nom(mots[0]), nom(" ".join(mots[1:]))


def designe(connus: Mapping[str, str], texte: str) -> str | None:
    """La chose de la structure que ce texte désigne par l'un de ses noms, sans accent ni majuscule."""
    return connus.get(cle(texte))


def parmi(connus: Mapping[str, str], attendu: str) -> Callable[[str], str]:
    def lire(texte: str) -> str:
        trouve = designe(connus, texte)
        if trouve is None:
            raise ValeurRefusee(attendu)
        return trouve

    return lire


def court(longueur: int) -> Callable[[str], Any]:
    return strictes.texte(longueur)


def commune(texte: str) -> tuple[str | None, str]:
    """Le code postal, s'il précède le nom ou le suit, et le nom de la commune."""
    if trouve := re.fullmatch(r"([0-9]{5})[\s,-]+(.+)", texte):
        code, reste = trouve[1], trouve[2]
    elif trouve := re.fullmatch(r"(.+?)[\s,(-]+([0-9]{5})\)?", texte):
        code, reste = trouve[2], trouve[1]
    else:
        code, reste = None, texte
    return code, nom(reste)[:80]


def code_postal(texte: str) -> str:
    compact = texte.replace(" ", "")
    if compact.isascii() and compact.isdecimal() and len(compact) in (4, 5):
        return compact.rjust(5, "0")
    raise ValeurRefusee("code postal à cinq chiffres attendu")


def _capitale(mot: str) -> str:
    return mot[:1].upper() + mot[1:].lower()


def _annee(ecrite: str, aujourd_hui: dt.date, passe: bool) -> int:
    if len(ecrite) == 4:
        return int(ecrite)
    annee = 2000 + int(ecrite)
    # Qui est accompagné a au moins seize ans, à peu de chose près.
    return annee - 100 if passe and annee > aujourd_hui.year - 14 else annee


def _jour(annee: int, mois: int, quantieme: int) -> dt.date:
    try:
        lu = dt.date(annee, mois, quantieme)
    except ValueError:
        raise ValeurRefusee("cette date n’existe pas au calendrier") from None
    if lu.year not in strictes.ANNEES:
        raise ValeurRefusee("vérifiez l’année de cette date")
    return lu
