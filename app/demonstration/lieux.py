"""Les lieux de la démonstration : où ils sont, quand ils ouvrent, qui les prête, et quand on y reçoit.

Les numéros sont de ceux que l'on réserve à la fiction.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demonstration.invention import Invention
from app.models import Lieu, Permanence

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


# Lieu, jour, toutes les combien de semaines, plage.
_PERMANENCES: Final = (
    ("Annexe de la mairie", 1, 1, "09:00", "12:00"),
    ("Maison des services", 3, 1, "14:00", "17:00"),
    ("Permanence de la bibliothèque", 4, 2, "14:00", "17:00"),
)


def noter_permanences(
    session: Session, structure_id: str, utilisateur_id: str, invention: Invention, maintenant: datetime
) -> None:
    """Celles d'une conseillère, depuis deux mois : ses rendez-vous ont des créneaux libres à proposer."""
    requete = select(Lieu.nom, Lieu.id).where(Lieu.structure_id == structure_id)
    connus = {ligne.nom: ligne.id for ligne in session.execute(requete)}
    session.add_all(
        Permanence(
            structure_id=structure_id,
            id=invention.identifiant(),
            utilisateur_id=utilisateur_id,
            lieu_id=connus[lieu],
            jour=jour,
            semaines=semaines,
            de=de,
            a=a,
            pas=45,
            du=maintenant.date() - timedelta(60),
            par_id=utilisateur_id,
            le=maintenant,
        )
        for lieu, jour, semaines, de, a in _PERMANENCES
    )


def details(nom: str) -> dict[str, Any]:
    return _LIEUX[nom]
