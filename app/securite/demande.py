"""La requête, telle que l'application la lit : un fichier reçu reste en mémoire, jamais sur le disque du serveur."""

from __future__ import annotations

import io
from typing import IO

from flask import Request


class Demande(Request):
    """Werkzeug range un gros fichier reçu dans un fichier temporaire, en clair. `MAX_CONTENT_LENGTH` borne celui-ci."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()
