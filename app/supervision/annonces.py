"""Ce que dit l’écran après un contrôle : ce qui a été fait, et pourquoi le reste ne l’est pas."""

from __future__ import annotations


def validees(faites: int, changees: int, echouees: int) -> str:
    """Ce qui a été validé, et pourquoi le reste ne l'est pas."""
    if faites:
        phrases = ["1 fiche validée." if faites == 1 else f"{faites} fiches validées."]
    else:
        phrases = ["Aucune fiche validée."]
    return " ".join([*phrases, *_restes(changees, echouees, "de valider", "de valider")])


def retournees(faites: int, changees: int, echouees: int) -> str:
    if faites == 1:
        phrases = ["Fiche retournée\u202f: la remarque arrivera sur le téléphone au prochain échange."]
    elif faites:
        phrases = [f"{faites} fiches retournées\u202f: la remarque arrivera sur les téléphones au prochain échange."]
    else:
        phrases = ["Aucune fiche retournée."]
    return " ".join([*phrases, *_restes(changees, echouees, "de la retourner", "de les retourner")])


def _restes(changees: int, echouees: int, une: str, plusieurs: str) -> list[str]:
    """Ce qui n'a pas été fait, et pourquoi."""
    phrases = []
    if changees:
        autres = "Une a changé" if changees == 1 else f"{changees} ont changé"
        phrases.append(
            f"{autres} depuis que vous l’avez lue\u202f: relisez avant {une if changees == 1 else plusieurs}."
        )
    if echouees:
        autres = "Une n’a pas pu l’être" if echouees == 1 else f"{echouees} n’ont pas pu l’être"
        phrases.append(f"{autres}\u202f: réessayez, puis prévenez l’administration.")
    return phrases
