"""Le catalogue des champs d'une personne : ce qui est recueilli, daté ou non, et qui le lit."""

from dataclasses import dataclass
from functools import cache

from app.domain import nomenclatures
from app.domain.roles import LECTEURS


@dataclass(frozen=True, slots=True)
class Champ:
    """Un champ ; `genre` : texte, textes, code, codes, booleen, entier, jour, mois, telephones ou commune."""

    nom: str
    libelle: str
    genre: str
    date: bool
    lecteurs: frozenset[str]
    telephone: str
    groupe: str
    liste: str | None = None
    sensible: bool = False
    maximum: int = 99

    def est_lisible(self, role: str) -> bool:
        return role in self.lecteurs


@cache
def catalogue() -> dict[str, Champ]:
    """Tous les champs, dans l'ordre des écrans."""
    return {
        nom: Champ(
            nom=nom,
            libelle=champ["libelle"],
            genre=champ["genre"],
            date=champ["date"],
            lecteurs=frozenset(LECTEURS[lettre] for lettre in champ["lecteurs"]),
            telephone=champ["telephone"],
            groupe=champ["groupe"],
            liste=champ.get("liste"),
            sensible=champ.get("sensible", False),
            maximum=champ.get("maximum", 99),
        )
        for nom, champ in nomenclatures.donnees()["champs"].items()
    }


def champs_lisibles(role: str) -> frozenset[str]:
    """Les noms des champs qu'un rôle peut lire : la liste de ce qui est permis, rien d'autre ne sort.

    Un partenaire ne lit ceux-ci que pour une personne dont l'accord de partage est enregistré.
    """
    return frozenset(nom for nom, champ in catalogue().items() if champ.est_lisible(role))


def champs_du_telephone() -> frozenset[str]:
    """Les champs qui voyagent en clair dans le carnet du référent."""
    return frozenset(nom for nom, champ in catalogue().items() if champ.telephone == "oui")
