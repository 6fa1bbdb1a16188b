"""Identifiants : UUID en minuscules, créés là où le fait est noté. Miroir : static/js/domain/identifiant.js."""

import re

_FORME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def est_identifiant(texte: object) -> bool:
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None
