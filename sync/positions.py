"""Effacer pour de bon la position d'une rencontre, huit jours après : de la feuille, de ses révisions, du journal.

Ce que dit la règle est dans app/domain/oubli.py ; les téléphones l'apprennent comme tout changement.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select, update
from sqlalchemy.orm import Session

from app.domain import dates
from app.domain.maraude import GARDE_POSITION_JOURS
from app.domain.oubli import POSITION, sans, sans_position
from app.models import Operation
from sync.etat import CAHIER, FEUILLE, table
from sync.fusion import jour_paris
from sync.sequence import reserver

_JOURNAL = table(Operation)
_RENCONTRES = ("noter_rencontre", "modifier_rencontre")


def oublier_les_positions(session: Session, structure_id: str, maintenant: dt.datetime) -> int:
    """Dans la transaction d'écriture ouverte ; rend combien de feuilles en gardaient une.

    Notée, ou reçue : un téléphone dont l'horloge avance ne la garde pas plus longtemps.
    """
    jour = dates.ajouter_jours(jour_paris(maintenant).isoformat(), -GARDE_POSITION_JOURS)
    limite = dt.datetime.fromisoformat(dates.instant_de(jour, "00:00"))
    f, numero, effacees = FEUILLE.c, 0, 0
    requete = select(f.id, f.cahier_id, f.valeurs, f.revisions).where(
        f.structure_id == structure_id,
        f.forme == "rencontre",
        or_(f.note_le < limite, f.cree_le < limite),
        or_(_cite(f.valeurs), _cite(f.revisions)),
    )
    for identifiant, cahier_id, valeurs, revisions in session.execute(requete).all():
        propre = sans_position({"valeurs": valeurs, "revisions": revisions})
        numero = numero or reserver(session, structure_id, 1)
        effacees += 1
        _changer(session, FEUILLE, structure_id, identifiant, {**propre, "sequence": numero})
        _changer(session, CAHIER, structure_id, cahier_id, {"sequence_cahier": numero})
    _oublier_au_journal(session, structure_id, limite)
    return effacees


def _oublier_au_journal(session: Session, structure_id: str, limite: dt.datetime) -> None:
    """Refusée aussi : ce qui n'est jamais entré au cahier n'y a pas de feuille."""
    j = _JOURNAL.c
    requete = select(j.id, j.champs).where(
        j.structure_id == structure_id,
        j.genre.in_(_RENCONTRES),
        or_(j.heure < limite, j.recue_le < limite),
        _cite(j.champs),
    )
    for identifiant, champs in session.execute(requete).all():
        _changer(session, _JOURNAL, structure_id, identifiant, {"champs": sans(champs)})


def _cite(donnees: ColumnElement[Any]) -> ColumnElement[bool]:
    """Comme clé : citée dans un texte, ses guillemets y sont échappés."""
    return cast(donnees, Text).contains(f'"{POSITION}":')


def _changer(session: Session, cible: Any, structure_id: str, identifiant: str, valeurs: dict[str, Any]) -> None:
    session.execute(
        update(cible).where(cible.c.structure_id == structure_id, cible.c.id == identifiant).values(valeurs)
    )
