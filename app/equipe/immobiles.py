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
from app.equipe.lots import par_lots
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
    for requete in _bougees(structure_id, debut, dt.date.fromisoformat(jour)):
        suivies = _restantes(session, requete, suivies)
    return suivies


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
    return sorted(lus, key=lambda immobile: (immobile.depuis or "", cle(immobile.nom)))


def ranger(session: Session, structure_id: str, personnes: Collection[str]) -> list[str]:
    """Par nom : quand elles sont trop nombreuses pour les ranger par ancienneté, il faut bien les montrer."""
    colonnes = (Personne.id, Personne.nom, Personne.prenom)
    rangs = {
        identifiant: cle(f"{nom} {prenom}")
        for lot in par_lots(personnes)
        for identifiant, nom, prenom in session.execute(
            select(*colonnes).where(Personne.structure_id == structure_id, Personne.id.in_(lot))
        )
    }
    return sorted(rangs, key=lambda identifiant: (rangs[identifiant], identifiant))


@dataclass(frozen=True)
class _Bougees:
    """Où il s'est passé quelque chose. `par_jour` : un index les range par jour ; sinon, on lit celles qui restent."""

    requete: Any
    personne: Any
    par_jour: bool


def _restantes(session: Session, bougees: _Bougees, suivies: dict[str, str | None]) -> dict[str, str | None]:
    if bougees.par_jour:
        vues = set(session.scalars(bougees.requete.distinct()))
    else:
        lots = (bougees.requete.where(bougees.personne.in_(lot)) for lot in par_lots(suivies))
        vues = {personne for requete in lots for personne in session.scalars(requete)}
    return {personne: qui for personne, qui in suivies.items() if personne not in vues}


def _bougees(structure_id: str, debut: dt.date, fin: dt.date) -> list[_Bougees]:
    """Depuis ce jour, ce jour compris."""
    minuits = [dt.datetime.fromisoformat(instant_de(j.isoformat(), "00:00")) for j in (debut, fin + dt.timedelta(1))]

    def recente(colonne: Any) -> ColumnElement[bool]:
        return and_(colonne >= debut, colonne <= fin)

    def de(table: Any, par_jour: bool, *conditions: ColumnElement[bool]) -> _Bougees:
        requete = select(table.personne_id).where(table.structure_id == structure_id, *conditions)
        return _Bougees(requete, table.personne_id, par_jour)

    return [
        de(Entretien, True, recente(Entretien.date)),
        de(
            RendezVous,
            True,
            RendezVous.statut == "honore",
            RendezVous.debut >= minuits[0],
            RendezVous.debut < minuits[1],
        ),
        de(Mesure, False, or_(*(recente(getattr(Mesure, nom)) for nom in DATES_DE_MESURE))),
        de(Piece, False, Piece.forme.in_(sorted(charger())), Piece.retiree_le.is_(None), recente(Piece.jour)),
    ]


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
