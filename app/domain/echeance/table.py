"""La table des genres d'échéance : `delais.toml`, que la construction donne aussi au téléphone."""

import tomllib
from pathlib import Path
from typing import Any

from app.domain.francais import minuscule

Genre = dict[str, Any]

DONNEES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("delais.toml").read_text(encoding="utf-8"))
GENRES: list[Genre] = DONNEES["genres"]
# `retard` : ce que dit une liste de dossiers ; à défaut, ce qui est attendu.
REGISTRE: dict[str, Genre] = {
    genre["code"]: {"retard": minuscule(f"{genre.get('quoi')} {genre['verbe']}"), **genre} for genre in GENRES
}
