"""Rattacher quelqu'un de connu d'un secteur à un dossier, avec son accord ; l'en détacher.

Qui tient le cahier et a le dossier à lui connaît les deux : lui seul les rapproche. Qui suit le dossier peut défaire.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.domain.roles import ACCOMPAGNANTS
from app.models.rattachement import ETENDUES
from sync import champs as lire
from sync.acces import lire_titres_de_cahiers
from sync.champs import Forme
from sync.etat import FEUILLE, PERSONNE, RATTACHEMENT, Ligne
from sync.operation import Operation
from sync.regles.regle import AUTRE_DOSSIER, Contexte, Regle, Retenue, refuser

# De deux accords, le plus étroit vaut.
DU_MOINS = "jours"
_ROLES = frozenset(ACCOMPAGNANTS)


def rattacher(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation, meme_perdu=False)
    if contexte.acteur.revoque or not contexte.est_a_lui(operation.personne):
        raise refuser("personne", "Ce dossier n’est pas le vôtre\u202f: seul son référent y rattache quelqu’un.")
    if contexte.etat.lire(RATTACHEMENT, operation.entite) is not None:
        raise refuser("entite", "Cette fiche existe déjà.")
    connu = _connu(contexte, valeurs["connu_id"])
    if valeurs["accord_le"] > contexte.aujourd_hui:
        raise refuser("accord_le", "Cette date est dans l’avenir.")
    deja = next(iter(_tenus(contexte, connu["id"])), None)
    if deja is not None and deja["personne_id"] != operation.personne:
        raise refuser("connu_id", "Elle est déjà rattachée à un dossier.")
    if deja is not None and valeurs["etendue"] == DU_MOINS:
        contexte.etat.changer(RATTACHEMENT, deja["id"], etendue=DU_MOINS, sequence=contexte.version)
    # Deux y ont pensé sans réseau : c'est le même fait. Le second n'ajoute rien, et peut encore se défaire.
    contexte.etat.ajouter(
        RATTACHEMENT,
        id=operation.entite,
        personne_id=operation.personne,
        cahier_id=connu["cahier_id"],
        connu_id=connu["id"],
        etendue=valeurs["etendue"],
        accord_le=valeurs["accord_le"],
        par_id=contexte.acteur.utilisateur_id,
        rencontres=[],
        fin_le=contexte.aujourd_hui if deja else None,
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    contexte.etat.changer(PERSONNE, operation.personne, sequence=contexte.version)


def detacher(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Les rencontres restent au cahier ; le dossier n'en dit plus rien. Deux personnes peuvent y penser."""
    contexte.personne(operation)
    contexte.refuser_au_binome(operation.personne)
    rattachement = contexte.etat.lire(RATTACHEMENT, operation.entite)
    if rattachement is None:
        raise Retenue("entite")
    if rattachement["personne_id"] != operation.personne:
        raise refuser("entite", AUTRE_DOSSIER)
    for tenu in _tenus(contexte, rattachement["connu_id"]):
        # Le sien, ou celui qui disait déjà de même ; noté depuis, il répond à un autre accord.
        if tenu["personne_id"] == operation.personne and tenu["cree_le"] <= rattachement["cree_le"]:
            fin = {"fin_le": contexte.aujourd_hui, "rencontres": [], "sequence": contexte.version}
            contexte.etat.changer(RATTACHEMENT, tenu["id"], **fin)
    # Déjà détachée, elle est redite telle quelle : le téléphone vient de l'afficher ainsi.
    contexte.etat.changer(PERSONNE, operation.personne, sequence=contexte.version)


def _tenus(contexte: Contexte, connu_id: str) -> list[Ligne]:
    """Ce qui rattache aujourd'hui ce nom à un dossier : un seul, au plus."""
    contexte.etat.charger(RATTACHEMENT, [connu_id], "connu_id")
    return [r for r in contexte.etat.lignes(RATTACHEMENT) if r["connu_id"] == connu_id and r["fin_le"] is None]


def _connu(contexte: Contexte, identifiant: str) -> Ligne:
    """Quelqu'un de connu d'un cahier qu'il tient. D'un autre cahier, il n'est pas plus connu qu'absent."""
    connu, acteur = contexte.etat.lire(FEUILLE, identifiant), contexte.acteur
    cahiers = [connu["cahier_id"]] if connu is not None else []
    tenus = lire_titres_de_cahiers(contexte.etat.session, acteur.structure_id, acteur.utilisateur_id, cahiers)
    siens = [titre for titres in tenus.values() for titre in titres if titre.en_cours(contexte.aujourd_hui)]
    if connu is None or not siens:
        raise Retenue("connu_id")
    if connu["forme"] != "connu" or connu["retiree_le"] is not None:
        raise refuser("connu_id", "Ce nom n’est plus au cahier\u202f: il ne se rattache pas.")
    return connu


@cache
def _formes() -> Mapping[str, Forme]:
    return {"connu_id": lire.identifiant, "etendue": lire.parmi(ETENDUES), "accord_le": lire.jour}


@cache
def _aucune() -> Mapping[str, Forme]:
    return {}


GENRES = {
    "rattacher_rencontres": Regle(
        rattacher,
        _formes,
        _ROLES,
        "rattachement",
        cite={"connu_id": "feuille"},
        obligatoires={
            "connu_id": "Choisissez la personne connue.",
            "etendue": "Dites ce qu’elle accepte que l’on lise.",
            "accord_le": "Dites quel jour elle l’a accepté.",
        },
    ),
    "detacher_rencontres": Regle(detacher, _aucune, _ROLES, "rattachement"),
}
