"""Une personne à une date : ses valeurs datées, son âge, son nom.

Miroir : static/js/domain/personne.js, mêmes cas dans tests/corpus/personne.json.
"""

from collections.abc import Sequence
from typing import Any

Fiche = dict[str, Any]


def valeur_au(historique: Sequence[Sequence[Any]] | None, jour: str) -> Any:
    """La valeur en vigueur ce jour-là : la dernière qui a pris effet, rien avant la première."""
    en_vigueur = None
    for effet, valeur in historique or ():
        if effet > jour:
            break
        en_vigueur = valeur
    return en_vigueur


def depuis(historique: Sequence[Sequence[Any]] | None, jour: str) -> str | None:
    """La date d'effet de la valeur en vigueur ce jour-là."""
    date_effet = None
    for effet, _ in historique or ():
        if effet > jour:
            break
        date_effet = effet
    return date_effet


def valeur(personne: Fiche, champ: str, jour: str) -> Any:
    """La valeur d'un champ, daté ou non, ce jour-là."""
    historique = personne.get("historique") or {}
    if champ in historique:
        return valeur_au(historique[champ], jour)
    return personne.get(champ)


def age(date_naissance: str | None, aujourd_hui: str) -> int | None:
    """L'âge en années révolues ; né un 29 février, on vieillit le 1er mars des années ordinaires."""
    if not date_naissance or date_naissance > aujourd_hui:
        return None
    avant_anniversaire = aujourd_hui[5:] < date_naissance[5:]
    return int(aujourd_hui[:4]) - int(date_naissance[:4]) - (1 if avant_anniversaire else 0)


def age_texte(personne: Fiche, aujourd_hui: str) -> str:
    """« 34 ans », ou « 34 ans environ » quand seule l'année, ou une estimation, est connue."""
    ans = age(personne.get("date_naissance"), aujourd_hui)
    if ans is None:
        return ""
    texte = f"{ans} an" if ans < 2 else f"{ans} ans"
    return texte if personne.get("naissance_precision") in (None, "jour") else texte + " environ"


def nom_affiche(personne: Fiche) -> str:
    """« Awa Diallo-Fictive » : le prénom, puis le nom d'usage ou le nom ; à défaut un pseudonyme entre guillemets."""
    nom = (personne.get("nom_usage") or personne.get("nom") or "").strip()
    complet = f"{(personne.get('prenom') or '').strip()} {nom}".strip()
    if complet:
        return complet
    pseudonymes = personne.get("pseudonymes") or []
    return f"«\u202f{pseudonymes[0]}\u202f»" if pseudonymes else "Personne sans nom"


def textes_de_recherche(personne: Fiche, aujourd_hui: str) -> list[str]:
    """Ce par quoi on cherche quelqu'un : noms, prénom, pseudonymes, numéros de téléphone, référence."""
    nom, prenom = personne.get("nom") or "", personne.get("prenom") or ""
    textes = [f"{nom} {prenom}", f"{prenom} {nom}"]
    if personne.get("nom_usage"):
        textes += [f"{personne['nom_usage']} {prenom}", f"{prenom} {personne['nom_usage']}"]
    textes += personne.get("pseudonymes") or []
    textes += [telephone["numero"] for telephone in valeur(personne, "telephones", aujourd_hui) or []]
    if personne.get("reference"):
        textes.append(personne["reference"])
    return textes


def cle_de_tri(personne: Fiche) -> str:
    """Le nom, puis le prénom : l'ordre des listes."""
    nom = personne.get("nom_usage") or personne.get("nom") or ""
    pseudonymes = personne.get("pseudonymes") or [""]
    return f"{nom or pseudonymes[0]} {personne.get('prenom') or ''}".strip()
