"""Les deux associations de la démonstration, leurs comptes et leurs lieux. Rien de tout cela n'existe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.francais import quantite

MOT_DE_PASSE: Final = "parapluie violet sous la lune"


@dataclass(frozen=True)
class CompteInvente:
    """`cle` est le début du courriel. Un ancien a quitté l'association : ses dossiers restent, il n'entre plus."""

    cle: str
    prenom: str
    nom: str
    role: str
    presentation: str
    ancien: bool = False


@dataclass(frozen=True)
class Association:
    nom: str
    domaine: str
    comptes: tuple[CompteInvente, ...]

    def courriel(self, compte: CompteInvente) -> str:
        return f"{compte.cle}@{self.domaine}"


AMANDIERS: Final = Association(
    "Association Les Amandiers-sur-Fiction",
    "amandiers.example",
    (
        CompteInvente("camille", "Camille", "Vraisemblance", "conseiller", "Conseillère"),
        CompteInvente("nadia", "Nadia", "Delaconte", "conseiller", "Conseillère"),
        CompteInvente("maraude", "Malik", "Nocturne-Fictif", "maraude", "Maraude"),
        CompteInvente("chef", "Claude", "Fabulet", "chef_de_service", "Chef de service"),
        CompteInvente("secretariat", "Dominique", "Parchemin", "secretariat", "Secrétariat"),
        CompteInvente("admin", "Sacha", "Serrurier-Fictif", "administrateur", "Administration"),
        CompteInvente("helene", "Hélène", "Jadis", "conseiller", "A quitté l'association", ancien=True),
        CompteInvente("omar", "Omar", "Naguère", "conseiller", "A quitté l'association", ancien=True),
    ),
)
POMMIER: Final = Association(
    "Le Pommier-sous-Légende",
    "pommier.example",
    (
        CompteInvente("lise", "Lise", "Ailleurs", "conseiller", "Conseillère d'une autre association"),
        CompteInvente("chef", "Andrée", "Lointaine", "chef_de_service", "Chef de service d'une autre association"),
    ),
)
ASSOCIATIONS: Final = (AMANDIERS, POMMIER)


def comptes_montres(dossiers: Mapping[str, int]) -> list[dict[str, str]]:
    """Les comptes avec lesquels essayer, tels que la page de connexion les montre en démonstration.

    `dossiers` : combien chacun en suit, par courriel.
    """
    return [
        {
            "role": _presentation(compte, dossiers.get(association.courriel(compte), 0)),
            "courriel": association.courriel(compte),
            "mot_de_passe": MOT_DE_PASSE,
        }
        for association in ASSOCIATIONS
        for compte in association.comptes
        if not compte.ancien
    ]


def _presentation(compte: CompteInvente, dossiers: int) -> str:
    return f"{compte.presentation}, {quantite(dossiers, 'dossier')}" if dossiers else compte.presentation
