"""Ouvrir une mesure, dater le premier contact et l'entrée."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models import MesureModalite, MesureReferent
from sync import champs as lire
from sync.champs import Forme
from sync.etat import MESURE, Ligne
from sync.operation import Operation
from sync.regles.regle import DOSSIERS, HORS_DE_PORTEE, Contexte, Regle, Retenue, refuser


def ouvrir(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    if contexte.etat.lire(MESURE, operation.entite) is not None:
        raise refuser("entite", "Cette mesure existe déjà.")
    if valeurs["convention"] not in contexte.conventions:
        raise refuser("convention", "Choisissez une convention de la structure.")
    _verifier_ordre(valeurs)
    contexte.etat.ajouter(
        MESURE,
        id=operation.entite,
        personne_id=operation.personne,
        **{nom: valeurs.get(nom) for nom in ("convention", "orientee_le", "prescripteur", *DATES)},
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    jour = valeurs.get("entree_le") or valeurs.get("orientee_le") or contexte.jour_par_defaut(operation)
    contexte.etat.dater(
        MesureReferent, mesure_id=operation.entite, jour=jour, utilisateur_id=contexte.acteur.utilisateur_id
    )
    if valeurs.get("modalite"):
        contexte.etat.dater(MesureModalite, mesure_id=operation.entite, jour=jour, modalite=valeurs["modalite"])
    if operation.personne not in contexte.acces:
        contexte.donner_acces(operation.personne)
    contexte.soumettre_au_controle("mesure", operation.entite, operation.personne)


def modifier(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    mesure = mesure_du_dossier(contexte, operation.entite, operation.personne, "entite")
    _verifier_ordre(mesure | valeurs)
    contexte.etat.changer(MESURE, operation.entite, sequence=contexte.version, **valeurs)
    contexte.soumettre_au_controle("mesure", operation.entite, operation.personne)


def mesure_du_dossier(contexte: Contexte, identifiant: str, personne_id: str, champ: str) -> Ligne:
    """La mesure citée, si elle est bien de ce dossier ; celle d'un autre ne se distingue pas d'un refus d'accès."""
    mesure = contexte.etat.lire(MESURE, identifiant)
    if mesure is None:
        raise Retenue(champ)
    if mesure["personne_id"] != personne_id:
        raise refuser(champ, HORS_DE_PORTEE)
    return mesure


def _verifier_ordre(valeurs: Mapping[str, Any]) -> None:
    orientee, entree = valeurs.get("orientee_le"), valeurs.get("entree_le")
    if orientee and entree and entree < orientee:
        raise refuser("entree_le", "L'entrée ne peut pas précéder l'orientation.")


DATES = ("premier_contact_le", "entree_le")


@cache
def formes_ouverture() -> Mapping[str, Forme]:
    return {
        "convention": lire.texte(20),
        "orientee_le": lire.jour,
        "prescripteur": lire.texte(200),
        "modalite": lire.code("modalite"),
        **dict.fromkeys(DATES, lire.jour),
    }


@cache
def formes_modification() -> Mapping[str, Forme]:
    return dict.fromkeys(DATES, lire.jour)


GENRES = {
    "ouvrir_mesure": Regle(
        ouvrir, formes_ouverture, DOSSIERS, "mesure", obligatoires={"convention": "Choisissez la convention."}
    ),
    "modifier_mesure": Regle(modifier, formes_modification, DOSSIERS, "mesure"),
}
