"""Noter une pièce, la modifier, la retirer : mêmes règles pour toutes les formes, engendrées de leur description."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from app.domain import piece as domaine
from app.domain.formes import Forme as Decrite
from app.domain.formes import charger
from app.domain.roles import LECTEURS
from sync import champs as lire
from sync.champs import Forme
from sync.etat import PIECE, Ligne
from sync.fusion import departager
from sync.operation import Operation
from sync.regles.decrite import formes as formes_des
from sync.regles.decrite import formes_retrait, jour, obligatoires, remplies, verifier
from sync.regles.mesure import mesure_du_dossier
from sync.regles.regle import AUTRE_DOSSIER, TERRAIN, Contexte, Regle, Retenue, refuser
from sync.regles.rendez_vous import rendez_vous_du_dossier

RETIREE = "Cette fiche a été retirée\u202f: notez-en une autre."


def noter(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    if contexte.etat.lire(PIECE, operation.entite) is not None:
        raise refuser("entite", "Cette fiche existe déjà.")
    mesure, partagee = valeurs.pop("mesure_id", None), bool(valeurs.pop("partagee", None))
    dites = remplies(valeurs)
    _verifier(decrite, contexte, operation, dites)
    if mesure is not None:
        mesure_du_dossier(contexte, mesure, operation.personne, "mesure_id")
    contexte.etat.ajouter(
        PIECE,
        id=operation.entite,
        personne_id=operation.personne,
        mesure_id=mesure,
        forme=decrite["code"],
        jour=jour(decrite, dites),
        valeurs=dites,
        partagee=partagee,
        revisions=[],
        auteur_id=contexte.acteur.utilisateur_id,
        note_le=operation.heure.astimezone(dt.UTC),
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    contexte.soumettre_au_controle("piece", operation.entite, operation.personne)


def modifier(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    piece = _piece_du_dossier(decrite, contexte, operation)
    if piece["retiree_le"] is not None:
        raise refuser("entite", RETIREE)
    if valeurs.get("mesure_id"):
        mesure_du_dossier(contexte, valeurs["mesure_id"], operation.personne, "mesure_id")
    elif "mesure_id" in valeurs and decrite.get("par_mesure"):
        raise refuser("mesure_id", "Choisissez la mesure.")
    if "partagee" in valeurs:
        valeurs["partagee"] = bool(valeurs["partagee"])
    ecrites = departager(contexte, operation, "piece", a_plat(decrite, piece), valeurs)
    poser(contexte, piece, ecrites, operation)
    if ecrites:
        contexte.soumettre_au_controle("piece", operation.entite, operation.personne)


def retirer(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Rien ne s'efface : elle reste au dossier, avec le motif. Deux personnes peuvent y penser le même jour."""
    piece = _piece_du_dossier(decrite, contexte, operation)
    if piece["retiree_le"] is None:
        contexte.etat.changer(
            PIECE,
            piece["id"],
            retiree_le=operation.heure.astimezone(dt.UTC),
            retrait_motif=valeurs["motif"],
            sequence=contexte.version,
        )
        contexte.soumettre_au_controle("piece", operation.entite, operation.personne)


def poser(contexte: Contexte, piece: Ligne, valeurs: Mapping[str, Any], operation: Operation) -> None:
    """Écrit des valeurs lues ; celles d'avant restent, avec qui les a changées et quand."""
    decrite = charger()[piece["forme"]]
    avant = a_plat(decrite, piece)
    changees = {nom: avant[nom] for nom, valeur in valeurs.items() if not domaine.pareilles(avant[nom], valeur)}
    apres = remplies({**piece["valeurs"], **{nom: v for nom, v in valeurs.items() if nom not in domaine.CLES}})
    # Les champs changés, et eux seuls, doivent tenir avec le reste : ce qui n'a pas bougé a déjà été accepté.
    _verifier(decrite, contexte, operation, apres, set(valeurs))
    revision = {"le": lire.en_json(operation.heure), "par": contexte.acteur.utilisateur_id, "champs": changees}
    contexte.etat.changer(
        PIECE,
        piece["id"],
        valeurs=apres,
        jour=jour(decrite, apres),
        revisions=[revision, *piece["revisions"]][: domaine.REVISIONS_MAX] if changees else piece["revisions"],
        sequence=contexte.version,
        **{nom: valeurs[nom] for nom in domaine.CLES if nom in valeurs},
    )


def a_plat(decrite: Decrite, piece: Ligne) -> Ligne:
    """La pièce comme une opération la dit : tous ses champs, vides compris."""
    vides = {champ["nom"]: None for champ in decrite["champs"]}
    return {**vides, **piece["valeurs"], **{nom: piece[nom] for nom in (*domaine.CLES, "id")}}


def _piece_du_dossier(decrite: Decrite, contexte: Contexte, operation: Operation) -> Ligne:
    contexte.personne(operation)
    piece = contexte.etat.lire(PIECE, operation.entite)
    if piece is None:
        raise Retenue("entite")
    if piece["personne_id"] != operation.personne or piece["forme"] != decrite["code"]:
        raise refuser("entite", AUTRE_DOSSIER)
    if not se_lit(contexte, piece):
        raise refuser("entite", AUTRE_DOSSIER)
    return piece


def se_lit(contexte: Contexte, piece: Ligne, champ: str | None = None) -> bool:
    """Qui écrit lit-il cette pièce, ou ce champ ? D'un dossier tenu en binôme, il ne lit que ce qui lui est partagé."""
    personne = piece["personne_id"]
    return contexte.lecteur(personne).lit(piece["forme"], personne, piece["partagee"], piece["auteur_id"], champ)


def _verifier(
    decrite: Decrite,
    contexte: Contexte,
    operation: Operation,
    valeurs: Mapping[str, Any],
    changes: set[str] | None = None,
) -> None:
    """Ce qui manque, ce qui vient trop tôt ou trop tard. `changes` : les seuls champs à vérifier."""

    def citer(champ: Mapping[str, Any], lue: str) -> None:
        if champ["de"] == "rendez_vous":
            rendez_vous_du_dossier(contexte, lue, operation.personne, champ["nom"])

    verifier(decrite["champs"], contexte.aujourd_hui, valeurs, changes, citer)


@cache
def formes(code: str) -> Mapping[str, Forme]:
    """Les champs d'une opération sur cette forme : tous ceux de sa description, et rien d'autre."""
    decrite = charger()[code]
    cles: dict[str, Forme] = {"mesure_id": lire.identifiant}
    if decrite.get("partageable"):
        cles["partagee"] = lire.booleen
    return cles | formes_des(decrite["champs"])


def _regles(decrite: Decrite) -> dict[str, Regle]:
    code = decrite["code"]
    siennes = partial(formes, code)
    # Qui ne lit pas une forme ne l'écrit pas.
    roles = TERRAIN & {LECTEURS[lettre] for lettre in decrite["lecteurs"]}
    cite = {"mesure_id": "mesure"} | {c["nom"]: c["de"] for c in decrite["champs"] if c["genre"] == "fiche"}
    exiges = obligatoires(decrite["champs"])
    if decrite.get("par_mesure"):
        exiges["mesure_id"] = "Choisissez la mesure."
    return {
        f"noter_{code}": Regle(partial(noter, decrite), siennes, roles, "piece", cite=cite, obligatoires=exiges),
        f"modifier_{code}": Regle(partial(modifier, decrite), siennes, roles, "piece", cite=cite, fusionne=True),
        f"retirer_{code}": Regle(
            partial(retirer, decrite),
            formes_retrait,
            roles,
            "piece",
            obligatoires={"motif": "Dites pourquoi elle est retirée."},
            ecrit=lambda valeurs, jour: {},
        ),
    }


GENRES = {genre: regle for decrite in charger().values() for genre, regle in _regles(decrite).items()}
