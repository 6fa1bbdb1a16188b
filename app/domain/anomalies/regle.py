"""La forme d'une règle, et ce qu'elle trouve."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.personne import Fiche

Dire = Callable[[Fiche, Fiche, str], str | None]


@dataclass(frozen=True, slots=True)
class Regle:
    """`fiche` : le type de fiche qu'elle lit. `dire(fiche, dossier, jour)` : la phrase, ou rien.

    `geste` et `url` : ce qui la règle, et où ({dossier}, {fiche}). `precision` : pourquoi son nombre n'est pas celui
    d'un autre écran. `a_relire` : la liste ne le dit que
    d'une fiche qui attend d'être relue ; qui la valide l'a vu.
    """

    code: str
    titre: str
    fiche: str
    geste: str
    url: str
    dire: Dire
    a_relire: bool = False
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Anomalie:
    code: str
    titre: str
    phrase: str
    geste: str
    url: str


def mesure_de(fiche: Fiche, dossier: Fiche) -> Fiche | None:
    """La mesure que la fiche nomme."""
    voulue = fiche.get("mesure_id")
    return next((mesure for mesure in dossier["mesures"] if mesure["id"] == voulue), None)
