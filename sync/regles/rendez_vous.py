"""Proposer un rendez-vous, le déplacer, constater ce qu'il en est advenu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.domain import rendez_vous as domaine
from sync import champs as lire
from sync.champs import Forme
from sync.etat import RENDEZ_VOUS, Ligne
from sync.fusion import departager
from sync.operation import Operation
from sync.regles.mesure import mesure_du_dossier
from sync.regles.regle import AUTRE_DOSSIER, DOSSIERS, Contexte, Regle, Retenue, refuser

ISO = "%Y-%m-%dT%H:%M:%SZ"
PROPOSITION = ("debut", "duree", "lieu")


def proposer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    if contexte.etat.lire(RENDEZ_VOUS, operation.entite) is not None:
        raise refuser("entite", "Ce rendez-vous existe déjà.")
    mesure_du_dossier(contexte, valeurs["mesure_id"], operation.personne, "mesure_id")
    contexte.etat.ajouter(
        RENDEZ_VOUS,
        id=operation.entite,
        personne_id=operation.personne,
        mesure_id=valeurs["mesure_id"],
        **{nom: valeurs.get(nom) for nom in PROPOSITION},
        statut="propose",
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )


def constater(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    rendez_vous = rendez_vous_du_dossier(contexte, operation.entite, operation.personne, "entite")
    fiche = {"statut": rendez_vous["statut"], "debut": rendez_vous["debut"].strftime(ISO)}
    empechement = domaine.empechement(fiche, valeurs["statut"], contexte.acteur.maintenant.strftime(ISO))
    if empechement:
        raise refuser("statut", empechement)
    ecrites = departager(contexte, operation, "rendez_vous", rendez_vous, valeurs)
    contexte.etat.changer(RENDEZ_VOUS, operation.entite, sequence=contexte.version, **ecrites)
    if ecrites:
        contexte.soumettre_au_controle("rendez_vous", operation.entite, operation.personne)


def deplacer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    rendez_vous = rendez_vous_du_dossier(contexte, operation.entite, operation.personne, "entite")
    if not domaine.est_deplacable(rendez_vous):
        raise refuser("debut", "Ce rendez-vous a déjà une issue : proposez-en un autre.")
    if "debut" in valeurs and valeurs["debut"] is None:
        raise refuser("debut", "Donnez la date et l'heure du rendez-vous.")
    ecrites = departager(contexte, operation, "rendez_vous", rendez_vous, valeurs)
    contexte.etat.changer(RENDEZ_VOUS, operation.entite, sequence=contexte.version, **ecrites)


def rendez_vous_du_dossier(contexte: Contexte, identifiant: str, personne_id: str, champ: str) -> Ligne:
    rendez_vous = contexte.etat.lire(RENDEZ_VOUS, identifiant)
    if rendez_vous is None:
        raise Retenue(champ)
    if rendez_vous["personne_id"] != personne_id:
        raise refuser(champ, AUTRE_DOSSIER)
    return rendez_vous


@cache
def formes_proposition() -> Mapping[str, Forme]:
    return {"mesure_id": lire.identifiant} | dict(formes_deplacement())


@cache
def formes_deplacement() -> Mapping[str, Forme]:
    return {"debut": lire.instant, "duree": lire.entier(1, 1440), "lieu": lire.texte(200)}


@cache
def formes_constat() -> Mapping[str, Forme]:
    return {"statut": lire.parmi(("propose", *domaine.CONSTATS))}


GENRES = {
    "proposer_rendez_vous": Regle(
        proposer,
        formes_proposition,
        DOSSIERS,
        "rendez_vous",
        cite={"mesure_id": "mesure"},
        obligatoires={
            "mesure_id": "Choisissez la mesure de ce rendez-vous.",
            "debut": "Donnez la date et l’heure du rendez-vous.",
        },
    ),
    "constater_rendez_vous": Regle(
        constater,
        formes_constat,
        DOSSIERS,
        "rendez_vous",
        obligatoires={"statut": "Choisissez ce qui s’est passé."},
        fusionne=True,
    ),
    "deplacer_rendez_vous": Regle(deplacer, formes_deplacement, DOSSIERS, "rendez_vous", fusionne=True),
}
