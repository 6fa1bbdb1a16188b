"""Une note personnelle dit de qui elle est : le témoin du fil la reconnaît partout où elle paraît."""

from __future__ import annotations

import re

SECRET = re.compile(r"secret de ([0-9a-f-]{36}) n° \d+")


def un_secret(auteur_id: str, numero: int) -> str:
    return f"secret de {auteur_id} n° {numero}"
