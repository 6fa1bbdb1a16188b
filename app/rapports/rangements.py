"""Ce qu'une structure a déplacé dans une grille : un motif, où elle le compte, et pourquoi. Rien ne s'efface."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.grilles import Grille, charger, deplacer
from app.domain.nomenclatures import est_code
from app.models import RangementMotif, Utilisateur

RAISON_MAX: Final = 200


@dataclass(frozen=True)
class Decision:
    """Une ligne de l'histoire. `case` vide : le motif est revenu où la grille le met."""

    motif: str
    case: str | None
    raison: str
    par: str
    le: dt.datetime


@dataclass
class Saisi:
    """Le formulaire lu : la case voulue, pourquoi, et ce qui s'y oppose."""

    case: str
    raison: str
    erreurs: dict[str, str] = field(default_factory=dict)


def rangements_de(session: Session, structure_id: str, grille: str) -> Mapping[str, str]:
    """La case de chaque motif déplacé ; un motif rendu à la grille n'y est plus."""
    lus = session.execute(
        select(RangementMotif.motif, RangementMotif.case)
        .where(RangementMotif.structure_id == structure_id, RangementMotif.grille == grille)
        .order_by(RangementMotif.le, RangementMotif.id)
    )
    derniers = {ligne.motif: ligne[1] for ligne in lus}
    return {motif: case for motif, case in derniers.items() if case is not None and est_code("motif_sortie", motif)}


def grille_de(session: Session, structure_id: str, code: str) -> Grille:
    """La grille telle que la structure la compte."""
    return deplacer(charger()[code], rangements_de(session, structure_id, code))


def decisions(session: Session, structure_id: str, grille: str) -> list[Decision]:
    """Toutes, de la plus récente à la plus ancienne."""
    lignes = session.execute(
        select(RangementMotif, Utilisateur.prenom, Utilisateur.nom)
        .join(
            Utilisateur,
            (Utilisateur.structure_id == RangementMotif.structure_id) & (Utilisateur.id == RangementMotif.par_id),
        )
        .where(RangementMotif.structure_id == structure_id, RangementMotif.grille == grille)
        .order_by(RangementMotif.le.desc(), RangementMotif.id.desc())
    )
    return [Decision(r.motif, r.case, r.raison, f"{prenom} {nom}".strip(), r.le) for r, prenom, nom in lignes]


def lire_saisie(grille: Grille, motif: str, case: str, raison: str) -> Saisi:
    """`grille` : celle que la structure compte aujourd'hui."""
    saisi = Saisi(case.strip(), " ".join(raison.split()))
    if saisi.case not in {connue.code for connue in grille.cases}:
        saisi.erreurs["case"] = "Choisissez une ligne."
    elif saisi.case == grille.case_de(motif):
        saisi.erreurs["case"] = "Il y est déjà\u202f: choisissez une autre ligne."
    if not saisi.raison:
        saisi.erreurs["raison"] = "Dites pourquoi."
    elif len(saisi.raison) > RAISON_MAX:
        saisi.erreurs["raison"] = f"Au plus {RAISON_MAX} signes."
    return saisi


def noter(
    session: Session, structure_id: str, identifiant: str, code: str, motif: str, saisi: Saisi, par_id: str
) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'une. Là où la grille le met déjà, le motif lui est rendu."""
    if session.get(RangementMotif, (structure_id, identifiant)) is not None:
        return
    livree = charger()[code].case_de(motif)
    session.add(
        RangementMotif(
            structure_id=structure_id,
            id=identifiant,
            grille=code,
            motif=motif,
            case=None if saisi.case == livree else saisi.case,
            raison=saisi.raison,
            par_id=par_id,
            le=dt.datetime.now(dt.UTC),
        )
    )
