"""Les fichiers construits : leur nom haché, et leur service par WhiteNoise sous /static/."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whitenoise import WhiteNoise  # type: ignore[import-untyped]  # WhiteNoise ne publie pas ses types

from app.config import RACINE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONSTRUIT = RACINE / "static" / "construit"
_HACHE = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9.]+$")


class FichiersHaches(WhiteNoise):  # type: ignore[misc]  # même raison
    """Ne sert que ce dont le nom porte l'empreinte du contenu : tout peut alors être gardé pour toujours.

    Le worker et les modules intermédiaires de la construction restent dans le dossier sans être servis.
    """

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if _HACHE.search(url):
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def immutable_file_test(self, path: str, url: str) -> bool:
        return bool(_HACHE.search(url))


def servir(application: WSGIApplication, dossier: Path = CONSTRUIT) -> FichiersHaches:
    """Place le service des fichiers construits devant l'application."""
    dossier.mkdir(parents=True, exist_ok=True)
    return FichiersHaches(application, root=dossier, prefix="static/", allow_all_origins=False, charset="utf-8")


def actifs() -> dict[str, str]:
    """Nom simple → adresse hachée ; vide tant que rien n'est construit."""
    manifeste = CONSTRUIT / "actifs.json"
    return _lire(manifeste, manifeste.stat().st_mtime_ns) if manifeste.exists() else {}


@cache
def _lire(manifeste: Path, _date: int) -> dict[str, str]:
    contenu: dict[str, str] = json.loads(manifeste.read_text(encoding="utf-8"))
    return contenu


def version() -> str:
    """L'empreinte de tout ce qui est construit : deux pages de même version vont ensemble."""
    return actifs().get("version", "sans-construction")
