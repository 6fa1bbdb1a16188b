"""Identifiants : UUID en minuscules, créés là où le fait est noté. Miroir : static/js/domain/identifiant.js."""

import re

_FORME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def est_identifiant(texte: object) -> bool:
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def deriver(*identifiants: str) -> str:
    """Un identifiant fait de plusieurs : deux téléphones qui ne se parlent pas trouvent le même.

    Leur ou exclusif : le hasard de chacun y reste entier.
    """
    nombre = 0
    for identifiant in identifiants:
        nombre ^= int(identifiant.replace("-", ""), 16)
    texte = f"{nombre:032x}"
    return "-".join((texte[:8], texte[8:12], texte[12:16], texte[16:20], texte[20:]))
