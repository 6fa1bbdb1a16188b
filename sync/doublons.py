"""Deux dossiers qui se ressemblent, regardés, et qui sont à deux personnes : le bureau le retient."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DoublonEcarte

Paire = tuple[str, str]


def en_ordre(un: str, autre: str) -> Paire:
    """La même paire, dans quelque ordre qu'on la nomme."""
    return (un, autre) if un < autre else (autre, un)


def ecarter(session: Session, structure_id: str, paire: Paire, raison: str, par_id: str, le: dt.datetime) -> None:
    premiere, seconde = en_ordre(*paire)
    session.merge(
        DoublonEcarte(
            structure_id=structure_id, personne_id=premiere, autre_id=seconde, raison=raison[:200], par_id=par_id, le=le
        )
    )
    session.flush()


def remettre(session: Session, structure_id: str, paire: Paire) -> None:
    ecartee = session.get(DoublonEcarte, (structure_id, *en_ordre(*paire)))
    if ecartee is not None:
        session.delete(ecartee)
        session.flush()


def ecartes(session: Session, structure_id: str) -> dict[Paire, str]:
    """Par paire, ce qui la rapprochait quand on l'a écartée."""
    lues = session.execute(
        select(DoublonEcarte.personne_id, DoublonEcarte.autre_id, DoublonEcarte.raison).where(
            DoublonEcarte.structure_id == structure_id
        )
    )
    return {(premiere, seconde): raison for premiere, seconde, raison in lues}
