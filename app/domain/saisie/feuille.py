"""Lire une feuille d'un cahier d'après la description de sa forme, et en faire l'opération.

Miroir : static/js/domain/saisie/feuille.js.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import piece
from app.domain.feuilles import charger
from app.domain.formes import Forme
from app.domain.personne import Fiche
from app.domain.saisie.lecture import Resultat, Saisie, lire_base, lire_identifiant, operation
from app.domain.saisie.piece import lire_valeur, verifier


def lire_champs(
    resultat: Resultat,
    saisie: Saisie,
    contexte: dict[str, Any],
    code: str,
    noms: Sequence[str],
    cles: Mapping[str, str] | None = None,
) -> None:
    """Les champs nommés, dans `champs` ; `cles` : le nom qu'un champ porte dans la page, si ce n'est pas le sien."""
    decrits: dict[str, Forme] = {champ["nom"]: champ for champ in charger()[code]["champs"]}
    lus = {}
    dits = {nom: (cles or {}).get(nom, nom) for nom in noms}
    for nom, cle in dits.items():
        lus[nom] = lire_valeur(resultat, saisie, decrits[nom], cle, contexte)
    for nom, cle in dits.items():
        verifier(resultat, {**decrits[nom], "nom": cle}, {**lus, cle: lus[nom]}, contexte["aujourd_hui"])
    resultat["champs"] = lus


def noter(
    resultat: Resultat,
    saisie: Saisie,
    contexte: dict[str, Any],
    code: str,
    existante: Fiche | None,
    entite: str | None = None,
) -> None:
    """L'opération qui note les `champs` lus, ou ne change que ce qui a changé ; `entite` : si elle n'est pas au choix
    de la page.
    """
    identifiant, cahier_id = lire_identifiant(resultat, saisie, "op_id"), contexte["cahier"]["cahier"]["id"]
    lus = resultat["champs"]
    if existante is None:
        entite = entite or lire_identifiant(resultat, saisie, "entite")
        fait = operation(identifiant, f"noter_{code}", entite, cahier_id, remplis(lus))
        resultat["operations"].append(fait)
        return
    changes = {nom: lu for nom, lu in lus.items() if not piece.pareilles(lu, existante["valeurs"].get(nom))}
    if changes:
        base = lire_base(saisie, existante)
        fait = operation(identifiant, f"modifier_{code}", existante["id"], cahier_id, changes, base)
        resultat["operations"].append(fait)


def remplis(lus: Mapping[str, Any]) -> dict[str, Any]:
    return {nom: lu for nom, lu in lus.items() if not piece.est_vide(lu)}
