"""Les formes des feuilles : ce qui se note dans le cahier d'une équipe, décrit par des données.

Un fichier TOML par forme, comme les pièces d'un dossier (`app/domain/formes`) ; ajouter une forme, c'est ajouter un
fichier. Miroir : static/js/domain/feuilles.js.

D'une forme : `code`, `libelle`, `pluriel`, `genre_grammatical`, `cahier` (le genre de cahier où elle se note), `titre`,
et au besoin `jour` (le champ qui la date), `nommee`, `au_moins` (`champs` : l'un est à remplir ; `sinon` : la phrase).
Les champs sont ceux d'une pièce, avec deux genres de plus : `heure` (« 21:30 ») et `collegues` (une liste de comptes) ;
`de`, d'un champ `fiche`, est la forme de la feuille citée, du même cahier.
"""

from functools import cache
from pathlib import Path

from app.domain.formes import Forme, lire

DOSSIER = Path(__file__).parent

_ORDRE = ("maraude", "rencontre", "connu")


@cache
def charger() -> dict[str, Forme]:
    """Toutes les formes, par code, dans l'ordre des écrans."""
    return lire(DOSSIER, _ORDRE)


def forme(code: str) -> Forme | None:
    return charger().get(code)


def formes_du_cahier(genre: str) -> list[Forme]:
    """Ce qui se note dans un cahier de ce genre."""
    return [decrite for decrite in charger().values() if decrite["cahier"] == genre]
