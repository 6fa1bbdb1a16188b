"""Les lieux de la démonstration : où ils sont, quand ils ouvrent, qui les prête. Numéros réservés à la fiction."""

from typing import Any, Final

_SEMAINE: Final = "9 h – 12 h, 14 h – 17 h"
_LIEUX: Final[dict[str, dict[str, Any]]] = {
    "Locaux de l'association": {"adresse": "4, quai des Amandiers", "horaires": [_SEMAINE] * 5 + ["", ""]},
    "Maison des Contes": {
        "adresse": "12, rue du Récit",
        "horaires": [_SEMAINE, _SEMAINE, "9 h – 12 h", _SEMAINE, "9 h – 12 h", "", ""],
        "preteur": "Mme Accueil-Fictive",
        "preteur_telephone": "0199000014",
    },
    "Annexe de la mairie": {
        "adresse": "1, place de la Brume",
        "horaires": ["8 h 30 – 12 h", *["8 h 30 – 12 h, 13 h 30 – 17 h"] * 4, "9 h – 11 h", ""],
        "preteur": "M. Gardien-Inventé, accueil de la mairie",
        "preteur_telephone": "0199000015",
    },
    "Permanence de la bibliothèque": {
        "adresse": "3, chemin des Bois",
        "horaires": ["", "14 h – 18 h", "10 h – 18 h", "", "14 h – 18 h", "10 h – 16 h", ""],
        "preteur": "Mme Rayon-Fictive, bibliothécaire",
        "preteur_telephone": "0199000016",
    },
    "Maison des services": {
        "adresse": "27, rue du Pont",
        "horaires": [*["9 h – 12 h 30, 13 h 30 – 17 h"] * 5, "", ""],
        "preteur": "Accueil de la Maison des services",
        "preteur_telephone": "0199000017",
    },
    "Accueil de jour La Lanterne": {
        "adresse": "8, rue de la Veillée",
        "horaires": [*["8 h – 16 h"] * 7],
        "preteur": "M. Veilleur-Inventé",
        "preteur_telephone": "0199000018",
    },
}


def details(nom: str) -> dict[str, Any]:
    return _LIEUX[nom]
