"""Ce que toute projection fait d'un dossier : y ajouter une fiche, en changer une, et la rendre à la relecture."""

from collections.abc import Callable
from typing import Any

from app.domain import dates
from app.domain.personne import Fiche

Operation = dict[str, Any]
Acteur = dict[str, Any]
Effet = Callable[[Fiche | None, Operation, Acteur], Fiche | None]


def envoi_de(operation: Operation) -> str:
    return str(operation.get("envoi") or "en_attente")


def date_effet(operation: Operation) -> str:
    return str(operation["champs"].get("date_effet") or dates.jour_paris(operation["heure"]))


def inserer_valeur(historique: list[list[Any]], jour: str, valeur: Any) -> list[list[Any]]:
    """L'historique d'un champ avec sa nouvelle valeur à sa date d'effet ; deux valeurs du même jour : la dernière."""
    autres = [couple for couple in historique if couple[0] != jour]
    return sorted([*autres, [jour, valeur]], key=lambda couple: str(couple[0]))


def ajouter(dossier: Fiche | None, liste: str, fiche: Fiche, operation: Operation) -> Fiche | None:
    """Ajoute une fiche, ou rien si elle est déjà là : la même opération deux fois est un seul fait."""
    if dossier is None or any(presente["id"] == fiche["id"] for presente in dossier[liste]):
        return dossier
    return {**dossier, liste: [*dossier[liste], {**fiche, "envoi": envoi_de(operation)}]}


def changer(dossier: Fiche | None, liste: str, operation: Operation, champs: Fiche) -> Fiche | None:
    if dossier is None:
        return None
    fiches = [
        {**fiche, **champs, "envoi": envoi_de(operation)} if fiche["id"] == operation["entite"] else fiche
        for fiche in dossier[liste]
    ]
    return {**dossier, liste: fiches, "controles": rouverts(dossier, operation)}


def rouverts(dossier: Fiche, operation: Operation) -> list[Fiche]:
    """Une fiche modifiée revient à la lecture du chef de service, sa remarque avec elle."""
    return [
        {**controle, "etat": "recue"} if controle["fiche_id"] == operation["entite"] else controle
        for controle in dossier["controles"]
    ]
