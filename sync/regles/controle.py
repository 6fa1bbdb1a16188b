"""Valider une fiche reçue, la retourner à qui l'a envoyée avec une remarque, ou revenir sur l'un et l'autre."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models.controle import FICHES as TYPES
from sync import champs as lire
from sync.champs import Forme
from sync.etat import CONTROLE, PAR_NOM
from sync.operation import Operation
from sync.regles.regle import (
    AUTRE_DOSSIER,
    CONTROLEURS,
    Contexte,
    Regle,
    Retenue,
    identifiant_controle,
    refuser,
)


def valider(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    _conclure(contexte, operation, valeurs["fiche_type"], "validee", None)


def retourner(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    _conclure(contexte, operation, valeurs["fiche_type"], "retournee", valeurs["remarque"])


def remettre(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """La fiche revient à contrôler, comme si elle venait d'arriver ; ce qui avait été décidé reste au journal."""
    identifiant = identifiant_controle(contexte.acteur.structure_id, valeurs["fiche_type"], operation.entite)
    if contexte.etat.lire(CONTROLE, identifiant) is None:
        raise refuser("entite", "Cette fiche n’a pas été contrôlée.")
    _conclure(contexte, operation, valeurs["fiche_type"], "recue", None)
    contexte.etat.changer(CONTROLE, identifiant, par_id=None, le=None)


def _conclure(contexte: Contexte, operation: Operation, fiche_type: str, etat: str, remarque: str | None) -> None:
    contexte.personne(operation)
    fiche = contexte.etat.lire(PAR_NOM[fiche_type], operation.entite)
    if fiche is None:
        raise Retenue("entite")
    if fiche.get("personne_id", fiche["id"]) != operation.personne:
        raise refuser("entite", AUTRE_DOSSIER)
    if operation.base is None:
        raise refuser("base", "La version lue est attendue : relisez cette fiche.")
    if fiche["sequence"] > operation.base:
        raise refuser("base", "Cette fiche a été modifiée depuis que vous l'avez lue : relisez-la.")
    identifiant = identifiant_controle(contexte.acteur.structure_id, fiche_type, operation.entite)
    valeurs = {
        "etat": etat,
        "remarque": remarque,
        "par_id": contexte.acteur.utilisateur_id,
        "le": contexte.acteur.maintenant,
        "sequence": contexte.version,
    }
    if contexte.etat.lire(CONTROLE, identifiant) is not None:
        contexte.etat.changer(CONTROLE, identifiant, **valeurs)
        return
    contexte.etat.ajouter(
        CONTROLE,
        id=identifiant,
        personne_id=operation.personne,
        fiche_type=fiche_type,
        fiche_id=operation.entite,
        auteur_id=fiche.get("auteur_id") or contexte.acteur.utilisateur_id,
        recue_le=contexte.acteur.maintenant,
        **valeurs,
    )


@cache
def formes() -> Mapping[str, Forme]:
    return {"fiche_type": lire.parmi(TYPES), "remarque": lire.texte(2000, lignes=True)}


_TYPE = {"fiche_type": "Le type de la fiche est attendu."}

GENRES = {
    "remettre_fiche": Regle(remettre, formes, CONTROLEURS, None, obligatoires=_TYPE),
    "valider_fiche": Regle(valider, formes, CONTROLEURS, None, obligatoires=_TYPE),
    "retourner_fiche": Regle(
        retourner,
        formes,
        CONTROLEURS,
        None,
        obligatoires=_TYPE | {"remarque": "Écrivez ce qu’il faut corriger."},
    ),
}
