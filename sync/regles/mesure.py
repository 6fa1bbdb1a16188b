"""Ouvrir une mesure, corriger ses dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models import MesureModalite, MesureReferent
from sync import champs as lire
from sync.champs import Forme
from sync.etat import MESURE, Ligne
from sync.fusion import departager
from sync.operation import Operation
from sync.regles.regle import AUTRE_DOSSIER, DOSSIERS, TERRAIN, Contexte, Regle, Retenue, refuser


def ouvrir(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    # Ouvrir une mesure engage : ce n'est pas un reste de travail à recevoir d'un ancien référent.
    contexte.personne(operation, meme_perdu=False)
    contexte.refuser_au_binome(operation.personne)
    if contexte.etat.lire(MESURE, operation.entite) is not None:
        raise refuser("entite", "Cette mesure existe déjà.")
    if valeurs["convention"] not in contexte.conventions:
        raise refuser("convention", "Choisissez une convention de la structure.")
    _verifier_dates(contexte, valeurs)
    if valeurs.get("referent"):
        _verifier_le_referent(contexte, valeurs["referent"])
    contexte.etat.ajouter(
        MESURE,
        id=operation.entite,
        personne_id=operation.personne,
        **{nom: valeurs.get(nom) for nom in ("convention", "orientee_le", "prescripteur", *DATES)},
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    # Sans date de métier, le jour où la mesure a été notée ; à défaut, celui où elle arrive.
    dates = (valeurs.get(nom) for nom in ("entree_le", "orientee_le", "date_effet"))
    jour = next(filter(None, dates), contexte.aujourd_hui)
    if valeurs.get("modalite"):
        contexte.etat.dater(MesureModalite, mesure_id=operation.entite, jour=jour, modalite=valeurs["modalite"])
    if valeurs.get("referent"):
        _confier(contexte, operation, valeurs["referent"], jour)
    elif contexte.acteur.role in TERRAIN and not contexte.acteur.recoit_pour_d_autres:
        _devenir_referent(contexte, operation, jour)
    contexte.soumettre_au_controle("mesure", operation.entite, operation.personne)


def modifier(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    contexte.refuser_au_binome(operation.personne)
    mesure = mesure_du_dossier(contexte, operation.entite, operation.personne, "entite")
    _verifier_dates(contexte, valeurs, mesure)
    ecrites = departager(contexte, operation, "mesure", mesure, valeurs)
    poser(contexte, mesure, ecrites)
    if ecrites:
        contexte.soumettre_au_controle("mesure", operation.entite, operation.personne)


def poser(contexte: Contexte, mesure: Ligne, valeurs: Mapping[str, Any]) -> None:
    _verifier_dates(contexte, valeurs, mesure)
    contexte.etat.changer(MESURE, mesure["id"], sequence=contexte.version, **valeurs)


def mesure_du_dossier(contexte: Contexte, identifiant: str, personne_id: str, champ: str) -> Ligne:
    """La mesure citée, si elle est bien de ce dossier ; celle d'un autre ne se distingue pas."""
    mesure = contexte.etat.lire(MESURE, identifiant)
    if mesure is None:
        raise Retenue(champ)
    if mesure["personne_id"] != personne_id:
        raise refuser(champ, AUTRE_DOSSIER)
    return mesure


def _devenir_referent(contexte: Contexte, operation: Operation, jour: dt.date) -> None:
    """L'auteur devient référent, et reçoit le dossier entier. Le secrétariat ouvre pour d'autres : il ne l'est pas."""
    auteur = contexte.acteur.utilisateur_id
    contexte.etat.dater(MesureReferent, mesure_id=operation.entite, jour=jour, utilisateur_id=auteur)
    if not contexte.est_a_lui(operation.personne, sans_terme=True):
        contexte.donner_acces(operation.personne)


def _verifier_le_referent(contexte: Contexte, referent: str) -> None:
    """Qui voit toute la structure ouvre pour un collègue ; les autres n'ouvrent que pour eux."""
    if not contexte.acteur.voit_tout or contexte.acteur.revoque:
        raise refuser("referent", "Seuls le chef de service et le secrétariat désignent le référent.")
    contexte.qui_suit(referent, "referent")


def _confier(contexte: Contexte, operation: Operation, referent: str, jour: dt.date) -> None:
    """Le collègue nommé est référent dès l'ouverture, et reçoit le dossier entier."""
    mesure, acteur = contexte.etat.lire(MESURE, operation.entite), contexte.acteur
    assert mesure is not None  # noqa: S101  # elle vient d'être ajoutée
    contexte.suivis().confier(mesure, referent, jour, contexte.version, acteur.maintenant, contexte.aujourd_hui)


def _verifier_dates(contexte: Contexte, valeurs: Mapping[str, Any], connue: Ligne | None = None) -> None:
    contexte.verifier_effets(valeurs, ("orientee_le", *DATES, "date_effet"))
    apres = {**(connue or {}), **valeurs}
    orientee, entree = apres.get("orientee_le"), apres.get("entree_le")
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
        "referent": lire.identifiant,
        "date_effet": lire.jour,
        **dict.fromkeys(DATES, lire.jour),
    }


@cache
def formes_modification() -> Mapping[str, Forme]:
    return dict.fromkeys(("orientee_le", *DATES), lire.jour)


GENRES = {
    "ouvrir_mesure": Regle(
        ouvrir, formes_ouverture, DOSSIERS, "mesure", obligatoires={"convention": "Choisissez la convention."}
    ),
    "modifier_mesure": Regle(modifier, formes_modification, DOSSIERS, "mesure", fusionne=True),
}
