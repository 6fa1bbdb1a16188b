"""Créer et modifier une personne : son identité, et les valeurs datées de sa situation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.domain import champs_personne
from app.models import PersonneIdentifiant, PersonneValeur
from sync import champs as lire
from sync.champs import Forme, en_json
from sync.etat import CAHIER, PERSONNE, Ligne
from sync.fusion import contester, departager
from sync.operation import Operation
from sync.regles.regle import DOSSIERS, Contexte, Regle, refuser

IDENTITE = ("nom", "prenom", "nom_usage", "pseudonymes", "date_naissance", "naissance_precision")
LONGUEURS = {"courriel": 254, "adresse": 300, "experiences": 2000, "numero_allocataire": 40}
NOMS = ("nom", "prenom", "pseudonymes")
SANS_NOM = "Donnez au moins un nom, un prénom ou un pseudonyme."


def creer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    if operation.entite != operation.personne:
        raise refuser("entite", "Une personne nouvelle est sa propre fiche.")
    if any(contexte.etat.lire(table, operation.entite) is not None for table in (PERSONNE, CAHIER)):
        raise refuser("entite", "Cette fiche existe déjà.")
    if not (valeurs.get("nom") or valeurs.get("prenom") or valeurs.get("pseudonymes")):
        raise refuser("nom", SANS_NOM)
    _verifier_jours(contexte, valeurs)
    contexte.etat.ajouter(
        PERSONNE,
        id=operation.entite,
        nom=valeurs.get("nom") or "",
        prenom=valeurs.get("prenom") or "",
        nom_usage=valeurs.get("nom_usage"),
        pseudonymes=valeurs.get("pseudonymes") or [],
        date_naissance=valeurs.get("date_naissance"),
        naissance_precision=valeurs.get("naissance_precision"),
        sequence=contexte.version,
        sequence_dossier=contexte.version,
        desaccords=0,
        cree_le=contexte.acteur.maintenant,
    )
    jour = valeurs.pop("date_effet", None) or contexte.aujourd_hui
    donnees = {nom: valeur for nom, valeur in valeurs.items() if valeur is not None}
    _deposer_valeurs(contexte, operation.entite, donnees, jour)
    if not contexte.acteur.recoit_pour_d_autres:
        contexte.donner_acces(operation.entite)
    contexte.soumettre_au_controle("personne", operation.entite, operation.entite)


def modifier(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    personne = contexte.personne(operation)
    if operation.entite != operation.personne:
        raise refuser("entite", "La personne modifiée doit être celle du dossier.")
    if not valeurs.keys() <= champs_personne.champs_lisibles("partenaire"):
        contexte.refuser_au_binome(operation.personne)
    _verifier_jours(contexte, valeurs)
    jour = valeurs.pop("date_effet", None) or contexte.aujourd_hui
    for nom, vide in (("nom", ""), ("prenom", ""), ("pseudonymes", [])):
        if nom in valeurs and valeurs[nom] is None:
            valeurs[nom] = vide
    _garder_un_nom(contexte, operation, personne, valeurs)
    ecrites = departager(contexte, operation, "personne", personne, valeurs, jour)
    poser(contexte, personne, ecrites, jour)
    if ecrites:
        contexte.soumettre_au_controle("personne", operation.entite, operation.entite)


def poser(contexte: Contexte, personne: Ligne, valeurs: Mapping[str, Any], jour: dt.date) -> None:
    """Écrit des valeurs lues ; les champs datés prennent effet à `jour`."""
    identite = {nom: valeurs[nom] for nom in IDENTITE if nom in valeurs}
    apres = personne | identite
    if not (apres["nom"] or apres["prenom"] or apres["pseudonymes"]):
        raise refuser("nom", SANS_NOM)
    contexte.etat.changer(PERSONNE, personne["id"], sequence=contexte.version, **identite)
    _deposer_valeurs(contexte, personne["id"], valeurs, jour)


def _garder_un_nom(contexte: Contexte, operation: Operation, personne: Ligne, valeurs: dict[str, Any]) -> None:
    """Chacun de son côté a effacé un des noms, et il n'en resterait aucun : l'effacement est à décider, pas refusé."""
    apres = personne | valeurs
    if any(apres[nom] for nom in NOMS):
        return
    autres = [contexte.fusion.derniere(operation, contexte.acteur, nom) for nom in NOMS]
    dernier = max((autre for autre in autres if autre is not None), key=lambda autre: autre.version, default=None)
    if dernier is None:
        return
    for nom in NOMS:
        if nom in valeurs and personne[nom]:
            actuelle = (en_json(personne[nom]), dernier)
            contester(contexte, operation, "personne", (nom, None), actuelle, en_json(valeurs.pop(nom)))


def _verifier_jours(contexte: Contexte, valeurs: Mapping[str, Any]) -> None:
    contexte.verifier_effets(valeurs, ("date_effet",))
    naissance = valeurs.get("date_naissance")
    if naissance is not None and naissance > contexte.aujourd_hui:
        raise refuser("date_naissance", "Cette date de naissance est à venir.")


def _deposer_valeurs(contexte: Contexte, personne_id: str, valeurs: Mapping[str, Any], jour: dt.date) -> None:
    catalogue = champs_personne.catalogue()
    for nom, valeur in valeurs.items():
        if nom in IDENTITE:
            continue
        if catalogue[nom].date:
            contexte.etat.dater(PersonneValeur, personne_id=personne_id, champ=nom, jour=jour, valeur=valeur)
        else:
            contexte.etat.dater(PersonneIdentifiant, personne_id=personne_id, genre=nom, valeur=valeur or "")


@cache
def formes() -> Mapping[str, Forme]:
    """Le catalogue des champs dit ce qui est recueilli : rien d'autre n'entre."""
    return {nom: _forme(champ) for nom, champ in champs_personne.catalogue().items()} | {"date_effet": lire.jour}


def _forme(champ: champs_personne.Champ) -> Forme:
    simples: dict[str, Forme] = {
        "booleen": lire.booleen,
        "entier": lire.entier(0, champ.maximum),
        "jour": lire.jour if not champ.date else _jour_en_texte,
        "mois": lire.mois,
        "telephones": lire.liste_de(lire.telephone, 6),
        "commune": lire.commune,
        "textes": lire.liste_de(lire.texte(80), 10),
        "texte": lire.texte(LONGUEURS.get(champ.nom, 120), lignes=champ.nom in ("adresse", "experiences")),
    }
    if champ.genre in simples:
        return simples[champ.genre]
    assert champ.liste is not None  # noqa: S101  # le catalogue donne une liste à tout champ à choix
    return lire.code(champ.liste) if champ.genre == "code" else lire.liste_de(lire.code(champ.liste), 30)


def _jour_en_texte(valeur: Any) -> str:
    """Une valeur datée est gardée telle qu'elle voyage : en JSON."""
    return str(lire.jour(valeur).isoformat())


GENRES = {
    "creer_personne": Regle(creer, formes, DOSSIERS, "personne"),
    "modifier_personne": Regle(modifier, formes, DOSSIERS, "personne", fusionne=True),
}
