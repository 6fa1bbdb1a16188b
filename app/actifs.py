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
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONSTRUIT = RACINE / "static" / "construit"
_ADRESSE = re.compile(r"/static/[a-z0-9-]+\.[0-9a-f]{12}\.(js|css|woff2|png|svg)")
_HACHE = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9.]+$")


class FichiersHaches(WhiteNoise):  # type: ignore[misc]  # même raison
    """Ne sert que ce dont le nom porte l'empreinte du contenu : tout peut alors être gardé pour toujours.

    Le worker et les modules intermédiaires de la construction restent dans le dossier sans être servis.
    """

    def __init__(self, application: WSGIApplication, root: Path, prefix: str) -> None:
        self.dossier = root
        super().__init__(application, root=str(root), prefix=prefix, allow_all_origins=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._reconnaitre(environ.get("PATH_INFO", ""))
        reponse: Iterable[bytes] = super().__call__(environ, start_response)
        return reponse

    def _reconnaitre(self, adresse: str) -> None:
        """Un fichier construit depuis le démarrage : une page neuve ne doit pas le chercher en vain."""
        if adresse in self.files or not _ADRESSE.fullmatch(adresse):
            return
        fichier = self.dossier / adresse.removeprefix("/static/")
        if fichier.is_file():
            self.add_file_to_dictionary(adresse, str(fichier))

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if _HACHE.search(url):
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def immutable_file_test(self, path: str, url: str) -> bool:
        return bool(_HACHE.search(url))


def servir(application: WSGIApplication, dossier: Path = CONSTRUIT) -> FichiersHaches:
    """Place le service des fichiers construits devant l'application."""
    dossier.mkdir(parents=True, exist_ok=True)
    return FichiersHaches(application, root=dossier, prefix="static/")


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
