"""Effacer pour de bon ce qu'un cahier ne garde pas au-delà de douze mois : des feuilles, du journal, des dossiers.

Ce que dit la règle est dans app/domain/oubli.py ; les téléphones reçoivent les feuilles effacées comme tout changement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, select, update
from sqlalchemy.orm import Session

from app.domain import dates
from app.domain.cahier import genres
from app.domain.maraude import GARDE_MOIS
from app.domain.oubli import sans_noms
from app.domain.personne import Fiche
from app.models import Operation
from sync.etat import CAHIER, FEUILLE, PERSONNE, RATTACHEMENT, table
from sync.fiches import lire_cahiers
from sync.fusion import jour_paris
from sync.rattachements import suivre
from sync.sequence import reserver

_EFFACES = ("valeurs", "revisions", "retrait_motif")
_JOURNAL = table(Operation)
_RATTACHER = "rattacher_rencontres"
_GENRES = sorted([_RATTACHER, *genres()])
# Une base borne ce qu'une instruction peut citer.
_LOT = 500


def oublier_les_cahiers(session: Session, structure_id: str, maintenant: dt.datetime) -> int:
    """Dans la transaction d'écriture ouverte ; rend combien de feuilles et de copies ont été effacées."""
    jour = jour_paris(maintenant)
    limite = dates.ajouter_mois(jour.isoformat(), -GARDE_MOIS)
    numero, effacees, perdus = 0, 0, set[str]()
    for cahier_id in _anciens(session, structure_id, limite):
        cahier = lire_cahiers(session, structure_id, [cahier_id])[cahier_id]
        oubliees = _oubliees(cahier, jour.isoformat())
        if changees := [apres for avant, apres in oubliees if any(avant[nom] != apres[nom] for nom in _EFFACES)]:
            numero = numero or reserver(session, structure_id, 1)
            _ecrire(session, structure_id, cahier_id, changees, numero)
            effacees += len(changees)
        _oublier_ce_qui_s_en_disait(session, structure_id, cahier_id, {apres["id"] for _, apres in oubliees})
        perdus |= {apres["id"] for _, apres in oubliees if apres["forme"] == "connu"}
    _oublier_les_liens(session, structure_id, perdus)
    _oublier_les_refus(session, structure_id, limite)
    tenus = select(RATTACHEMENT.c.cahier_id).where(
        RATTACHEMENT.c.structure_id == structure_id, RATTACHEMENT.c.fin_le.is_(None)
    )
    if restants := set(session.scalars(tenus)):
        effacees += suivre(session, structure_id, restants, numero or reserver(session, structure_id, 1), jour)
    return effacees


def _anciens(session: Session, structure_id: str, limite: str) -> Sequence[str]:
    """Ceux où une feuille est arrivée avant cette limite : des autres, rien ne s'efface encore."""
    recue = FEUILLE.c.cree_le < dt.datetime.fromisoformat(dates.instant_de(limite, "00:00"))
    requete = select(FEUILLE.c.cahier_id).where(FEUILLE.c.structure_id == structure_id, recue).distinct()
    return session.scalars(requete.order_by(FEUILLE.c.cahier_id)).all()


def _oubliees(cahier: Fiche, jour: str) -> list[tuple[Fiche, Fiche]]:
    """Ce qu'en sait la base, et ce qui doit en rester."""
    paires = zip(cahier["feuilles"], sans_noms(cahier, jour)["feuilles"], strict=True)
    return [(avant, apres) for avant, apres in paires if apres is not avant]


def _ecrire(session: Session, structure_id: str, cahier_id: str, feuilles: list[Fiche], numero: int) -> None:
    for feuille in feuilles:
        retiree = feuille["retiree_le"]
        valeurs: dict[str, Any] = {
            "valeurs": feuille["valeurs"],
            "revisions": [],
            "retiree_le": dt.datetime.fromisoformat(retiree) if retiree else None,
            "retrait_motif": feuille["retrait_motif"],
            "sequence": numero,
        }
        _changer(session, FEUILLE, structure_id, feuille["id"], valeurs)
    _oublier_les_rattachements(session, structure_id, [f["id"] for f in feuilles if f["forme"] == "connu"], numero)
    _changer(session, CAHIER, structure_id, cahier_id, {"sequence_cahier": numero})


def _oublier_les_rattachements(session: Session, structure_id: str, connus: Collection[str], numero: int) -> None:
    """Sans nom au cahier, la ligne dirait encore de qui sont des rencontres qui ne nomment plus personne."""
    siens = and_(RATTACHEMENT.c.structure_id == structure_id, RATTACHEMENT.c.connu_id.in_(sorted(connus)))
    lus = session.execute(select(RATTACHEMENT.c.id, RATTACHEMENT.c.personne_id).where(siens)).all()
    if not lus:
        return
    session.execute(RATTACHEMENT.delete().where(siens))
    _oublier_au_journal(session, structure_id, [identifiant for identifiant, _ in lus])
    for personne_id in {personne for _, personne in lus}:
        _changer(session, PERSONNE, structure_id, personne_id, {"sequence": numero, "sequence_dossier": numero})


def _oublier_ce_qui_s_en_disait(session: Session, structure_id: str, cahier_id: str, feuilles: Collection[str]) -> None:
    """Même arrivé après, et sans rien changer : le motif d'un second retrait, une modification refusée."""
    if not feuilles:
        return
    dits = select(_JOURNAL.c.entite).where(
        _JOURNAL.c.structure_id == structure_id, _JOURNAL.c.personne_id == cahier_id, _non_vide()
    )
    _oublier_au_journal(session, structure_id, set(session.scalars(dits)).intersection(feuilles))


def _oublier_les_liens(session: Session, structure_id: str, connus: Collection[str]) -> None:
    """Un rattachement refusé n'a pas de ligne ; il dirait encore de quel dossier on a approché ce nom."""
    if not connus:
        return
    tentes = select(_JOURNAL.c.entite, _JOURNAL.c.champs).where(
        _JOURNAL.c.structure_id == structure_id, _JOURNAL.c.genre == _RATTACHER, _non_vide()
    )
    lus = session.execute(tentes)
    _oublier_au_journal(session, structure_id, {entite for entite, dits in lus if dits.get("connu_id") in connus})


def _non_vide() -> ColumnElement[bool]:
    return cast(_JOURNAL.c.champs, Text) != "{}"


def _oublier_au_journal(session: Session, structure_id: str, entites: Collection[str]) -> None:
    """Qui, quand et quel geste y restent ; ce qui était dit, non."""
    cherchees = sorted(entites)
    for debut in range(0, len(cherchees), _LOT):
        session.execute(
            update(_JOURNAL)
            .where(_JOURNAL.c.structure_id == structure_id, _JOURNAL.c.entite.in_(cherchees[debut : debut + _LOT]))
            .values(champs={})
        )


def _oublier_les_refus(session: Session, structure_id: str, limite: str) -> None:
    """Ce qui n'est jamais entré au cahier n'y a pas de feuille à oublier."""
    debut = dt.datetime.combine(dt.date.fromisoformat(limite), dt.time(), dt.UTC)
    session.execute(
        update(_JOURNAL)
        .where(
            _JOURNAL.c.structure_id == structure_id,
            _JOURNAL.c.genre.in_(_GENRES),
            _JOURNAL.c.recue_le < debut,
            _JOURNAL.c.statut == "refused",
        )
        .values(champs={})
    )


def _changer(session: Session, cible: Any, structure_id: str, identifiant: str, valeurs: dict[str, Any]) -> None:
    session.execute(
        update(cible).where(cible.c.structure_id == structure_id, cible.c.id == identifiant).values(valeurs)
    )
