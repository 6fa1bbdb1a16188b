"""Une demande à laquelle on ne peut pas répondre : un code stable, une phrase, un statut HTTP."""

from __future__ import annotations


class Erreur(Exception):
    """`code` est fait pour le programme, `message` pour la personne ; `attendre` : secondes avant de recommencer."""

    def __init__(self, code: str, message: str, http: int, attendre: int | None = None) -> None:
        super().__init__(f"{http} {code}")
        self.code = code
        self.message = message
        self.http = http
        self.attendre = attendre

    def en_json(self) -> dict[str, str]:
        return {"erreur": self.code, "message": self.message}
