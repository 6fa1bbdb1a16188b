"""Combien de fiches descendraient, sans les lire toutes : ce qui reste à recevoir."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from sqlalchemy import Table, false, func, or_, select
from sqlalchemy.orm import Session

from app.domain.formes import charger
from app.domain.piece import se_lit
from sync.etat import CONTROLE, DESACCORD, FICHES, PIECE
from sync.fiches import desaccord, piece
from sync.fiches.dossier import lire_fiches
from sync.fiches.lecture import Choix, Lecture
from sync.fiches.tombe import TOMBE
from sync.lecteur import Lecteur
from sync.operation import PROTOCOLE
from sync.versions import connait

# Les désaccords, peu nombreux et lus selon leur champ, se comptent en les lisant.
_COMPTEES = tuple(fiche for fiche in FICHES if fiche is not DESACCORD)


def compter_fiches(
    session: Session,
    choix: Choix,
    lecteur_id: str,
    role: str,
    protocole: int = PROTOCOLE,
    jour: dt.date | None = None,
) -> int:
    """Combien `lire_fiches` en rendrait, tombes exceptées."""
    lecteur = Lecteur(session, choix.structure_id, [*choix.entiers, *choix.partiels], lecteur_id, role, jour)
    # Les dossiers tenus d'un binôme sont peu nombreux, et ce qui s'y lit ne se compte qu'en le lisant.
    siens = _restreint(choix, lecteur.binomes.__contains__)
    lues = lire_fiches(session, siens, lecteur_id, role, protocole, jour) if lecteur.binomes else {}
    nombre: int = sum(fiche["type"] != TOMBE for fiches in lues.values() for fiche in fiches)
    autres = _restreint(choix, lambda personne: personne not in lecteur.binomes)
    avec_pieces = connait(protocole, "piece")
    for fiche in _COMPTEES:
        if connait(protocole, fiche.name):
            compte = _compte(fiche, role, avec_pieces)
            nombre += sum(lu for (lu,) in compte.lire(session, autres))
    desaccords = desaccord.lire(session, autres, lecteur_id, role) if connait(protocole, "desaccord") else []
    citees = desaccord.de_pieces(desaccords) if avec_pieces else set()
    dites = piece.lisibles(session, choix.structure_id, lecteur, citees)
    return nombre + sum(desaccord.se_lit(ligne, dites, lecteur) for ligne in desaccords)


def _restreint(choix: Choix, voulu: Callable[[str], bool]) -> Choix:
    entiers, partiels = (list(filter(voulu, dossiers)) for dossiers in (choix.entiers, choix.partiels))
    return replace(choix, entiers=entiers, partiels=partiels)


@cache
def _compte(fiche: Table, role: str, avec_pieces: bool) -> Lecture:
    """Le nombre de lignes d'une table, hors celles que ce rôle, ou cette version du protocole, ne reçoit pas."""
    lisibles = [code for code, decrite in charger().items() if avec_pieces and se_lit(decrite, role, None)]
    if len(lisibles) == len(charger()):
        return Lecture(fiche, func.count())
    lue = or_(false(), *(PIECE.c.forme == code for code in lisibles))
    if fiche is PIECE:
        return Lecture(fiche, func.count().filter(lue))
    if fiche is CONTROLE:
        la_sienne = (PIECE.c.structure_id == fiche.c.structure_id) & (PIECE.c.id == fiche.c.fiche_id)
        de_piece = select(PIECE.c.id).where(la_sienne, lue).exists()
        return Lecture(fiche, func.count().filter((fiche.c.fiche_type != "piece") | de_piece))
    return Lecture(fiche, func.count())
