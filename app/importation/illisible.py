"""Un fichier qui ne se lit pas."""

from __future__ import annotations


class FichierIllisible(Exception):
    """Le message est en français et dit quoi faire."""

    def __init__(self, message: str, ligne: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.ligne = ligne
