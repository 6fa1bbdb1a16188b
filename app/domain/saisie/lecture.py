"""Les lectures élémentaires d'un formulaire, et ce qu'elles disent quand elles échouent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import dates
from app.domain.identifiant import est_identifiant

Saisie = Mapping[str, str | Sequence[str]]
Resultat = dict[str, Any]

TEXTE_COURT = 200
TEXTE_LONG = 10_000
DUREE_MAX = 1_440
DUREE_HABITUELLE = 240
INCOMPLET = "Ce formulaire est incomplet\u202f: rouvrez la page et recommencez."

_BORDS = " \t\n\r\u00a0\u2009\u202f\ufeff"
_CONTROLES = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")
_COURRIEL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_CODE_COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def texte(saisie: Saisie, champ: str) -> str:
    """La valeur d'un champ, sans caractère invisible ni espace aux bords ; vide s'il manque."""
    valeurs = liste(saisie, champ)
    return valeurs[0] if valeurs else ""


def liste(saisie: Saisie, champ: str) -> list[str]:
    """Les valeurs d'un champ à choix multiple, sans les vides."""
    brut = saisie.get(champ)
    valeurs = [brut] if isinstance(brut, str) else list(brut or ())
    propres = [_CONTROLES.sub("", valeur.replace("\r\n", "\n")).strip(_BORDS) for valeur in valeurs]
    return [propre for propre in propres if propre]


def nouveau_resultat() -> Resultat:
    return {"champs": {}, "erreurs": {}, "avertissements": {}, "operations": []}


def lire_texte(resultat: Resultat, saisie: Saisie, champ: str, limite: int = TEXTE_COURT) -> str | None:
    valeur = texte(saisie, champ)
    if len(valeur) > limite:
        resultat["erreurs"][champ] = f"Ce texte est trop long\u202f: {limite} caractères au plus."
    return valeur or None


def lire_jour(resultat: Resultat, saisie: Saisie, champ: str, absent: str | None = None) -> str | None:
    """Un jour ; `absent` est la phrase à dire s'il manque."""
    valeur = texte(saisie, champ)
    jour = dates.lire_jour(valeur)
    if not valeur and absent:
        resultat["erreurs"][champ] = absent
    elif valeur and jour is None:
        resultat["erreurs"][champ] = (
            "Cette date n’est pas valable\u202f: écrivez-la comme 26/11/2026, entre 1900 et 2100."
        )
    return jour


def lire_heure(resultat: Resultat, saisie: Saisie, champ: str, absent: str | None = None) -> str | None:
    valeur = texte(saisie, champ)
    heure = dates.lire_heure(valeur)
    if not valeur and absent:
        resultat["erreurs"][champ] = absent
    elif valeur and heure is None:
        resultat["erreurs"][champ] = "Cette heure n’existe pas\u202f: écrivez-la comme 9 h 30."
    return heure


def lire_duree(resultat: Resultat, saisie: Saisie, champ: str) -> int | None:
    """Des minutes ; le champ `<champ>_autre`, s'il est rempli, l'emporte sur le choix."""
    autre = texte(saisie, champ + "_autre")
    valeur = autre or texte(saisie, champ)
    if not valeur:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", valeur) or not 1 <= int(valeur) <= DUREE_MAX:
        fautif = champ + "_autre" if autre else champ
        resultat["erreurs"][fautif] = "Indiquez la durée en minutes, par exemple 45."
        return None
    if int(valeur) > DUREE_HABITUELLE:
        resultat["avertissements"][champ] = "Durée inhabituelle\u202f: plus de quatre heures."
    return int(valeur)


def lire_lieu(resultat: Resultat, saisie: Saisie, champ: str) -> str | None:
    """Un lieu choisi, ou écrit dans `<champ>_autre` qui l'emporte."""
    if texte(saisie, champ + "_autre"):
        return lire_texte(resultat, saisie, champ + "_autre")
    return lire_texte(resultat, saisie, champ)


def lire_identifiant(resultat: Resultat, saisie: Saisie, champ: str) -> str | None:
    valeur = texte(saisie, champ).lower()
    if est_identifiant(valeur):
        return valeur
    resultat["erreurs"][champ] = INCOMPLET
    return None


def lire_base(saisie: Saisie, existante: dict[str, Any], champ: str = "base") -> int | None:
    """La version que la page montrait, dite par le formulaire ; à défaut, celle que l'on a."""
    montree = texte(saisie, champ)
    if re.fullmatch(r"[0-9]{1,15}", montree):
        return int(montree)
    version = existante.get("version")
    return None if version is None else int(version)


def est_perimee(saisie: Saisie, existante: dict[str, Any], champ: str = "base") -> bool:
    """La fiche a changé depuis la page : ce qui s'oppose à la saisie, la personne ne pouvait pas le voir.

    Rien n'est alors refusé ici : le serveur met les deux face à face.
    """
    base, version = lire_base(saisie, existante, champ), existante.get("version")
    return base is not None and version is not None and base < int(version)


def operation(
    identifiant: str | None,
    genre: str,
    entite: str | None,
    personne: str,
    champs: dict[str, Any],
    base: int | None = None,
) -> dict[str, Any]:
    return {
        "id": identifiant,
        "genre": genre,
        "entite": entite,
        "personne": personne,
        "base": base,
        "champs": champs,
    }


def conclure(resultat: Resultat) -> Resultat:
    """Aucune opération ne part d'un formulaire qui contient une erreur."""
    if resultat["erreurs"]:
        resultat["operations"] = []
    return resultat


def numero_de_telephone(saisi: str) -> str | None:
    """« +33 6 12.34.56.78 » devient « 0612345678 » ; un numéro étranger garde son indicatif ; sinon rien."""
    chiffres = re.sub(r"[\s.\-/()\u00a0\u202f]", "", saisi)
    if chiffres.startswith("00"):
        chiffres = "+" + chiffres[2:]
    if chiffres.startswith("+33"):
        chiffres = "0" + chiffres[3:].removeprefix("0")
    if re.fullmatch(r"0[1-9][0-9]{8}", chiffres) or re.fullmatch(r"\+[1-9][0-9]{7,14}", chiffres):
        return chiffres
    return None


def est_courriel(saisi: str) -> bool:
    return len(saisi) <= TEXTE_COURT and _COURRIEL.fullmatch(saisi) is not None


def est_code_commune(saisi: str) -> bool:
    return _CODE_COMMUNE.fullmatch(saisi) is not None
