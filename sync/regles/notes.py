"""La note personnelle a un terme : douze mois après qu'on l'a écrite ou changée, elle s'efface.

Le journal dit qu'elle l'a été, jamais ce qu'elle disait. Le téléphone de son auteur l'oublie à l'échange suivant.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.models import Entretien, NotePersonnelle, Operation, Personne, Utilisateur
from sync.operation import PROTOCOLE
from sync.sequence import reserver

MOIS = 12
GENRE = "echoir_note"


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
        session.add(_ligne(note, role, numero, maintenant))
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


def _ligne(note: NotePersonnelle, role: str, numero: int, maintenant: dt.datetime) -> Operation:
    identifiant = str(uuid7())
    return Operation(
        structure_id=note.structure_id,
        id=identifiant,
        genre=GENRE,
        entite=note.entretien_id,
        personne_id=note.personne_id,
        champs={},
        compteur=0,
        heure=maintenant,
        protocole=PROTOCOLE,
        empreinte=hashlib.sha256(identifiant.encode()).hexdigest(),
        statut="applied",
        sequence=numero,
        note_touchee=False,
        utilisateur_id=note.auteur_id,
        role=role,
        origine="bureau",
        tardive=False,
        recue_le=maintenant,
    )
