"""Ce qu'un appareil retiré avait noté et qui n'a pas pu être appliqué : à reprendre à la main."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain import cahier, feuilles
from app.domain.champs_personne import catalogue
from app.domain.personne import nom_affiche
from app.domain.roles import CONTROLEURS
from app.models import Appareil, Operation, Personne, Utilisateur
from app.supervision.lisible import forme_de, se_lit, valeur_lisible
from app.viewmodels.en_mots import acte

# Le temps d'une absence ; le journal, lui, le garde.
MONTRE_PENDANT = dt.timedelta(days=60)
PAGE = 50

_LIBELLES = {
    "date": "Date",
    "heure": "Heure",
    "duree": "Durée",
    "moyen": "Moyen",
    "lieu": "Lieu",
    "demarches": "Démarches",
    "etendue": "Ce qu’elle laisse lire",
    "accord_le": "Accord donné le",
    "synthese": "Synthèse",
    "debut": "Début",
    "statut": "Issue",
    "convention": "Convention",
}
_TECHNIQUES = frozenset({"mesure_id", "rendez_vous_id", "date_effet", "fiche_type", "connu_id"})


@dataclass(frozen=True)
class Reprise:
    """Une opération gardée au journal : de qui, sur qui, ce qu'elle disait, et pourquoi elle n'est pas au dossier."""

    id: str
    auteur: str
    nom: str
    personne_id: str | None
    quoi: str
    recue_le: dt.datetime
    champs: tuple[tuple[str, str], ...]
    raisons: tuple[str, ...]


def lire(session: Session, structure_id: str, role: str, maintenant: dt.datetime) -> list[Reprise]:
    # Par les appareils retirés : le journal est long, et rangé par appareil.
    retires = (
        select(Appareil.id)
        .join(
            Utilisateur,
            and_(Utilisateur.structure_id == Appareil.structure_id, Utilisateur.id == Appareil.utilisateur_id),
        )
        .where(
            Appareil.structure_id == structure_id,
            or_(Appareil.revoque_le.is_not(None), Utilisateur.actif.is_(False)),
        )
    )
    requete = (
        _avec_auteur_et_dossier(select(Operation, Utilisateur.prenom, Utilisateur.nom, Personne))
        .where(
            Operation.structure_id == structure_id,
            Operation.appareil_id.in_(retires),
            Operation.tardive,
            Operation.statut == "refused",
            Operation.origine == "scelle",
            Operation.recue_le > maintenant - MONTRE_PENDANT,
            Operation.id.not_in(_reprises(structure_id)),
        )
        .order_by(Operation.recue_le.desc(), Operation.id)
        .limit(PAGE)
    )
    return [
        Reprise(
            id=operation.id,
            auteur=f"{prenom} {nom}".strip(),
            nom=_nom(personne, operation),
            personne_id=personne.id if personne else None,
            quoi=acte(operation.genre),
            recue_le=operation.recue_le,
            champs=tuple(_champs(operation, role)),
            raisons=tuple(message for messages in (operation.erreurs or {}).values() for message in messages),
        )
        for operation, prenom, nom, personne in session.execute(requete)
    ]


@dataclass(frozen=True)
class Faite:
    """Une reprise dite faite : par qui, quand, et de quoi il s'agissait."""

    quoi: str
    nom: str
    personne_id: str | None
    par: str
    le: dt.datetime


def faites(session: Session, structure_id: str, maintenant: dt.datetime) -> list[Faite]:
    """Les reprises récentes, telles que le journal les garde, la dernière d'abord."""
    perdue = aliased(Operation)
    requete = (
        _avec_auteur_et_dossier(
            select(Operation.recue_le, perdue, Utilisateur.prenom, Utilisateur.nom, Personne).join(
                perdue, and_(perdue.structure_id == Operation.structure_id, perdue.id == Operation.entite)
            )
        )
        .where(
            Operation.structure_id == structure_id,
            Operation.id.in_(_reprises(structure_id, Operation.id)),
            Operation.recue_le > maintenant - MONTRE_PENDANT,
        )
        .order_by(Operation.recue_le.desc(), Operation.id)
        .limit(PAGE)
    )
    return [
        Faite(
            quoi=acte(operation.genre),
            nom=_nom(personne, operation),
            personne_id=personne.id if personne else None,
            par=f"{prenom} {nom}".strip(),
            le=le,
        )
        for le, operation, prenom, nom, personne in session.execute(requete)
    ]


def _avec_auteur_et_dossier(requete: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Des lignes du journal, avec qui les a notées, et la personne de leur dossier s'il est connu."""
    return requete.join(
        Utilisateur,
        and_(Utilisateur.structure_id == Operation.structure_id, Utilisateur.id == Operation.utilisateur_id),
    ).outerjoin(Personne, and_(Personne.structure_id == Operation.structure_id, Personne.id == Operation.personne_id))


def _reprises(structure_id: str, colonne: Any = Operation.entite) -> Select[tuple[str]]:
    return select(colonne).where(
        Operation.structure_id == structure_id,
        Operation.genre == "reprendre_operation",
        Operation.statut == "applied",
    )


def _nom(personne: Personne | None, operation: Operation) -> str:
    champs = operation.champs
    if operation.genre in cahier.genres():
        return "Cahier d’équipe"
    if personne is not None:
        return nom_affiche({nom: getattr(personne, nom) for nom in ("nom", "prenom", "nom_usage", "pseudonymes")})
    return f"{champs.get('prenom') or ''} {champs.get('nom') or ''}".strip() or "Personne inconnue"


def _champs(operation: Operation, role: str) -> list[tuple[str, str]]:
    """Ce qui a été tapé, lisible : rien n'assure ici que chaque valeur ait la bonne forme."""
    connus, forme = catalogue(), forme_de(operation.genre)
    if operation.genre in cahier.genres():
        return _champs_de_feuille(operation) if role in CONTROLEURS else []
    return [
        (connus[nom].libelle if nom in connus else _LIBELLES.get(nom, nom), _en_mots(valeur_lisible(nom, valeur, role)))
        for nom, valeur in operation.champs.items()
        if valeur not in (None, "", []) and nom not in _TECHNIQUES and se_lit(nom, role, forme)
    ]


def _champs_de_feuille(operation: Operation) -> list[tuple[str, str]]:
    """Au chef de service seul, qui n'en lit pas ailleurs : sans cela elle serait perdue (docs/donnees.md)."""
    decrite = feuilles.charger()[cahier.genres()[operation.genre][1]]
    return [
        (champ["libelle"], _en_mots(operation.champs[champ["nom"]]))
        for champ in decrite["champs"]
        if champ["genre"] not in ("fiche", "position") and operation.champs.get(champ["nom"]) not in (None, "", [])
    ]


def _en_mots(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return valeur if isinstance(valeur, str) else json.dumps(valeur, ensure_ascii=False)
