"""Filtres français des gabarits : dates, durées, nombres, textes.

Chacun existe à l'identique dans ``static/js/gabarits/filtres.js`` ; ``tests/corpus/filtres.json`` est
exécuté par les deux. Une valeur absente ou vide donne une chaîne vide ; une valeur mal formée est une
erreur, jamais un à-peu-près.
"""

import re
from collections.abc import Callable
from datetime import date

from jinja2 import Undefined
from markupsafe import Markup, escape

from app.domain import francais
from app.domain import position as positions

ESPACE_FINE = "\u202f"

_JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HEURE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MOTS = re.compile(r"[^ \t\n\u00a0\u202f]+")


def _absent(valeur: object) -> bool:
    return valeur is None or isinstance(valeur, Undefined) or valeur == ""


def _lire_jour(valeur: object) -> date:
    texte = str(valeur)
    if not _JOUR.fullmatch(texte):
        raise ValueError(f"jour attendu sous la forme AAAA-MM-JJ : {texte!r}")
    return date.fromisoformat(texte)


def _lire_entier(valeur: object) -> int:
    if not isinstance(valeur, int) or isinstance(valeur, bool):
        raise TypeError(f"nombre entier attendu : {valeur!r}")
    return valeur


def date_longue(valeur: object) -> str:
    """« jeudi 26 novembre 2026 », « dimanche 1er mars 2026 »."""
    if _absent(valeur):
        return ""
    return francais.jour_long(_lire_jour(valeur).isoformat())


def date_courte(valeur: object) -> str:
    """« 26/11/2026 »."""
    if _absent(valeur):
        return ""
    return francais.date_chiffree(_lire_jour(valeur).isoformat())


def jour_court(valeur: object) -> str:
    """« jeu. 26 nov. »."""
    if _absent(valeur):
        return ""
    return francais.jour_court(_lire_jour(valeur).isoformat())


def duree(valeur: object) -> str:
    """Des minutes : « 45 min », « 1 h », « 1 h 05 » (espaces insécables)."""
    if _absent(valeur):
        return ""
    minutes = _lire_entier(valeur)
    if minutes < 0:
        raise ValueError(f"durée négative : {minutes}")
    return francais.duree(minutes)


def heure(valeur: object) -> str:
    """« 9 h 30 », « 9 h » (espaces insécables)."""
    if _absent(valeur):
        return ""
    texte = str(valeur)
    if not _HEURE.fullmatch(texte):
        raise ValueError(f"heure attendue sous la forme HH:MM : {texte!r}")
    return francais.heure(texte)


def telephone(valeur: object) -> str:
    """« 06 12 34 56 78 » (espaces fines insécables) ; ce qui n'est pas un numéro français reste tel quel."""
    if _absent(valeur):
        return ""
    texte = str(valeur)
    chiffres = re.sub(r"[ .\u00a0\u202f-]", "", texte)
    if re.fullmatch(r"0[0-9]{9}", chiffres):
        return ESPACE_FINE.join(chiffres[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"\+33[0-9]{9}", chiffres):
        groupes = [chiffres[:3], chiffres[3], *(chiffres[i : i + 2] for i in range(4, 12, 2))]
        return ESPACE_FINE.join(groupes)
    return texte


def position(valeur: object) -> str:
    """« 48,693° nord, 6,183° est » ; ce qui n'est pas une position reste tel quel."""
    return "" if _absent(valeur) else positions.en_mots(str(valeur))


def pluriel(valeur: object, marque: str = "s", singulier: str = "") -> str:
    """La marque du pluriel à partir de deux (zéro et un sont singuliers) : ``dossier{{ n|pluriel }}``."""
    if _absent(valeur):
        return str(singulier)
    return str(marque) if abs(_lire_entier(valeur)) >= 2 else str(singulier)


def nombre(valeur: object) -> str:
    """« 1 084 » : milliers séparés d'une espace fine insécable."""
    if _absent(valeur):
        return ""
    return f"{_lire_entier(valeur):,}".replace(",", ESPACE_FINE)


def initiales(valeur: object) -> str:
    """Premières lettres du premier et du dernier mot, en capitales : « AD »."""
    if _absent(valeur):
        return ""
    mots = _MOTS.findall(str(valeur))
    return "".join(mot[0].upper() for mot in (mots if len(mots) < 2 else [mots[0], mots[-1]]))


def majuscule(valeur: object) -> str:
    """Met une capitale au premier caractère et laisse le reste : « Jeudi 26 novembre »."""
    if _absent(valeur):
        return ""
    texte = str(valeur)
    return texte[0].upper() + texte[1:]


def paragraphes(valeur: object) -> Markup:
    """Le texte échappé, chaque fin de ligne devenant ``<br>``."""
    if _absent(valeur):
        return Markup("")
    lignes = re.split(r"\r\n|\r|\n", str(escape(valeur)))
    # Chaque ligne vient d'être échappée : la marque de fin de ligne est le seul HTML ajouté.
    return Markup("<br>\n").join(Markup(ligne) for ligne in lignes)  # noqa: S704 - échappé ci-dessus


FILTRES: dict[str, Callable[..., str]] = {
    "date_courte": date_courte,
    "date_longue": date_longue,
    "duree": duree,
    "heure": heure,
    "initiales": initiales,
    "jour_court": jour_court,
    "majuscule": majuscule,
    "nombre": nombre,
    "paragraphes": paragraphes,
    "pluriel": pluriel,
    "position": position,
    "telephone": telephone,
}
