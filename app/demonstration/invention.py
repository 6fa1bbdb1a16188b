"""Des gens et des lieux qui n'existent pas, et dont cela se voit.

Les noms de famille disent la fiction, les communes sont d'un département qui n'existe pas (aucun code ne commence par
00), les numéros sont dans les tranches que l'Arcep réserve aux œuvres de fiction.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

RUES: Final = (
    "rue des Contes",
    "allée du Dernier-Chapitre",
    "impasse de la Parenthèse",
    "avenue de la Fiction",
    "place du Quatrième-Mur",
    "chemin des Péripéties",
    "rue du Narrateur",
    "cours des Personnages",
)


@dataclass(frozen=True)
class Commune:
    code: str
    nom: str


COMMUNES: Final = (
    Commune("00101", "Fable-la-Ville"),
    Commune("00102", "Contes-sur-Brume"),
    Commune("00103", "Saint-Récit-des-Bois"),
    Commune("00104", "Légende-le-Haut"),
    Commune("00105", "Les Amandiers-sur-Fiction"),
    Commune("00106", "Chimère-en-Plaine"),
    Commune("00107", "Villeneuve-l'Imaginaire"),
    Commune("00108", "Pont-aux-Songes"),
)
LIEUX: Final = (
    ("Locaux de l'association", "Les Amandiers-sur-Fiction"),
    ("Maison des Contes", "Fable-la-Ville"),
    ("Annexe de la mairie", "Contes-sur-Brume"),
    ("Permanence de la bibliothèque", "Saint-Récit-des-Bois"),
    ("Maison des services", "Pont-aux-Songes"),
    ("Accueil de jour La Lanterne", "Fable-la-Ville"),
)
PRESCRIPTEURS: Final = (
    "Service insertion du Val-de-Fable",
    "France Travail, agence de Fable-la-Ville",
    "Service social de Contes-sur-Brume",
    "Chantier d'insertion Les Mots Semés",
    "Service d'accueil de Pont-aux-Songes",
)
_MOBILE: Final = "063998"
_FIXES: Final = ("019900", "026191", "035301", "046571", "053649")


@dataclass
class Invention:
    """Tire gens et identifiants d'un hasard semé : la même graine donne la même association."""

    alea: Random
    horodatage: int

    def __post_init__(self) -> None:
        self._deja: set[str] = set()

    def identifiant(self) -> str:
        """Un UUIDv7 dont l'horodatage est fixé et la suite tirée du hasard semé."""
        valeur = (self.horodatage & (1 << 48) - 1) << 80 | 7 << 76 | self.alea.getrandbits(12) << 64
        return str(UUID(int=valeur | 2 << 62 | self.alea.getrandbits(62)))

    def nom(self, sexe: str) -> tuple[str, str]:
        """(prénom, nom), jamais deux fois le même couple."""
        while True:
            prenom = self.alea.choice(_noms()["femmes" if sexe == "femme" else "hommes"])
            nom = self.alea.choice(_noms()["familles"])
            if self.alea.random() < 0.12:
                nom = f"{nom}-{self.alea.choice(_noms()['familles'])}"
            if f"{prenom} {nom}" not in self._deja:
                self._deja.add(f"{prenom} {nom}")
                return prenom, nom

    def telephone(self) -> dict[str, str | None]:
        debut = _MOBILE if self.alea.random() < 0.85 else self.alea.choice(_FIXES)
        return {"numero": f"{debut}{self.alea.randrange(10_000):04}", "libelle": None}

    def courriel(self, prenom: str, nom: str) -> str:
        return f"{_sans_accent(prenom)}.{_sans_accent(nom)}@courriel.example"

    def commune(self) -> dict[str, Any]:
        choisie = self.alea.choice(COMMUNES)
        return {"code": choisie.code, "nom": choisie.nom}

    def adresse(self) -> str:
        return f"{self.alea.randrange(1, 120)} {self.alea.choice(RUES)}"

    def lieu(self) -> str:
        return self.alea.choice(LIEUX[:5])[0]


@cache
def _noms() -> dict[str, list[str]]:
    """Les prénoms et les noms de famille de `noms.toml`."""
    return tomllib.loads(Path(__file__).with_name("noms.toml").read_text(encoding="utf-8"))


def _sans_accent(texte: str) -> str:
    decompose = unicodedata.normalize("NFD", texte.lower().replace(" ", "-"))
    return "".join(c for c in decompose if c.isascii() and (c.isalnum() or c == "-"))
