"""Ce que ces essais refont : mettre deux carnets en désaccord, et le régler."""

from __future__ import annotations

from typing import Any

from tests.sync.carnets import Carnet, Equipe
from tests.sync.fabrique import un_id

JOUR = "2026-11-26"


def en_conflit(equipe: Equipe, premiere: Any = "Awa", seconde: Any = "Eva", champ: str = "prenom") -> dict[str, Any]:
    """Le téléphone envoie, puis le collègue qui ne le savait pas ; rend le désaccord, tel que le collègue le reçoit."""
    assert equipe.modifier(equipe.telephone, **{champ: premiere}).statut == "applied"
    assert equipe.modifier(equipe.collegue, **{champ: seconde}).statut == "conflict"
    equipe.tirer()
    return equipe.collegue.desaccords()[-1]


def regler(equipe: Equipe, carnet: Carnet, desaccord: dict[str, Any], choix: str, **champs: Any) -> Any:
    return carnet.faire("regler_desaccord", desaccord["id"], equipe.personne, choix=choix, **champs)


def ouvrir_mesure(equipe: Equipe, **champs: Any) -> str:
    mesure = un_id()
    valeurs = {"convention": "ASP-NC"} | champs
    assert equipe.telephone.faire("ouvrir_mesure", mesure, equipe.personne, **valeurs).statut == "applied"
    equipe.tirer()
    return mesure
