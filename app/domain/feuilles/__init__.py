"""Les formes des feuilles : ce qui se note dans le cahier d'une équipe, décrit par des données.

Un fichier TOML par forme, comme les pièces d'un dossier (`app/domain/formes`) ; ajouter une forme, c'est ajouter un
fichier. Miroir : static/js/domain/feuilles.js.

D'une forme : `code`, `libelle`, `pluriel`, `genre_grammatical`, `cahier` (le genre de cahier où elle se note), `titre`,
et au besoin `jour` (le champ qui la date), `nommee`, `au_moins` (`champs` : l'un est à remplir ; `sinon` : la phrase),
`cle` : les champs qui, remplis, font son identifiant ; la noter une seconde fois la change,
`cede` : le champ vrai d'une feuille notée faute d'une autre, qui ne l'emporte pas sur elle,
`finie` : les champs qu'elle n'a plus, retirée puis redite sans eux,
`rejoint` : la pièce qu'elle tient à jour dans le dossier qu'elle désigne, une fois pour toutes.
Les champs sont ceux d'une pièce, avec quatre genres de plus : `heure` (« 21:30 »), `collegues` (une liste de comptes),
`dossier` (l'un de ceux de l'auteur) et `position` (app/domain/position.py) ; `de`, d'un champ `fiche`, est la forme de
la feuille citée, du même cahier.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.formes import Forme, lire
from app.domain.identifiant import deriver

DOSSIER = Path(__file__).parent

_ORDRE = ("prevue", "maraude", "rencontre", "connu", "seance", "inscription", "presence", "situation", "annotation")


@cache
def charger() -> dict[str, Forme]:
    """Toutes les formes, par code, dans l'ordre des écrans."""
    return lire(DOSSIER, _ORDRE)


def forme(code: str) -> Forme | None:
    return charger().get(code)


def formes_du_cahier(genre: str) -> list[Forme]:
    """Ce qui se note dans un cahier de ce genre."""
    return [decrite for decrite in charger().values() if decrite["cahier"] == genre]


def redite(decrite: Forme, deja: Mapping[str, Any], champs: Mapping[str, Any]) -> dict[str, Any]:
    """Ce que change une feuille à `cle` notée une seconde fois.

    Retirée, elle revient sans ce qui la finissait. Notée faute de mieux, elle ne fait que remplir ce que l'autre ne
    disait pas.
    """
    cede, dites = decrite.get("cede"), deja["valeurs"]
    if deja.get("retiree_le"):
        return {**dict.fromkeys(decrite.get("finie", ())), **champs}
    if cede is None or bool(champs.get(cede)) == bool(dites.get(cede)):
        return dict(champs)
    if dites.get(cede):
        return {**champs, cede: None}
    return {nom: lue for nom, lue in champs.items() if nom != cede and nom not in dites}


def identifiant_tire(code: str, cahier_id: str, valeurs: Mapping[str, Any]) -> str | None:
    """Celui que sa `cle` donne à une feuille, où qu'elle soit notée ; None si le choix en est libre."""
    decrite = forme(code)
    noms = (decrite or {}).get("cle", ())
    cles = [str(valeurs[nom]) for nom in noms if valeurs.get(nom)]
    return deriver(cahier_id, *cles) if cles and len(cles) == len(noms) else None
