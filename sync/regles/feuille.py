"""Noter une feuille d'un cahier, la modifier, la retirer : mêmes règles pour toutes les formes, engendrées d'elles.

Deux personnes à la fois : champ par champ ; d'un même champ, le dernier reçu est en vigueur et l'autre reste dans les
révisions. Ni désaccord ni contrôle : un cahier n'a pas de référent pour les régler.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from app.domain.feuilles import charger, identifiant_tire, redite
from app.domain.formes import Forme as Decrite
from sync.champs import Forme
from sync.etat import FEUILLE, PERSONNE, Ligne
from sync.fusion import accorder
from sync.operation import Operation
from sync.regles.cahier import revisees
from sync.regles.decision import rejoindre
from sync.regles.decrite import formes as formes_des
from sync.regles.decrite import formes_retrait, jour, obligatoires, remplies, verifier
from sync.regles.piece import RETIREE
from sync.regles.regle import TERRAIN, Contexte, Regle, Retenue, refuser

# Ce dont chacun peut ajouter un élément sans retirer celui d'un autre.
LISTES = ("codes", "collegues")


def noter(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    cahier = contexte.cahier(operation)
    if cahier["genre"] != decrite["cahier"]:
        raise refuser("personne", "Cela ne se note pas dans ce genre de cahier.")
    dites = remplies(valeurs)
    tire = identifiant_tire(decrite["code"], operation.personne, dites)
    if tire is not None and tire != operation.entite:
        raise refuser("entite", "Cet identifiant n’est pas celui de cette fiche.")
    deja = contexte.etat.lire(FEUILLE, operation.entite)
    if deja is not None:
        if tire is None or (deja["cahier_id"], deja["forme"]) != (operation.personne, decrite["code"]):
            raise refuser("entite", "Cette fiche existe déjà.")
        _noter_encore(decrite, contexte, operation, valeurs, deja)
        return
    au_moins = decrite.get("au_moins")
    if au_moins and not any(dites.get(nom) for nom in au_moins["champs"]):
        raise refuser(au_moins["champs"][0], au_moins["sinon"])
    _verifier(decrite, contexte, operation, dites)
    contexte.etat.ajouter(
        FEUILLE,
        id=operation.entite,
        cahier_id=operation.personne,
        forme=decrite["code"],
        jour=jour(decrite, dites),
        valeurs=dites,
        revisions=[],
        auteur_id=contexte.acteur.utilisateur_id,
        note_le=operation.heure.astimezone(dt.UTC),
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    rejoindre(decrite, contexte, operation)


def _noter_encore(
    decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any], deja: Ligne
) -> None:
    """Un autre l'a notée sans que l'auteur le sache : ce qu'il en dit vaut, et ce qui en était dit reste lisible."""
    redites = redite(decrite, deja, valeurs)
    if deja["retiree_le"] is not None:
        contexte.etat.changer(FEUILLE, deja["id"], retiree_le=None, retrait_motif=None)
    modifier(decrite, contexte, operation, redites)


def modifier(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    feuille = _feuille_du_cahier(decrite, contexte, operation)
    if feuille["retiree_le"] is not None:
        raise refuser("entite", RETIREE)
    avant = {**dict.fromkeys(formes(decrite["code"])), **feuille["valeurs"]}
    listes = {champ["nom"] for champ in decrite["champs"] if champ["genre"] in LISTES}
    ecrites = accorder(contexte, operation, avant, feuille["revisions"], valeurs, listes)
    apres = remplies({**feuille["valeurs"], **ecrites})
    # Les champs changés, et eux seuls, doivent tenir avec le reste : ce qui n'a pas bougé a déjà été accepté.
    _verifier(decrite, contexte, operation, apres, set(ecrites))
    contexte.etat.changer(
        FEUILLE,
        feuille["id"],
        valeurs=apres,
        jour=jour(decrite, apres),
        revisions=revisees(contexte, operation, avant, ecrites, feuille["revisions"]),
        sequence=contexte.version,
    )
    rejoindre(decrite, contexte, operation, ecrites.keys())


def retirer(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Elle reste au cahier, avec le motif ; seul le résumé préparé la quitte : une situation retirée n'a pas à être
    dans une poche. Deux personnes peuvent y penser la même nuit.
    """
    feuille = _feuille_du_cahier(decrite, contexte, operation)
    if feuille["retiree_le"] is None:
        contexte.etat.changer(
            FEUILLE,
            feuille["id"],
            retiree_le=operation.heure.astimezone(dt.UTC),
            retrait_motif=valeurs["motif"],
            resume=None,
            sequence=contexte.version,
        )
        rejoindre(decrite, contexte, operation)


def _feuille_du_cahier(decrite: Decrite, contexte: Contexte, operation: Operation) -> Ligne:
    contexte.cahier(operation)
    return _citee(contexte, operation, operation.entite, decrite["code"], "entite")


def _citee(contexte: Contexte, operation: Operation, identifiant: str, forme: str, champ: str) -> Ligne:
    """Une feuille de ce cahier et de cette forme. D'un autre cahier, elle n'est pas plus connue qu'absente."""
    feuille = contexte.etat.lire(FEUILLE, identifiant)
    if feuille is None or feuille["cahier_id"] != operation.personne:
        raise Retenue(champ)
    if feuille["forme"] != forme:
        raise refuser(champ, "Cette fiche n’est pas de celles qui se citent ici.")
    return feuille


def _verifier_dossier(contexte: Contexte, personne_id: str, champ: str) -> None:
    """Un dossier que l'auteur suit, ou a suivi ; celui d'un autre n'est pas plus connu qu'absent."""
    voit_tout = contexte.acteur.voit_tout and not contexte.acteur.revoque
    if contexte.etat.lire(PERSONNE, personne_id) is None or not (voit_tout or contexte.titres.get(personne_id)):
        raise Retenue(champ)


def _verifier(
    decrite: Decrite,
    contexte: Contexte,
    operation: Operation,
    valeurs: Mapping[str, Any],
    changes: set[str] | None = None,
) -> None:
    def citer(champ: Mapping[str, Any], lue: str) -> None:
        if champ["genre"] == "dossier":
            _verifier_dossier(contexte, lue, champ["nom"])
        else:
            _citee(contexte, operation, lue, champ["de"], champ["nom"])

    verifier(decrite["champs"], contexte.aujourd_hui, valeurs, changes, citer)


@cache
def formes(code: str) -> Mapping[str, Forme]:
    """Les champs d'une opération sur cette forme : ceux de sa description, et rien d'autre."""
    return formes_des(charger()[code]["champs"])


@cache
def formes_modifiables(code: str) -> Mapping[str, Forme]:
    """Ni le dossier que rejoint une feuille, ni ce dont elle tire son identifiant : elle se retire, et se note avec
    l'autre. Sans cela, une présence mise au nom d'un autre le compterait deux fois.
    """
    decrite = charger()[code]
    fixes = {champ["nom"] for champ in decrite["champs"] if "rejoint" in decrite and champ["genre"] == "dossier"}
    fixes |= set(decrite.get("cle", ()))
    return formes_des(champ for champ in decrite["champs"] if champ["nom"] not in fixes)


def _regles(decrite: Decrite) -> dict[str, Regle]:
    code = decrite["code"]
    siennes, modifiables = partial(formes, code), partial(formes_modifiables, code)
    tables = {"fiche": "feuille", "dossier": "personne"}
    cite = {champ["nom"]: tables[champ["genre"]] for champ in decrite["champs"] if champ["genre"] in tables}
    return {
        f"noter_{code}": Regle(
            partial(noter, decrite),
            siennes,
            TERRAIN,
            "feuille",
            cite=cite,
            obligatoires=obligatoires(decrite["champs"]),
            cahier=True,
        ),
        f"modifier_{code}": Regle(
            partial(modifier, decrite), modifiables, TERRAIN, "feuille", cite=cite, fusionne=True, cahier=True
        ),
        f"retirer_{code}": Regle(
            partial(retirer, decrite),
            formes_retrait,
            TERRAIN,
            "feuille",
            obligatoires={"motif": "Dites pourquoi elle est retirée."},
            ecrit=lambda valeurs, jour: {},
            cahier=True,
        ),
    }


GENRES = {genre: regle for decrite in charger().values() for genre, regle in _regles(decrite).items()}
