"""Le cahier d'une équipe : l'ouvrir, le modifier, y mettre ou en retirer quelqu'un. Au bureau seulement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from app.domain import cahier as domaine
from app.domain import comite, piece
from app.models import CahierMembre
from sync import champs as lire
from sync.champs import Forme, en_json
from sync.etat import CAHIER, PERSONNE, Ligne
from sync.fusion import accorder
from sync.operation import Operation
from sync.regles.decision import suivre_le_comite
from sync.regles.decrite import formes as formes_des
from sync.regles.decrite import obligatoires, remplies
from sync.regles.regle import CONTROLEURS, Contexte, Regle, refuser

SANS_NOM = "Donnez un nom à ce cahier."
# Ce qui est une colonne, et non une valeur de son genre.
COLONNES = ("nom", "ferme_le")


def creer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    _au_bureau(contexte, operation)
    if any(contexte.etat.lire(table, operation.entite) is not None for table in (CAHIER, PERSONNE)):
        raise refuser("entite", "Cette fiche existe déjà.")
    genre, nom, ferme_le = (valeurs.pop(champ, None) for champ in ("genre", *COLONNES))
    _du_genre(genre, dict.fromkeys(_exiges(genre)) | valeurs)
    contexte.etat.ajouter(
        CAHIER,
        id=operation.entite,
        genre=genre,
        nom=nom,
        ferme_le=ferme_le,
        jusqu_au=_jusqu_au(genre, valeurs),
        valeurs=remplies(valeurs),
        revisions=[],
        sequence=contexte.version,
        sequence_cahier=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )


def modifier(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    _au_bureau(contexte, operation)
    cahier = contexte.cahier(operation)
    _du_genre(cahier["genre"], {nom: valeur for nom, valeur in valeurs.items() if nom not in COLONNES})
    if "nom" in valeurs and valeurs["nom"] is None:
        raise refuser("nom", SANS_NOM)
    avant = a_plat(cahier)
    ecrites = accorder(contexte, operation, avant, cahier["revisions"], valeurs)
    apres = remplies({**cahier["valeurs"], **{nom: v for nom, v in ecrites.items() if nom not in COLONNES}})
    jusqu_au = _jusqu_au(cahier["genre"], apres)
    if jusqu_au != cahier["jusqu_au"]:
        # Reporté, il revient entier à qui l'avait déjà oublié.
        for (cahier_id, _), tenu in contexte.membres.items():
            if cahier_id == cahier["id"] and tenu["actif"]:
                contexte.etat.dater(CahierMembre, **tenu | {"sequence": contexte.version})
    changes = {nom: en_json(v) for nom, v in ecrites.items() if not piece.pareilles(avant[nom], en_json(v))}
    suivre_le_comite(contexte, operation, cahier, changes)
    contexte.etat.changer(
        CAHIER,
        cahier["id"],
        valeurs=apres,
        jusqu_au=jusqu_au,
        revisions=revisees(contexte, operation, avant, ecrites, cahier["revisions"]),
        sequence=contexte.version,
        **{nom: ecrites[nom] for nom in COLONNES if nom in ecrites},
    )


def ajouter_membre(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Il le reçoit entier ; rien à faire s'il le tient déjà."""
    _au_bureau(contexte, operation)
    contexte.cahier(operation)
    collegue = contexte.qui_suit(valeurs["utilisateur"], "utilisateur")
    tenu = contexte.membres.get((operation.personne, collegue))
    if tenu is None or not tenu["actif"]:
        _poser(contexte, operation.personne, collegue, depuis=contexte.acteur.maintenant, actif=True, perdu_le=None)


def retirer_membre(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Il l'oublie, une fois parti ce qu'il y avait noté."""
    _au_bureau(contexte, operation)
    contexte.cahier(operation)
    tenu = contexte.membres.get((operation.personne, valeurs["utilisateur"]))
    if tenu is not None and tenu["actif"]:
        perdu_le = contexte.acteur.maintenant
        _poser(
            contexte,
            operation.personne,
            tenu["utilisateur_id"],
            depuis=tenu["depuis"],
            actif=False,
            perdu_le=perdu_le,
        )


def a_plat(cahier: Ligne) -> Ligne:
    """Le cahier comme une opération le dit : tous ses champs, vides compris."""
    vides = {champ["nom"]: None for champ in domaine.champs_du_genre(cahier["genre"])}
    return {**vides, **cahier["valeurs"], **{nom: en_json(cahier[nom]) for nom in COLONNES}}


def revisees(
    contexte: Contexte, operation: Operation, avant: Mapping[str, Any], valeurs: Mapping[str, Any], deja: Sequence[Any]
) -> list[Any]:
    """Les révisions, celle-ci en tête : ce que disaient les champs qu'elle change, qui et quand."""
    changees = {nom: avant[nom] for nom, v in valeurs.items() if not piece.pareilles(avant[nom], en_json(v))}
    if not changees:
        return list(deja)
    le, par = en_json(operation.heure), contexte.acteur.utilisateur_id
    revision = {"le": le, "par": par, "champs": changees, "version": contexte.version}
    return [revision, *deja][: piece.REVISIONS_MAX]


def _au_bureau(contexte: Contexte, operation: Operation) -> None:
    if contexte.acteur.hors_ligne or contexte.acteur.revoque:
        raise refuser("genre", "Un cahier s’ouvre, et se confie, au bureau.")
    if operation.entite != operation.personne:
        raise refuser("entite", "Un cahier est sa propre fiche.")


def _du_genre(genre: str, valeurs: Mapping[str, Any]) -> None:
    siens = {champ["nom"] for champ in domaine.champs_du_genre(genre)}
    for nom in valeurs.keys() - siens:
        raise refuser(nom, "Ce champ n’est pas de ce genre de cahier.")
    for nom, phrase in _exiges(genre).items():
        if nom in valeurs and valeurs[nom] is None:
            raise refuser(nom, phrase)


def _exiges(genre: str) -> dict[str, str]:
    return obligatoires(domaine.champs_du_genre(genre))


def _jusqu_au(genre: str, valeurs: Mapping[str, Any]) -> dt.date | None:
    """Le dernier jour où les téléphones tiennent un comité."""
    return dt.date.fromisoformat(comite.jusqu_au(valeurs["jour"])) if genre == "comite" else None


def _poser(contexte: Contexte, cahier_id: str, utilisateur_id: str, **valeurs: Any) -> None:
    ligne = {"cahier_id": cahier_id, "utilisateur_id": utilisateur_id, "sequence": contexte.version, **valeurs}
    contexte.membres[cahier_id, utilisateur_id] = ligne
    contexte.etat.dater(CahierMembre, **ligne)
    # Qui tient le cahier se lit dans le cahier.
    contexte.etat.changer(CAHIER, cahier_id, sequence=contexte.version)


@cache
def _formes() -> Mapping[str, Forme]:
    propres: dict[str, Forme] = {"nom": lire.texte(120), "ferme_le": lire.jour}
    return propres | formes_des(domaine.champs())


@cache
def _formes_creation() -> Mapping[str, Forme]:
    return {"genre": lire.code("genre_cahier"), **_formes()}


@cache
def _formes_membre() -> Mapping[str, Forme]:
    return {"utilisateur": lire.identifiant}


_GENRE, _QUI = {"genre": "Choisissez le genre du cahier.", "nom": SANS_NOM}, {"utilisateur": "Choisissez un collègue."}


def _membre(appliquer: Any) -> Regle:
    return Regle(
        appliquer,
        _formes_membre,
        CONTROLEURS,
        "cahier",
        obligatoires=_QUI,
        ecrit=lambda valeurs, jour: {},
        cahier=True,
    )


GENRES = {
    "creer_cahier": Regle(creer, _formes_creation, CONTROLEURS, "cahier", obligatoires=_GENRE, cahier=True),
    "modifier_cahier": Regle(modifier, _formes, CONTROLEURS, "cahier", fusionne=True, cahier=True),
    "ajouter_membre": _membre(ajouter_membre),
    "retirer_membre": _membre(retirer_membre),
}
