"""Le rythme que la convention demande : rencontres physiques, entretiens, heures par semaine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from app.domain.echeance.cadence import cadence_en_mots
from app.domain.echeance.faits import SANS_FIN
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import conformite as definition
from app.rapports import contacts
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, FaitPiece, Faits
from app.rapports.listes import DesMesures, DesPieces
from app.rapports.regles import Regles
from app.rapports.selection import Selection
from app.rapports.tableau import Cellule, Ligne


def rendez_vous(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    total = regles.dans("rendez_vous_physiques", "total", None)
    if total is None:
        return
    sorties = faits.retenues("sorties")
    tenus = contacts.physiques(faits, sorties)
    au_complet = [m for m in sorties if tenus.get(m.id, 0) >= int(total)]
    yield ligne_faite("rendez_vous_tenus", sorties, au_complet, libelle=f"{total} rendez-vous physiques")


def cadence(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    """Chaque mesure d'après le rythme que sa convention demandait ces jours-là."""
    rythmes = {version.code: regles.au_fil(version.code, "cadence") for version in regles.versions}
    if not any(rythme for fil in rythmes.values() for _, _, rythme in fil):
        return
    dernier = min(demande.periode.dernier_jour, demande.aujourd_hui)
    suspensions, tenus = faits.pieces_de_la_periode("suspension"), contacts.entretiens(faits)
    attendus = [
        (
            m,
            dus(
                rythmes[m.convention],
                max(m.entree_le, demande.periode.premier_jour),
                # Le jour de la sortie n'est plus dû.
                min(dernier, m.sortie_le - timedelta(1)) if m.sortie_le else dernier,
                list(_du_au(suspensions.get(m.id, ()), "du", "au")),
            ),
        )
        for m in faits.retenues("accompagnees")
        if m.entree_le is not None
    ]
    base = [m for m, nombre in attendus if nombre]
    respectees = [m for m, nombre in attendus if nombre and tenus.get(m.id, 0) >= nombre]
    dits = {
        cadence_en_mots(rythme)
        for fil in rythmes.values()
        for du, au, rythme in fil
        if rythme and du <= demande.periode.dernier_jour and au >= demande.periode.premier_jour
    }
    if not dits:
        return
    libelle = catalogue.nom("cadence_respectee")
    if len(dits) == 1:
        libelle += f"\u202f: {dits.pop()}"
    yield ligne_faite("cadence_respectee", base, respectees, libelle=libelle)


def dus(fil: list[tuple[date, date, Any]], debut: date, fin: date, suspensions: list[tuple[date, date]]) -> int:
    """Les entretiens dus de `debut` à `fin`, chaque rythme pour ses jours."""
    return sum(
        definition.periodes_dues(max(debut, du), min(fin, au), rythme, suspensions)
        for du, au, rythme in fil
        if rythme and du <= fin and au >= debut
    )


def semaines(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    voulues = regles.valeur("activite_minutes")
    if voulues is None:
        return
    jugees = _jugees(faits, demande, int(voulues))
    completes = [fiches[-1] for fiches, tenue in jugees if tenue]
    restantes = [fiches[-1] for fiches, tenue in jugees if not tenue]
    notees = [fiches[-1] for fiches, _ in jugees]
    yield Ligne(
        "semaines_au_complet",
        f"Semaines à {int(voulues) // 60} heures et plus",
        (
            Cellule.compte(DesPieces(completes, "Au volume demandé"), len(notees)),
            Cellule.compte(DesPieces(restantes, "En dessous")),
            Cellule.compte(DesPieces(notees, "Semaine d’activité")),
        ),
        indicateur="semaines_au_complet",
    )


def _jugees(faits: Faits, demande: Demande, voulues: int) -> list[tuple[list[FaitPiece], bool]]:
    """Les fiches de chaque semaine notée qui était demandée, et si leurs heures ensemble suffisent."""
    suspensions = faits.pieces_de_la_periode("suspension")
    amenagements, contrats = faits.pieces_de_la_periode("amenagement"), faits.pieces_de_la_periode("contrat")
    entrees = {mesure.id: mesure.entree_le for mesure in faits.mesures}
    jugees = []
    for mesure, pieces in faits.pieces_de_la_periode("semaine").items():
        par_lundi: dict[date, list[FaitPiece]] = defaultdict(list)
        for piece in pieces:
            if demande.periode.contient(piece.jour):
                par_lundi[piece.jour].append(piece)
        reductions = [
            *_avec_minutes(amenagements.get(mesure, ()), "du", "au", "minutes"),
            *_avec_minutes(contrats.get(mesure, ()), "debut", "fin", "activite_minutes"),
        ]
        entree_le, arrets = entrees.get(mesure), list(_du_au(suspensions.get(mesure, ()), "du", "au"))
        for lundi, fiches in par_lundi.items():
            dimanche = lundi + timedelta(6)
            demandees = definition.minutes_demandees(voulues, lundi, reductions)
            suspendue = any(du <= dimanche and au >= lundi for du, au in arrets)
            if entree_le is None or lundi < entree_le or suspendue or not demandees:
                continue
            jugees.append((fiches, sum(map(_minutes, fiches)) >= demandees))
    return jugees


def ligne_faite(
    code: str, base: list[FaitMesure], faites: list[FaitMesure], selon: Any = "entree", libelle: str | None = None
) -> Ligne:
    connues = {mesure.id for mesure in faites}
    restantes: Selection = DesMesures([m for m in base if m.id not in connues], selon)
    return Ligne(
        code,
        libelle or catalogue.nom(code),
        (
            Cellule.compte(DesMesures(faites, selon), len(base)),
            Cellule.compte(restantes),
            Cellule.compte(DesMesures(base, selon)),
        ),
        indicateur=code,
    )


def _minutes(piece: FaitPiece) -> int:
    return sum(int(activite.get("minutes") or 0) for activite in piece.valeurs.get("activites") or ())


def _du_au(pieces: Iterable[FaitPiece], debut: str, fin: str) -> Iterator[tuple[date, date]]:
    """Du premier au dernier jour, compris ; sans dernier jour, elle dure encore."""
    for piece in pieces:
        au = piece.valeurs.get(fin)
        yield date.fromisoformat(piece.valeurs.get(debut) or SANS_FIN), date.fromisoformat(au or SANS_FIN)


def _avec_minutes(
    pieces: Iterable[FaitPiece], debut: str, fin: str, minutes: str
) -> Iterator[tuple[date, date, int | None]]:
    lues = list(pieces)
    for piece, (du, au) in zip(lues, _du_au(lues, debut, fin), strict=True):
        yield du, au, piece.valeurs.get(minutes)
