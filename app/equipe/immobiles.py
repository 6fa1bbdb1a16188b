"""Les dossiers suivis qui n'ont pas bougé depuis N jours (`app/domain/mouvement.py`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.dates import instant, instant_de, jours_entre
from app.domain.formes import charger
from app.domain.mouvement import DATES_DE_MESURE, dernier_mouvement
from app.domain.recherche import cle
from app.equipe.files_actives import nom_de
from app.equipe.suivis import mesures_suivies
from app.models import Entretien, Mesure, Personne, Piece, RendezVous

JOURS = (30, 60, 90, 180)
DEFAUT = 60
PAGE = 50
# Au-delà, lire le dernier mouvement de chacune pour les ranger serait trop long.
RANGEES = 300

Fiche = dict[str, Any]


@dataclass(frozen=True)
class Immobile:
    """`depuis` : le jour du dernier mouvement ; vide, rien n'a encore eu lieu."""

    personne_id: str
    nom: str
    referent_id: str | None
    depuis: str | None
    jours: int | None


def chercher(
    session: Session, structure_id: str, jour: str, jours: int, referent_id: str | None = None
) -> dict[str, str | None]:
    """Les personnes d'une mesure ouverte sans mouvement depuis plus de `jours` jours, et qui les suit."""
    suivies = {
        suivie.personne_id: suivie.referent_id
        for suivie in mesures_suivies(session, structure_id, jour)
        if referent_id in (None, suivie.referent_id)
    }
    if not suivies:
        return {}
    debut = dt.date.fromisoformat(jour) - dt.timedelta(days=jours)
    bougees = _bougees(session, structure_id, debut, dt.date.fromisoformat(jour))
    return {personne: qui for personne, qui in suivies.items() if personne not in bougees}


def lire(session: Session, structure_id: str, jour: str, trouvees: dict[str, str | None]) -> list[Immobile]:
    """Les mêmes, avec leur nom et leur dernier mouvement ; celles qui attendent depuis le plus longtemps d'abord."""
    depuis = _derniers(session, structure_id, trouvees, jour)
    personnes = session.scalars(
        select(Personne).where(Personne.structure_id == structure_id, Personne.id.in_(sorted(trouvees)))
    )
    lus = [
        Immobile(
            personne.id,
            nom_de(personne),
            trouvees[personne.id],
            depuis[personne.id],
            jours_entre(vu, jour) if (vu := depuis[personne.id]) else None,
        )
        for personne in personnes
    ]
    return sorted(lus, key=lambda immobile: (immobile.depuis or "", immobile.nom))


def ranger(session: Session, structure_id: str, personnes: Collection[str]) -> list[str]:
    """Par nom : quand elles sont trop nombreuses pour les ranger par ancienneté, il faut bien les montrer."""
    connues = session.execute(
        select(Personne.id, Personne.nom, Personne.prenom).where(Personne.structure_id == structure_id)
    )
    rangs = {identifiant: cle(f"{nom} {prenom}") for identifiant, nom, prenom in connues if identifiant in personnes}
    return sorted(rangs, key=lambda identifiant: (rangs[identifiant], identifiant))


def _bougees(session: Session, structure_id: str, debut: dt.date, fin: dt.date) -> set[str]:
    """Celles où il s'est passé quelque chose depuis ce jour, ce jour compris."""
    minuits = [dt.datetime.fromisoformat(instant_de(j.isoformat(), "00:00")) for j in (debut, fin + dt.timedelta(1))]

    def recente(colonne: Any) -> ColumnElement[bool]:
        return and_(colonne >= debut, colonne <= fin)

    requetes = (
        select(Entretien.personne_id).where(Entretien.structure_id == structure_id, recente(Entretien.date)),
        select(RendezVous.personne_id).where(
            RendezVous.structure_id == structure_id,
            RendezVous.statut == "honore",
            RendezVous.debut >= minuits[0],
            RendezVous.debut < minuits[1],
        ),
        select(Piece.personne_id).where(
            Piece.structure_id == structure_id,
            Piece.forme.in_(sorted(charger())),
            Piece.retiree_le.is_(None),
            recente(Piece.jour),
        ),
        select(Mesure.personne_id).where(
            Mesure.structure_id == structure_id, or_(*(recente(getattr(Mesure, nom)) for nom in DATES_DE_MESURE))
        ),
    )
    return {personne for requete in requetes for personne in session.scalars(requete.distinct())}


def _derniers(session: Session, structure_id: str, personnes: Collection[str], jour: str) -> dict[str, str | None]:
    """Le dernier mouvement de chacune, d'après ce que la règle en lit et rien de plus."""
    ids = sorted(personnes)
    dossiers: dict[str, dict[str, list[Fiche]]] = defaultdict(
        lambda: {"entretiens": [], "rendez_vous": [], "pieces": [], "mesures": []}
    )

    def de(table: Any, *colonnes: Any) -> Any:
        return session.execute(
            select(table.personne_id, *colonnes).where(table.structure_id == structure_id, table.personne_id.in_(ids))
        )

    for personne, date in de(Entretien, Entretien.date):
        dossiers[personne]["entretiens"].append({"date": date.isoformat()})
    for personne, debut, statut in de(RendezVous, RendezVous.debut, RendezVous.statut):
        dossiers[personne]["rendez_vous"].append({"debut": instant(debut), "statut": statut})
    for personne, forme, valeurs, retiree in de(Piece, Piece.forme, Piece.valeurs, Piece.retiree_le):
        dossiers[personne]["pieces"].append({"forme": forme, "valeurs": valeurs, "retiree_le": retiree})
    for personne, *dates in de(Mesure, *(getattr(Mesure, nom) for nom in DATES_DE_MESURE)):
        lues = {nom: date and date.isoformat() for nom, date in zip(DATES_DE_MESURE, dates, strict=True)}
        dossiers[personne]["mesures"].append(lues)
    return {personne: dernier_mouvement(dossiers[personne], jour) for personne in ids}
