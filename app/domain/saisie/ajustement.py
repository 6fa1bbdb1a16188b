"""Ajuster une règle d'une convention : ses champs à l'écran, et leur lecture. La forme de la règle décide des deux.

Un champ : `{nom, libelle, genre, valeur, choix, facultatif, unite}` ; `genre` : texte, nombre, long, choix, cases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain import dates
from app.domain.convention.formes import Booleen, Code, Datee, Decimal, Entier, Forme, Liste, Table
from app.domain.convention.regles import Regle

Formulaire = Mapping[str, Sequence[str]]

ANNONCE_MAX = 366
RAISON_MAX = 160
LIGNE_MAX = 200


@dataclass(slots=True)
class AjustementSaisi:
    """`valeur` vide et sans erreur : la règle est rendue à la convention."""

    valeur: Any = None
    effet: str = ""
    raison: str = ""
    erreurs: dict[str, str] = field(default_factory=dict)


def champs(regle: Regle, valeur: Any, saisi: Formulaire | None = None) -> list[dict[str, Any]]:
    """Les champs de la règle, remplis de `valeur`, ou de ce qui vient d'être tapé."""
    return list(_champs("valeur", regle.libelle, _nue(regle.forme), valeur, saisi, False))


def lire_ajustement(
    regle: Regle, formulaire: Formulaire, debut: str, aujourd_hui: str, rendre: bool
) -> AjustementSaisi:
    """`debut` : le premier jour de la version ; `rendre` : revenir à ce que dit la convention."""
    lu = AjustementSaisi(raison=" ".join(_un(formulaire, "raison").split()))
    if not rendre:
        lu.valeur = _lire("valeur", regle.libelle, _nue(regle.forme), formulaire, lu.erreurs, False)
    jour = dates.lire_jour(_un(formulaire, "effet"))
    if jour is None:
        lu.erreurs["effet"] = "Donnez le jour où cela commence."
    elif jour < debut:
        lu.erreurs["effet"] = "Cette version n’avait pas commencé."
    elif jour > dates.ajouter_jours(aujourd_hui, ANNONCE_MAX):
        lu.erreurs["effet"] = "Cette date est dans plus d’un an\u202f: vérifiez l’année."
    lu.effet = jour or _un(formulaire, "effet")
    if not lu.raison:
        lu.erreurs["raison"] = "Dites d’où vient ce changement\u202f: un avenant, une décision."
    elif len(lu.raison) > RAISON_MAX:
        lu.erreurs["raison"] = f"{RAISON_MAX} signes au plus."
    return lu


def _nue(forme: Forme) -> Forme:
    """Une règle datée se saisit une valeur à la fois : la date d'effet est celle de l'ajustement."""
    return forme.de if isinstance(forme, Datee) else forme


def _champs(
    nom: str, libelle: str, forme: Forme, valeur: Any, saisi: Formulaire | None, facultatif: bool
) -> Iterator[dict[str, Any]]:
    if isinstance(forme, Table):
        for cle, champ in forme.champs.items():
            sienne = (valeur or {}).get(cle)
            yield from _champs(f"{nom}-{cle}", champ.libelle, champ.forme, sienne, saisi, champ.facultatif)
        return
    genre, choix = _genre(forme)
    ecrits = list(saisi.get(nom, [])) if saisi is not None else _en_saisie(valeur)
    yield {
        "nom": nom,
        "libelle": libelle,
        "genre": genre,
        "valeur": "\n".join(ecrits),
        "choix": [{"code": code, "libelle": dit, "choisi": code in ecrits} for code, dit in choix.items()],
        "facultatif": facultatif,
        "unite": _unite(forme) if isinstance(forme, Entier) else "",
    }


def _unite(forme: Entier) -> str:
    """L'unité d'un nombre quand son nom ne la dit pas : des jours, des mois, des minutes."""
    nom = forme.pluriel or forme.singulier
    return nom if nom.startswith(("jours", "mois", "minutes", "%")) else ""


def _genre(forme: Forme) -> tuple[str, Mapping[str, str]]:
    match forme:
        case Entier():
            return "nombre", {}
        case Booleen():
            return "choix", {"oui": forme.oui, "non": forme.non}
        case Code():
            return "choix", forme.choix
        case Liste(de=Code() as codes):
            return "cases", codes.choix
        case Liste():
            return "long", {}
    return "texte", {}


def _en_saisie(valeur: Any) -> list[str]:
    if valeur is None:
        return []
    if isinstance(valeur, bool):
        return ["oui" if valeur else "non"]
    if isinstance(valeur, list):
        return [str(element) for element in valeur]
    return [str(valeur).replace(".", ",")] if str(valeur).replace(".", "").isdigit() else [str(valeur)]


def _lire(
    nom: str, libelle: str, forme: Forme, formulaire: Formulaire, erreurs: dict[str, str], facultatif: bool
) -> Any:
    if isinstance(forme, Table):
        lus = {
            cle: _lire(f"{nom}-{cle}", champ.libelle, champ.forme, formulaire, erreurs, champ.facultatif)
            for cle, champ in forme.champs.items()
        }
        gardes = {cle: lue for cle, lue in lus.items() if lue is not None}
        if not gardes and not any(cle.startswith(nom) for cle in erreurs):
            erreurs[f"{nom}-{next(iter(forme.champs))}"] = "Donnez au moins une valeur."
        return gardes
    lue = _lire_nue(nom, forme, formulaire)
    if lue is None:
        if not facultatif:
            erreurs[nom] = f"«\u202f{libelle}\u202f» est à renseigner."
        return None
    if next(iter(forme.fautes(lue)), None) is not None:
        erreurs[nom] = _reproche(forme)
        return None
    return forme.garder(lue)


def _lire_nue(nom: str, forme: Forme, formulaire: Formulaire) -> Any:
    texte = _un(formulaire, nom).strip()
    match forme:
        case Entier():
            return None if not texte else int(texte) if texte.isascii() and texte.isdigit() else texte
        case Booleen():
            return {"oui": True, "non": False}.get(texte)
        case Liste(de=Code()):
            return list(formulaire.get(nom, [])) or None
        case Liste():
            return [ligne.strip() for ligne in texte.splitlines() if ligne.strip()] or None
        case Decimal():
            return texte.replace(",", ".") or None
    return texte or None


def _reproche(forme: Forme) -> str:
    match forme:
        case Entier():
            return f"Il faut un nombre entier, de {forme.mini} à {forme.maxi}."
        case Decimal():
            return "Il faut un nombre, par exemple 1,9."
        case Liste() | Code() | Booleen():
            return "Choisissez dans la liste."
    return "Cette valeur ne convient pas."


def _un(formulaire: Formulaire, nom: str) -> str:
    valeurs = formulaire.get(nom) or [""]
    return valeurs[0][: LIGNE_MAX * 20]
