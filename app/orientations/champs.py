"""Ce qu'une colonne d'une liste peut dire, et les titres qui le font reconnaître."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.domain.recherche import cle
from app.orientations.lecture import Ligne

# Les titres ne sont jamais plus bas : au-dessus, un en-tête de courrier, le nom du service, le mois.
TITRES_CHERCHES: Final = 40
JAMAIS: Final = "jamais"
SANS_TITRES: Final = 0
# Une date, un numéro : ce n'est pas un titre.
CHIFFRES_D_UNE_DONNEE: Final = 4


@dataclass(frozen=True)
class Champ:
    """`plusieurs` : plusieurs colonnes peuvent le dire, et se lisent ensemble."""

    code: str
    libelle: str
    plusieurs: bool = False
    aide: str = ""


CHAMPS: Final = {
    champ.code: champ
    for champ in (
        Champ("nom", "Nom"),
        Champ("prenom", "Prénom"),
        Champ("nom_prenom", "Nom et prénom ensemble", aide="«\u202fDURAND Marie\u202f», «\u202fMarie DURAND\u202f»"),
        Champ("nom_usage", "Nom d’usage"),
        Champ("date_naissance", "Date de naissance"),
        Champ("sexe", "Sexe ou civilité"),
        Champ("telephones", "Téléphone", plusieurs=True),
        Champ("courriel", "Courriel"),
        Champ("adresse", "Adresse", plusieurs=True),
        Champ("code_postal", "Code postal"),
        Champ("commune", "Commune"),
        Champ("rsa", "RSA"),
        Champ("orientee_le", "Date de l’orientation"),
        Champ("prescripteur", "Prescripteur"),
        Champ("convention", "Convention"),
        Champ("lieu", "Lieu, pour répartir"),
        Champ("referent", "Référent, pour répartir"),
    )
}


@cache
def _connus() -> dict[str, str]:
    lus = tomllib.loads((Path(__file__).parent / "titres.toml").read_text(encoding="utf-8"))
    connus = {titre: champ for champ, titres in lus["champs"].items() for titre in titres}
    return connus | dict.fromkeys(lus["jamais"]["titres"], JAMAIS)


def est_connu(titre: str) -> bool:
    """`titre` : ses mots, tels que `cle` les rend."""
    return titre in _connus()


def reconnaitre(titre: str, retenus: Mapping[str, str]) -> str | None:
    """Le champ d'un titre, `JAMAIS`, ou rien ; `retenus` : ce que la structure en a dit, par titre."""
    mots = cle(titre)
    connu = _connus().get(mots)
    if connu == JAMAIS or mots not in retenus:
        return connu
    return retenus[mots] if retenus[mots] in CHAMPS else None


def proposer(titres: Sequence[str], retenus: Mapping[str, str]) -> list[str | None]:
    """Un champ par colonne ; celui que plusieurs colonnes se disputent va à la première."""
    proposes: list[str | None] = []
    for titre in titres:
        champ = reconnaitre(titre, retenus) if titre else None
        pris = champ in proposes and not (champ in CHAMPS and CHAMPS[champ].plusieurs)
        proposes.append(None if pris and champ != JAMAIS else champ)
    return proposes


def ligne_des_titres(lignes: Sequence[Ligne], retenus: Mapping[str, str]) -> tuple[int, int]:
    """Le numéro de la ligne qui ressemble le plus à des titres, ou `SANS_TITRES` ; et combien elle en a de connus."""
    meilleure, connus = lignes[0].numero, 0
    for ligne in lignes[:TITRES_CHERCHES]:
        reconnus = len({champ for titre in ligne.cellules if (champ := reconnaitre(titre, retenus))})
        if reconnus > connus:
            meilleure, connus = ligne.numero, reconnus
    if connus < 2:
        # Aucun titre connu : la première ligne où presque toutes les cellules sont remplies, si ce sont des mots.
        large = max(sum(map(bool, ligne.cellules)) for ligne in lignes[:TITRES_CHERCHES])
        premiere = next(li for li in lignes if sum(map(bool, li.cellules)) >= max(1, large - 1))
        chiffree = any(sum(map(str.isdigit, cellule)) >= CHIFFRES_D_UNE_DONNEE for cellule in premiere.cellules)
        meilleure = SANS_TITRES if chiffree else premiere.numero
    return meilleure, connus
