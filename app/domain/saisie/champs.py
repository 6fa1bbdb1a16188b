"""Un champ du catalogue, lu selon son genre."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from app.domain import dates, nomenclatures
from app.domain.champs_personne import Champ
from app.domain.saisie.lecture import (
    TEXTE_COURT,
    Resultat,
    Saisie,
    est_code_commune,
    est_courriel,
    lire_jour,
    lire_texte,
    liste,
    numero_de_telephone,
    texte,
)

Ligne = TypeVar("Ligne")

NUMEROS_MAX = 5
NUMERO_INCOMPLET = "Ce numéro de téléphone n’est pas complet\u202f: il a dix chiffres."
_LIMITES = {"courriel": 200, "adresse": 300, "experiences": 2_000}


def _texte(resultat: Resultat, saisie: Saisie, champ: Champ) -> str | None:
    lu = lire_texte(resultat, saisie, champ.nom, _LIMITES.get(champ.nom, 120))
    if champ.nom == "courriel" and lu and not est_courriel(lu):
        resultat["erreurs"][champ.nom] = "Cette adresse de courriel n’est pas complète."
    return (lu or "") if champ.nom in ("nom", "prenom") else lu


def _textes(resultat: Resultat, saisie: Saisie, champ: Champ) -> list[str]:
    """Un par ligne, ou plusieurs séparés par des virgules."""
    rangees: list[list[str]] = []
    for brut in _bruts(saisie, champ.nom):
        propre = texte({champ.nom: brut}, champ.nom)
        if len(propre) > TEXTE_COURT:
            resultat["erreurs"][champ.nom] = f"Ce texte est trop long\u202f: {TEXTE_COURT} caractères au plus."
        rangees.append([morceau.strip() for morceau in re.split(r"[,;\n]", propre) if morceau.strip()])
    return [nom for rangee in _ranger(saisie, champ.nom, rangees) for nom in rangee]


def _code(resultat: Resultat, saisie: Saisie, champ: Champ) -> str | None:
    lu = texte(saisie, champ.nom) or None
    if lu is not None and not nomenclatures.est_code(champ.liste or "", lu):
        resultat["erreurs"][champ.nom] = "Choisissez une réponse de la liste."
    return lu


def _codes(resultat: Resultat, saisie: Saisie, champ: Champ) -> list[str]:
    lus = liste(saisie, champ.nom)
    if not all(nomenclatures.est_code(champ.liste or "", lu) for lu in lus):
        resultat["erreurs"][champ.nom] = "Choisissez des réponses de la liste."
    return [code for code in nomenclatures.codes(champ.liste or "") if code in lus]


def _booleen(resultat: Resultat, saisie: Saisie, champ: Champ) -> bool | None:
    lu = texte(saisie, champ.nom)
    if lu not in ("", "oui", "non"):
        resultat["erreurs"][champ.nom] = "Répondez par oui ou par non."
    return {"oui": True, "non": False}.get(lu)


def _entier(resultat: Resultat, saisie: Saisie, champ: Champ) -> int | None:
    lu = texte(saisie, champ.nom)
    if not lu:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", lu):
        resultat["erreurs"][champ.nom] = "Indiquez un nombre, par exemple 2."
        return None
    if int(lu) > champ.maximum:
        resultat["erreurs"][champ.nom] = f"Indiquez un nombre de 0 à {champ.maximum}."
        return None
    return int(lu)


def _jour(resultat: Resultat, saisie: Saisie, champ: Champ) -> str | None:
    return lire_jour(resultat, saisie, champ.nom)


def _mois(resultat: Resultat, saisie: Saisie, champ: Champ) -> str | None:
    lu = texte(saisie, champ.nom)
    if not lu:
        return None
    a_la_francaise = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{4})", lu)
    mois = f"{a_la_francaise[2]}-{a_la_francaise[1]:0>2}" if a_la_francaise else lu
    if dates.lire_jour(mois + "-01") is None:
        resultat["erreurs"][champ.nom] = "Indiquez le mois et l’année, par exemple 11/2026."
        return None
    return mois


def _telephones(resultat: Resultat, saisie: Saisie, champ: Champ) -> list[dict[str, str | None]]:
    """Chaque numéro avec, s'il en a un, son libellé (« bureau de sa sœur ») de même rang."""
    noms = _bruts(saisie, champ.nom + "_libelle")
    rangees: list[list[dict[str, str | None]]] = []
    retires = liste(saisie, champ.nom + "_retirer")
    for rang, saisi in enumerate(_bruts(saisie, champ.nom)[:NUMEROS_MAX]):
        propre = texte({"numero": saisi}, "numero")
        numero = numero_de_telephone(propre)
        if propre and numero is None and str(rang) not in retires:
            fautif = f"{champ.nom}_{rang}" if rang else champ.nom
            resultat["erreurs"][fautif] = NUMERO_INCOMPLET
        nom = texte({"libelle": noms[rang]}, "libelle")[:40] if rang < len(noms) else ""
        rangees.append([{"numero": numero, "libelle": nom or None}] if numero else [])
    return [telephone for rangee in _ranger(saisie, champ.nom, rangees) for telephone in rangee]


def _bruts(saisie: Saisie, champ: str) -> list[str]:
    """Toutes les lignes d'un champ répété, vides comprises : leur rang compte."""
    brut = saisie.get(champ) or []
    return [brut] if isinstance(brut, str) else list(brut)


def _ranger(saisie: Saisie, champ: str, rangees: list[list[Ligne]]) -> list[list[Ligne]]:
    """Les lignes gardées (`<champ>_retirer` : les rangs à ôter), la préférée d'abord (`<champ>_premier` : son rang)."""
    retires, premier = liste(saisie, champ + "_retirer"), texte(saisie, champ + "_premier")
    gardees = [(str(rang), rangee) for rang, rangee in enumerate(rangees) if str(rang) not in retires]
    return [rangee for _, rangee in sorted(gardees, key=lambda gardee: gardee[0] != premier)]


def _commune(resultat: Resultat, saisie: Saisie, champ: Champ) -> dict[str, str | None] | None:
    nom = lire_texte(resultat, saisie, champ.nom)
    code = texte(saisie, champ.nom + "_code").upper() or None
    if code is not None and not est_code_commune(code):
        resultat["erreurs"][champ.nom] = (
            "Ce code de commune n’existe pas\u202f: il a cinq caractères, par exemple 54528."
        )
    return {"code": code, "nom": nom} if nom else None


LECTURES: dict[str, Callable[[Resultat, Saisie, Champ], Any]] = {
    "texte": _texte,
    "textes": _textes,
    "code": _code,
    "codes": _codes,
    "booleen": _booleen,
    "entier": _entier,
    "jour": _jour,
    "mois": _mois,
    "telephones": _telephones,
    "commune": _commune,
}
