"""Une règle possible d'une convention, et où elle se range à l'écran."""

from dataclasses import dataclass
from typing import Final

from app.domain.convention.formes import Booleen, Entier, Forme

GROUPES: Final = {
    "accueil": "L’accueil",
    "rythme": "Le rythme",
    "duree": "La durée",
    "contrat": "Le contrat et le bilan",
    "suites": "La sortie et ses suites",
    "obligations": "Ce qui est demandé en plus",
    "capacite": "Les places et l’équipe",
    "public": "Le public et le territoire",
    "identite": "La convention",
    "rapports": "Les comptes rendus",
}

# Ce que plusieurs règles partagent.
JOURS = Entier("jour", "jours", maxi=366)
MOIS = Entier("mois", maxi=60, exemple="6")
OUI = Booleen("Demandé", "Non demandé")


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle possible. `aide` : ce qu'elle change, pour qui écrit une convention."""

    nom: str
    libelle: str
    groupe: str
    forme: Forme
    aide: str
    telephone: bool = False
    exemple: str = ""

    def en_toml(self) -> str:
        """Une ligne de TOML à recopier."""
        return (
            f'{self.nom} = {{ valeur = {self.exemple or self.forme.exemple}, source = "Convention 2026, article 3" }}'
        )
