"""Le point du mois : par convention, qui était là, qui est entré, qui est sorti, qui reste ; et les noms derrière.

Les définitions sont celles des rapports (`app/domain/indicateurs/flux.py`), sur un mois.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.dates import ajouter_jours, ajouter_mois
from app.domain.francais import date_chiffree, de, mois_long, quantieme
from app.domain.indicateurs.flux import accompagnee, entree, sortie, suivie_fin
from app.domain.indicateurs.periode import Periode
from app.domain.masque import masquer
from app.domain.mesure import convention_au, nom_court
from app.domain.recherche import cle
from app.domain.sortant import motif_sortant
from app.equipe.files_actives import noms_de
from app.equipe.lieux_masques import actuels
from app.models import Mesure


@dataclass(frozen=True)
class Fait:
    """Ce que les définitions lisent d'une mesure, et ce que la liste en dit."""

    personne_id: str
    convention: str
    orientee_le: dt.date | None
    entree_le: dt.date | None
    sortie_le: dt.date | None
    sortie_motif: str | None
    prescripteur: str | None


@dataclass(frozen=True)
class Compte:
    """Une convention sur le mois ; présentes, plus entrées, font sorties, plus suivies à la fin."""

    code: str
    nom: str
    presentes: int
    entrees: int
    sorties: int
    suivies: int
    orientees: int


@dataclass(frozen=True)
class Passage:
    """Quelqu'un qui entre, ou qui sort. `sortant` : ce que la feuille en dit, quand elle en dit moins que l'écran."""

    personne_id: str
    nom: str
    convention: str
    jour: dt.date
    quoi: str
    sortant: str


@dataclass(frozen=True)
class Point:
    mois: str
    fini: bool
    comptes: list[Compte]
    entrees: list[Passage]
    sorties: list[Passage]

    @property
    def libelle(self) -> str:
        return mois_long(self.mois)

    @property
    def titre(self) -> str:
        """« Point d’octobre 2026 »."""
        return f"Point {de(self.libelle)}"


def periode_de(mois: str) -> Periode:
    """`mois` : « 2026-11 » ; `ValueError` si ce n'en est pas un que les rapports connaissent."""
    premier = dt.date.fromisoformat(f"{mois}-01")
    dernier = ajouter_jours(ajouter_mois(premier.isoformat(), 1), -1)
    return Periode(premier, dt.date.fromisoformat(dernier))


def lire(session: Session, structure_id: str, mois: str, conventions: Sequence[dict[str, Any]], jour: str) -> Point:
    """`jour` : aujourd'hui. Un mois qui court se compte jusqu'à son dernier jour, comme dans les rapports."""
    periode = periode_de(mois)
    faits = _faits(session, structure_id, periode)
    comptes = [_compte(code, faits, periode, conventions, jour) for code in sorted({f.convention for f in faits})]
    noms = {compte.code: compte.nom for compte in comptes}
    return Point(
        mois,
        periode.dernier_jour.isoformat() < jour,
        [c for c in comptes if c.presentes or c.entrees or c.sorties or c.orientees],
        _passages(session, structure_id, [f for f in faits if entree(f, periode)], noms, "entree_le"),
        _passages(session, structure_id, [f for f in faits if sortie(f, periode)], noms, "sortie_le"),
    )


def _faits(session: Session, structure_id: str, periode: Periode) -> list[Fait]:
    """Les mesures que la période peut compter : ni finies avant, ni commencées après."""
    colonnes = (Mesure.personne_id, Mesure.convention, Mesure.orientee_le, Mesure.entree_le, Mesure.sortie_le)
    requete = select(*colonnes, Mesure.sortie_motif, Mesure.prescripteur).where(
        Mesure.structure_id == structure_id,
        or_(Mesure.sortie_le.is_(None), Mesure.sortie_le >= periode.premier_jour),
        or_(Mesure.entree_le <= periode.dernier_jour, Mesure.orientee_le <= periode.dernier_jour),
    )
    return [Fait(*ligne) for ligne in session.execute(requete)]


def _compte(
    code: str, faits: Sequence[Fait], periode: Periode, conventions: Sequence[dict[str, Any]], jour: str
) -> Compte:
    siens = [fait for fait in faits if fait.convention == code]
    accompagnees = sum(1 for fait in siens if accompagnee(fait, periode))
    entrees = sum(1 for fait in siens if entree(fait, periode))
    return Compte(
        code,
        nom_court(convention_au(conventions, code, jour) or {"code": code}),
        accompagnees - entrees,
        entrees,
        sum(1 for fait in siens if sortie(fait, periode)),
        sum(1 for fait in siens if suivie_fin(fait, periode)),
        sum(1 for fait in siens if fait.orientee_le and periode.contient(fait.orientee_le)),
    )


def _passages(
    session: Session, structure_id: str, faits: Sequence[Fait], noms: dict[str, str], date: str
) -> list[Passage]:
    """Dans l'ordre des jours ; ce qui les explique : le prescripteur d'une entrée, le motif d'une sortie."""
    connues = noms_de(session, structure_id, sorted({fait.personne_id for fait in faits}))
    personnes = {connue["id"]: connue["nom"] for connue in connues}
    masques = actuels(session, structure_id)

    def quoi(fait: Fait, *, sortant: bool) -> str:
        if date == "entree_le":
            return masquer(fait.prescripteur, masques) or ""
        if not fait.sortie_motif:
            return "sans motif"
        motif = motif_sortant(fait.sortie_motif) if sortant else fait.sortie_motif
        return nomenclatures.libelle("motif_sortie", motif)

    passages = [
        Passage(
            fait.personne_id,
            personnes[fait.personne_id],
            noms[fait.convention],
            getattr(fait, date),
            quoi(fait, sortant=False),
            quoi(fait, sortant=True),
        )
        for fait in faits
    ]
    return sorted(passages, key=lambda passage: (passage.jour, cle(passage.nom)))


def feuille(point: Point, structure: str, jour: str) -> dict[str, Any]:
    """Le papier à remettre : les comptes, puis les noms, sans motif réservé (`app/papiers/papier.py`)."""
    comptes = [[c.nom, *map(str, (c.presentes, c.entrees, c.sorties, c.suivies, c.orientees))] for c in point.comptes]
    entetes = ["Convention", "Au début", "Entrées", "Sorties", "À la fin", "Orientées"]
    blocs: list[dict[str, Any]] = [
        {"genre": "tableau", "entetes": entetes, "lignes": comptes, "largeurs": [4, 2, 2, 2, 2, 2]}
    ]
    for titre, passages, suite in (
        ("Entrées", point.entrees, "Prescripteur"),
        ("Sorties", point.sorties, "Motif"),
    ):
        lignes = [[p.nom, p.convention, date_chiffree(p.jour.isoformat()), p.sortant] for p in passages]
        if lignes:
            tableau = {"genre": "tableau", "entetes": ["Personne", "Convention", "Le", suite], "lignes": lignes}
            blocs += [{"genre": "titre", "texte": titre}, tableau | {"largeurs": [3, 3, 2, 4]}]
    return {
        "titre": point.titre,
        "langue": "fr",
        "fichier": "point",
        "emetteur": {"nom": structure},
        "lieu_date": f"Le {quantieme(jour)}",
        "blocs": blocs,
    }
