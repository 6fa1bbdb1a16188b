"""La table des genres d'échéance : `delais.toml`, que la construction donne aussi au téléphone."""

import tomllib
from pathlib import Path
from typing import Any

Genre = dict[str, Any]

DONNEES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("delais.toml").read_text(encoding="utf-8"))
GENRES: list[Genre] = DONNEES["genres"]
REGISTRE: dict[str, Genre] = {genre["code"]: genre for genre in GENRES}
