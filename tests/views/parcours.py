"""Toutes les adresses de l'application, prêtes à être demandées."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from uuid6 import uuid7

VALEURS = {
    "convention": "DSP-TDL",
    "conventions": "DSP-TDL",
    "periode": "2022",
    "secteurs": "tous",
    "tableau": "flux",
    "ligne": "accompagnees",
    "colonne": "nombre",
    "bloc": "analyse",
    "annee": 2022,
    "case": "proposes",
    "nom": "jalon.svg",
    "genre": "parcours",
    "numero": 5,
}


@dataclass(frozen=True)
class Adresse:
    regle: str
    endpoint: str
    methode: str
    chemin: str
    arguments: tuple[str, ...]


def adresses(app: Flask, **connues: object) -> list[Adresse]:
    """Une adresse par règle et par méthode ; les identifiants sont `connues`, sinon inconnus de tous."""
    constructeur = app.url_map.bind("localhost", url_scheme="https")
    trouvees = []
    for regle in app.url_map.iter_rules():
        arguments = {nom: connues.get(nom, VALEURS.get(nom, uuid7())) for nom in regle.arguments}
        for methode in sorted((regle.methods or set()) - {"HEAD", "OPTIONS"}):
            chemin = constructeur.build(regle.endpoint, arguments, method=methode)
            trouvees.append(Adresse(regle.rule, regle.endpoint, methode, chemin, tuple(sorted(regle.arguments))))
    return trouvees
