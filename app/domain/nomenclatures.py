"""Les listes de choix : codes immuables, libellés du métier.

Les listes vivent dans `nomenclatures.toml` ; celles des pièces, dans `listes_pieces.toml` ; celles des feuilles, dans
`listes_feuilles.toml`. Elles sont lues ici et, pour le téléphone, par la construction des pages
(`static/js/domain/nomenclatures.js` en est le miroir).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FICHIERS = ("nomenclatures.toml", "listes_pieces.toml", "listes_feuilles.toml")


@cache
def donnees() -> dict[str, Any]:
    """Le contenu entier des fichiers, tel que le téléphone le reçoit."""
    lus = [tomllib.loads(Path(__file__).with_name(nom).read_text(encoding="utf-8")) for nom in _FICHIERS]
    listes = {nom: liste for lu in lus for nom, liste in lu["listes"].items()}
    return {nom: valeur for lu in lus for nom, valeur in lu.items()} | {"listes": listes}


def codes(liste: str) -> list[str]:
    """Les codes d'une liste, dans l'ordre du métier."""
    return list(donnees()["listes"][liste])


def est_code(liste: str, code: object) -> bool:
    return isinstance(code, str) and code in donnees()["listes"][liste]


def libelle(liste: str, code: str | None, sexe: str | None = None, jour: str | None = None) -> str:
    """Le libellé d'un code, accordé si le sexe est connu, à la date donnée (aujourd'hui si rien n'est dit).

    Un code inconnu (venu d'une version plus récente) se lit tel quel plutôt que de disparaître.
    """
    if code is None:
        return ""
    return _en_mots(donnees()["listes"][liste].get(code, code), sexe, jour)


def libelle_nature(famille: str, nature: str, jour: str | None = None) -> str:
    """Le libellé d'une nature de démarche dans sa famille."""
    return _en_mots(donnees()["natures"].get(famille, {}).get(nature, nature), None, jour)


def natures(famille: str) -> list[str]:
    return list(donnees()["natures"].get(famille, {}))


def choix_natures(famille: str, retenues: list[str]) -> list[dict[str, Any]]:
    """Les natures d'une famille, telles qu'elles se disent aujourd'hui : `[{code, libelle, choisi}]`."""
    return [
        {"code": nature, "libelle": libelle_nature(famille, nature), "choisi": nature in retenues}
        for nature in natures(famille)
    ]


def famille_de_nature(nature: str) -> str | None:
    """La famille d'une nature : un code de nature ne sert que dans une famille."""
    for famille, liste in donnees()["natures"].items():
        if nature in liste:
            return str(famille)
    return None


def choix(
    liste: str, valeur: object = None, sexe: str | None = None, parmi: list[str] | None = None
) -> list[dict[str, Any]]:
    """Les choix d'un écran : `[{code, libelle, choisi}]` ; `valeur` est un code ou une liste de codes."""
    retenus = valeur if isinstance(valeur, list) else [valeur]
    return [
        {"code": code, "libelle": libelle(liste, code, sexe), "choisi": code in retenus}
        for code in (codes(liste) if parmi is None else parmi)
    ]


def motifs_par_groupe() -> dict[str, list[str]]:
    """Les motifs de sortie qui se proposent, par groupe de l'écran ; le premier groupe, les plus courants."""
    groupes: dict[str, list[str]] = donnees()["motifs_par_groupe"]
    return groupes


def _en_mots(entree: Any, sexe: str | None, jour: str | None) -> str:
    if isinstance(entree, str):
        return entree
    if isinstance(entree, list):
        en_vigueur = entree[0]
        for version in entree:
            if jour is None or version.get("depuis", "") <= jour:
                en_vigueur = version
        return str(en_vigueur["libelle"])
    accord = {"femme": "f", "homme": "m"}.get(sexe or "", "libelle")
    return str(entree.get(accord, entree["libelle"]))
