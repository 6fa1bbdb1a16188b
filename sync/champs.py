"""Lire les valeurs d'une opération : chaque champ a sa forme et son message, en français.

Une forme est une fonction de la valeur JSON vers la valeur Python ; elle lève `Invalide` si la valeur ne convient pas.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from app.domain import dates, nomenclatures

Forme = Callable[[Any], Any]

# Ce que le serveur établit lui-même : écarté sans bruit, quoi qu'un client envoie.
CHAMPS_DU_SERVEUR = frozenset(
    {"auteur", "auteur_id", "auteur_nom", "structure", "structure_id", "role", "version", "recue_le", "heure_serveur"}
)

_IDENTIFIANT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEURE = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_MOIS = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_NUMERO = re.compile(r"\+?[0-9][0-9 .()/-]{1,23}")
_CODE_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_INVISIBLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Invalide(ValueError):
    """La valeur ne convient pas ; le message se lit à côté du champ."""


def texte(maximum: int, lignes: bool = False) -> Forme:
    """Un texte d'au plus `maximum` signes ; vide, il vaut rien."""

    def lire(valeur: Any) -> str | None:
        if not isinstance(valeur, str):
            raise Invalide("Un texte est attendu.")
        if len(valeur) > maximum:
            raise Invalide(f"Au plus {maximum} signes ; il y en a {len(valeur)}.")
        if _INVISIBLES.search(valeur) or (not lignes and ("\n" in valeur or "\r" in valeur)):
            raise Invalide("Un signe invisible s'est glissé dans ce texte : effacez-le.")
        return valeur if valeur.strip() else None

    return lire


def jour(valeur: Any) -> dt.date:
    if isinstance(valeur, str) and len(valeur) == 10:
        try:
            lu = dt.date.fromisoformat(valeur)
        except ValueError:
            pass
        else:
            if 1900 <= lu.year <= 2100:
                return lu
    raise Invalide("Une date est attendue, par exemple 26/11/2026.")


def instant(valeur: Any) -> dt.datetime:
    """Un instant avec son fuseau, ramené en temps universel."""
    if isinstance(valeur, str) and len(valeur) <= 35:
        try:
            lu = dt.datetime.fromisoformat(valeur)
        except ValueError:
            pass
        else:
            if lu.tzinfo is not None and 1901 <= lu.year <= 2099:
                return lu.astimezone(dt.UTC).replace(microsecond=0)
    raise Invalide("Une date et une heure sont attendues.")


def heure(valeur: Any) -> str:
    """« 09:30 » ; « 9:30 » se lit aussi."""
    if isinstance(valeur, str) and _HEURE.fullmatch(valeur):
        return valeur.zfill(5)
    raise Invalide("Une heure est attendue, par exemple 09:30.")


def mois(valeur: Any) -> str:
    if isinstance(valeur, str) and _MOIS.fullmatch(valeur):
        return valeur
    raise Invalide("Un mois est attendu, par exemple 11/2026.")


def entier(minimum: int, maximum: int) -> Forme:
    def lire(valeur: Any) -> int:
        if isinstance(valeur, bool) or not isinstance(valeur, int) or not minimum <= valeur <= maximum:
            raise Invalide(f"Un nombre entier de {minimum} à {maximum} est attendu.")
        return valeur

    return lire


def booleen(valeur: Any) -> bool:
    if not isinstance(valeur, bool):
        raise Invalide("Oui ou non est attendu.")
    return valeur


def identifiant(valeur: Any) -> str:
    if isinstance(valeur, str) and _IDENTIFIANT.fullmatch(valeur):
        return valeur
    raise Invalide("Cette fiche n'est pas désignée correctement.")


def parmi(codes: Collection[str]) -> Forme:
    def lire(valeur: Any) -> str:
        if not isinstance(valeur, str) or valeur not in codes:
            raise Invalide("Choisissez une valeur de la liste.")
        return valeur

    return lire


def code(liste: str) -> Forme:
    """Un code d'une liste de `app/domain/nomenclatures.toml`."""
    return parmi(nomenclatures.codes(liste))


def liste_de(forme: Forme, maximum: int) -> Forme:
    def lire(valeur: Any) -> list[Any]:
        if not isinstance(valeur, list):
            raise Invalide("Une liste est attendue.")
        if len(valeur) > maximum:
            raise Invalide(f"Au plus {maximum} éléments.")
        return [element for element in map(forme, valeur) if element is not None]

    return lire


def telephone(valeur: Any) -> dict[str, Any]:
    if not isinstance(valeur, dict) or not isinstance(valeur.get("numero"), str):
        raise Invalide("Un numéro de téléphone est attendu.")
    if not _NUMERO.fullmatch(valeur["numero"]):
        raise Invalide("Ce numéro de téléphone n'a pas la bonne forme.")
    libelle = valeur.get("libelle")
    return {"numero": valeur["numero"], "libelle": None if libelle is None else texte(60)(libelle)}


def commune(valeur: Any) -> dict[str, Any]:
    """Une commune : son code INSEE (inconnu, il vaut rien) et son nom."""
    if not isinstance(valeur, dict):
        raise Invalide("Une commune est attendue.")
    insee = valeur.get("code")
    if insee is not None and not (isinstance(insee, str) and _CODE_INSEE.fullmatch(insee)):
        raise Invalide("Le code de la commune a cinq caractères.")
    nom = texte(80)(valeur.get("nom"))
    if nom is None:
        raise Invalide("Le nom de la commune est attendu.")
    return {"code": insee, "nom": nom}


def demarche(valeur: Any) -> dict[str, Any]:
    if not isinstance(valeur, dict):
        raise Invalide("Une démarche est attendue.")
    famille = parmi(nomenclatures.codes("demarche"))(valeur.get("famille"))
    nature = valeur.get("nature")
    return {"famille": famille, "nature": None if nature is None else texte(200)(nature)}


def en_json(valeur: Any) -> Any:
    """Une valeur lue, telle qu'elle voyage : ce qui se compare et ce qui se garde d'un désaccord."""
    if isinstance(valeur, dt.datetime):
        return dates.instant(valeur)
    return valeur.isoformat() if isinstance(valeur, dt.date) else valeur


def lire_champs(champs: Mapping[str, Any], formes: Mapping[str, Forme]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Les valeurs lues et les erreurs par champ. `null` est toujours lisible : il veut dire « rien »."""
    valeurs: dict[str, Any] = {}
    erreurs: dict[str, list[str]] = {}
    for nom, valeur in champs.items():
        forme = formes.get(nom)
        if forme is None:
            if nom not in CHAMPS_DU_SERVEUR:
                erreurs[nom if len(nom) <= 60 and nom.isprintable() else "champs"] = ["Ce champ n’est pas recueilli."]
            continue
        try:
            valeurs[nom] = None if valeur is None else forme(valeur)
        except Invalide as invalide:
            erreurs[nom] = [str(invalide)]
    return valeurs, erreurs
