"""Confier une mesure à un autre référent ; partager un dossier, en binôme ou pour un temps ; cesser de le partager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models.partage import MOTIFS
from sync import champs as lire
from sync.champs import Forme
from sync.etat import MESURE, PARTAGE, Ligne
from sync.operation import Operation
from sync.regles.mesure import mesure_du_dossier
from sync.regles.regle import AUTRE_DOSSIER, CONTROLEURS, TERRAIN, Contexte, Regle, Retenue, refuser


def confier(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Le nouveau référent reçoit le dossier tout de suite ; l'ancien le garde jusqu'à la veille du jour dit."""
    contexte.personne(operation)
    mesure = mesure_du_dossier(contexte, operation.entite, operation.personne, "entite")
    if mesure["sortie_le"] is not None and mesure["sortie_le"] < contexte.aujourd_hui:
        raise refuser("entite", "Cette mesure est terminée : elle n’a plus à être confiée.")
    contexte.verifier_effets(valeurs, ("date_effet",))
    nouveau = contexte.qui_suit(valeurs["referent"], "referent")
    jour = valeurs.get("date_effet") or contexte.aujourd_hui
    attributions = contexte.suivis()
    depuis = attributions.referent_depuis(mesure["id"], contexte.aujourd_hui)
    if depuis is not None and jour < depuis:
        message = f"Le référent actuel l’est depuis le {depuis:%d/%m/%Y}\u202f: choisissez ce jour, ou un jour suivant."
        raise refuser("date_effet", message)
    attributions.confier(mesure, nouveau, jour, contexte.version, contexte.acteur.maintenant, contexte.aujourd_hui)
    contexte.etat.changer(MESURE, mesure["id"], sequence=contexte.version)


def partager(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    _verifier_qui_partage(contexte, operation)
    if contexte.etat.lire(PARTAGE, operation.entite) is not None:
        raise refuser("entite", "Ce partage existe déjà.")
    collegue = contexte.qui_suit(valeurs["utilisateur"], "utilisateur")
    if collegue == contexte.acteur.utilisateur_id and not contexte.acteur.voit_tout:
        raise refuser("utilisateur", "Ce dossier est déjà le vôtre.")
    debut, fin = valeurs.get("du"), valeurs.get("jusqu_au")
    contexte.verifier_effets(valeurs, ("du", "jusqu_au"))
    if fin is not None and fin < max(debut or contexte.aujourd_hui, contexte.aujourd_hui):
        raise refuser("jusqu_au", "Ce prêt serait fini avant d’avoir commencé.")
    contexte.etat.ajouter(
        PARTAGE,
        id=operation.entite,
        personne_id=operation.personne,
        utilisateur_id=collegue,
        du=debut,
        jusqu_au=fin,
        motif=valeurs.get("motif"),
        par_id=contexte.acteur.utilisateur_id,
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )


def cesser(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Rien à faire, et rien à refuser, si le partage est déjà fini : deux personnes y pensent le même jour."""
    contexte.personne(operation)
    partage = contexte.etat.lire(PARTAGE, operation.entite)
    if partage is None:
        raise Retenue("entite")
    if partage["personne_id"] != operation.personne:
        raise refuser("entite", AUTRE_DOSSIER)
    if partage["utilisateur_id"] != contexte.acteur.utilisateur_id:
        _verifier_qui_partage(contexte, operation)
    # Fini, il est redit tel quel : le téléphone vient de l'afficher fini d'aujourd'hui.
    fin = {} if _est_fini(partage, contexte.aujourd_hui) else {"fin_le": contexte.aujourd_hui}
    contexte.etat.changer(PARTAGE, partage["id"], sequence=contexte.version, **fin)


def _est_fini(partage: Ligne, jour: dt.date) -> bool:
    return partage["fin_le"] is not None or (partage["jusqu_au"] is not None and partage["jusqu_au"] < jour)


def _verifier_qui_partage(contexte: Contexte, operation: Operation) -> None:
    """Un référent, ou le chef de service : qui tient le dossier d'un prêt ne le prête pas à son tour."""
    contexte.personne(operation, meme_perdu=False)
    if contexte.acteur.revoque:
        raise refuser("personne", "Cet appareil a été retiré : un dossier se partage depuis un autre.")
    if not contexte.acteur.voit_tout and not contexte.est_a_lui(operation.personne):
        raise refuser("personne", "Seul le référent, ou le chef de service, partage ce dossier.")


@cache
def formes_confier() -> Mapping[str, Forme]:
    return {"referent": lire.identifiant, "date_effet": lire.jour}


@cache
def formes_partage() -> Mapping[str, Forme]:
    return {
        "utilisateur": lire.identifiant,
        "du": lire.jour,
        "jusqu_au": lire.jour,
        "motif": lire.parmi(MOTIFS),
    }


@cache
def formes_fin() -> Mapping[str, Forme]:
    return {}


GENRES = {
    "confier_mesure": Regle(
        confier,
        formes_confier,
        CONTROLEURS,
        "mesure",
        obligatoires={"referent": "Choisissez le nouveau référent."},
    ),
    "partager_dossier": Regle(
        partager,
        formes_partage,
        TERRAIN,
        "partage",
        obligatoires={"utilisateur": "Choisissez le collègue à qui ouvrir ce dossier."},
    ),
    "cesser_partage": Regle(cesser, formes_fin, TERRAIN, "partage"),
}
