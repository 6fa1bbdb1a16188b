"""La note personnelle a un terme : douze mois après qu'on l'a écrite ou changée, elle s'efface.

Le journal dit qu'elle l'a été, jamais ce qu'elle disait. Le téléphone de son auteur l'oublie à l'échange suivant.

Quand le dossier passe à quelqu'un d'autre, son auteur choisit : la transmettre, ou l'effacer (`sync/notes.py`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.models import Entretien, NotePersonnelle, Operation, Personne, Utilisateur
from sync import notes
from sync.acteur import Acteur
from sync.champs import Forme
from sync.etat import ENTRETIEN, PERSONNE, Ligne
from sync.operation import PROTOCOLE
from sync.operation import Operation as Recue
from sync.regles.regle import AUTRE_DOSSIER, CONTROLEURS, TERRAIN, Contexte, Regle, Retenue, refuser
from sync.sequence import reserver

MOIS = 12
GENRE = "echoir_note"
LUE = "lire_note"
A_SON_AUTEUR = "Cette note est à son auteur, qui a encore à choisir."


def terme(maintenant: dt.datetime) -> dt.datetime:
    """Une note plus ancienne que cet instant a fait son temps."""
    annee = maintenant.year - MOIS // 12
    jour = 28 if (maintenant.month, maintenant.day) == (2, 29) else maintenant.day
    return maintenant.replace(year=annee, day=jour)


def echoir(session: Session, structure_id: str, maintenant: dt.datetime) -> int:
    """Efface les notes arrivées à leur terme, dans la transaction d'écriture ouverte ; rend leur nombre."""
    echues = _echues(session, structure_id, maintenant)
    if not echues:
        return 0
    version = reserver(session, structure_id, len(echues))
    for rang, (note, role) in enumerate(echues):
        numero = version + rang
        for modele, cle, valeurs in (
            (Entretien, note.entretien_id, {"sequence": numero}),
            (Personne, note.personne_id, {"sequence_dossier": numero}),
        ):
            session.execute(
                update(modele)
                .where(modele.structure_id == structure_id, modele.id == cle)
                .values(**valeurs)
                .execution_options(synchronize_session=False)
            )
        de_son_auteur = Acteur(structure_id, note.auteur_id, role, None, maintenant)
        session.add(_ligne(de_son_auteur, GENRE, note.entretien_id, note.personne_id, numero))
    session.execute(
        delete(NotePersonnelle)
        .where(
            NotePersonnelle.structure_id == structure_id,
            NotePersonnelle.entretien_id.in_([note.entretien_id for note, _ in echues]),
        )
        .execution_options(synchronize_session=False)
    )
    return len(echues)


def _echues(session: Session, structure_id: str, maintenant: dt.datetime) -> Sequence[tuple[NotePersonnelle, str]]:
    requete = (
        select(NotePersonnelle, Utilisateur.role)
        .join(
            Utilisateur,
            and_(
                Utilisateur.structure_id == NotePersonnelle.structure_id,
                Utilisateur.id == NotePersonnelle.auteur_id,
            ),
        )
        .where(NotePersonnelle.structure_id == structure_id, NotePersonnelle.modifiee_le <= terme(maintenant))
        .order_by(NotePersonnelle.entretien_id)
    )
    return [(note, role) for note, role in session.execute(requete)]


def noter_lecture(session: Session, acteur: Acteur, note: notes.Note) -> None:
    """Le chef de service lit une note restée sans choix : le journal du dossier le dit, sans ce qu'elle dit.

    Dans la transaction d'écriture ouverte ; lue deux fois, elle l'est.
    """
    if note.entretien not in lues(session, acteur, [note.entretien]):
        numero = reserver(session, acteur.structure_id, 1)
        session.add(_ligne(acteur, LUE, note.entretien, note.personne, numero))


def lues(session: Session, acteur: Acteur, entretiens: Collection[str]) -> set[str]:
    """Les entretiens dont cette personne a lu la note telle qu'elle est, d'après le journal."""
    requete = (
        select(Operation.entite)
        .join(
            NotePersonnelle,
            and_(
                NotePersonnelle.structure_id == Operation.structure_id,
                NotePersonnelle.entretien_id == Operation.entite,
                NotePersonnelle.modifiee_le <= Operation.recue_le,
            ),
        )
        .where(
            Operation.structure_id == acteur.structure_id,
            Operation.entite.in_(sorted(entretiens)),
            Operation.genre == LUE,
            Operation.utilisateur_id == acteur.utilisateur_id,
        )
    )
    return set(session.scalars(requete))


def _ligne(acteur: Acteur, genre: str, entretien_id: str, personne_id: str, numero: int) -> Operation:
    identifiant = str(uuid7())
    return Operation(
        structure_id=acteur.structure_id,
        id=identifiant,
        genre=genre,
        entite=entretien_id,
        personne_id=personne_id,
        champs={},
        compteur=0,
        heure=acteur.maintenant,
        protocole=PROTOCOLE,
        empreinte=hashlib.sha256(identifiant.encode()).hexdigest(),
        statut="applied",
        sequence=numero,
        note_touchee=False,
        utilisateur_id=acteur.utilisateur_id,
        role=acteur.role,
        origine="bureau",
        tardive=False,
        recue_le=acteur.maintenant,
    )


def transmettre(contexte: Contexte, operation: Recue, valeurs: dict[str, Any]) -> None:
    """Elle reste une note, que lit désormais qui suit le dossier ; redit, rien ne change."""
    note = _a_decider(contexte, operation)
    if note is None:
        raise refuser("entite", "Cette note n’existe plus\u202f: elle a été effacée.")
    if note["transmise_le"] is None:
        contexte.etat.dater(NotePersonnelle, **{**note, "transmise_le": contexte.acteur.maintenant})
    contexte.etat.changer(ENTRETIEN, operation.entite, sequence=contexte.version)


def effacer(contexte: Contexte, operation: Recue, valeurs: dict[str, Any]) -> None:
    """Effacée deux fois, elle l'est : deux appareils y ont pensé."""
    if _a_decider(contexte, operation) is not None:
        contexte.etat.effacer_note(operation.entite)
    contexte.etat.changer(ENTRETIEN, operation.entite, sequence=contexte.version)


def _a_decider(contexte: Contexte, operation: Recue) -> Ligne | None:
    """La note, si l'acteur peut en décider : son auteur toujours, qu'il ait encore le dossier ou non."""
    if contexte.etat.lire(PERSONNE, operation.personne) is None:
        raise Retenue("personne")
    entretien = contexte.etat.lire(ENTRETIEN, operation.entite)
    if entretien is None:
        raise Retenue("entite")
    if entretien["personne_id"] != operation.personne:
        raise refuser("entite", AUTRE_DOSSIER)
    note, acteur = contexte.etat.ligne_de_la_note(operation.entite), contexte.acteur
    if entretien["auteur_id"] == acteur.utilisateur_id:
        return note
    if acteur.role not in CONTROLEURS or acteur.revoque:
        raise refuser("entite", "Seul l’auteur de cette note en décide.")
    if note is not None:
        _verifier_le_chef(contexte, note)
    return note


def _verifier_le_chef(contexte: Contexte, note: Ligne) -> None:
    """Ce que l'auteur n'a pas décidé à temps, et cela seulement."""
    if note["transmise_le"] is not None:
        raise refuser("entite", "Cette note a été transmise\u202f: il n’y a plus à choisir.")
    etat, jour = contexte.etat, contexte.aujourd_hui
    limite = notes.limite(etat.session, etat.structure_id, note["auteur_id"], note["personne_id"], jour)
    if limite is None or jour <= limite:
        raise refuser("entite", A_SON_AUTEUR)


@cache
def formes() -> Mapping[str, Forme]:
    return {}


GENRES = {
    "transmettre_note": Regle(transmettre, formes, TERRAIN, "entretien"),
    "effacer_note": Regle(effacer, formes, TERRAIN, "entretien"),
}
