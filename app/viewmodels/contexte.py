"""Ce que tous les modèles de vue lisent de leur contexte."""

from collections.abc import Iterable
from typing import Any

from app.domain.mesure import convention_au, nom_court
from app.domain.personne import Fiche, nom_affiche, valeur

Contexte = dict[str, Any]
Vue = dict[str, Any]

_GRAVITE = ("refusee", "retenue", "en_attente")


def sexe(personne: Fiche, contexte: Contexte) -> str | None:
    connu = valeur(personne, "sexe", contexte["aujourd_hui"])
    return str(connu) if connu else None


def libelle_convention(code: str, contexte: Contexte) -> str:
    """Le nom court d'une convention, à défaut son code."""
    convention = convention_au(contexte["reference"]["conventions"], code, contexte["aujourd_hui"])
    return nom_court(convention) if convention else code


def nom_de_collegue(utilisateur_id: str | None, contexte: Contexte) -> str | None:
    """Le nom d'un collègue ; rien pour soi-même ou pour quelqu'un d'inconnu."""
    if utilisateur_id is None or utilisateur_id == contexte["utilisateur"]["id"]:
        return None
    for collegue in contexte["reference"].get("collegues") or []:
        if collegue["id"] == utilisateur_id:
            return str(collegue["nom"])
    return None


def envoi_du_dossier(dossier: Fiche) -> str | None:
    """Où en est l'envoi d'un dossier : ce qui demande le plus d'attention."""
    presents = {dossier["personne"].get("envoi")}
    for liste in ("mesures", "rendez_vous", "entretiens", "pieces"):
        presents |= {fiche.get("envoi") for fiche in dossier.get(liste) or []}
    return plus_grave(presents)


def plus_grave(etats: Iterable[str | None]) -> str | None:
    presents = set(etats)
    return next((etat for etat in _GRAVITE if etat in presents), None)


def en_tete(dossier: Fiche) -> Vue:
    """`{id, nom}` : de qui parle la page."""
    return {"id": dossier["personne"]["id"], "nom": nom_affiche(dossier["personne"])}
