"""Une liste et où en sont ses lignes, d'après ce qui en est réglé et ce que la structure sait aujourd'hui."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.personne import Fiche
from app.equipe.files_actives import Collegue
from app.models import ImportOrientations
from app.orientations import magasin, sources, structure
from app.orientations.ligne import Regles
from app.orientations.preparation import Preparation, preparer


@dataclass(frozen=True)
class Outils:
    regles: Regles
    conventions: structure.Conventions
    collegues: list[Collegue]

    @property
    def suivent(self) -> set[str]:
        return {collegue.id for collegue in self.collegues}

    @property
    def noms(self) -> dict[str, str]:
        return {collegue.id: collegue.nom for collegue in self.collegues}


def preparer_liste(
    session: Session, importee: ImportOrientations, personnes: Sequence[Fiche], jour: dt.date
) -> tuple[Outils, Preparation]:
    """`personnes` : celles de la structure, assez pour les reconnaître."""
    reglages, ici = importee.reglages, importee.structure_id
    conventions = structure.conventions(session, ici, jour.isoformat())
    collegues = structure.collegues(session, ici, jour)
    regles = Regles(
        titres=reglages["titres"],
        champs=reglages["champs"],
        conventions=conventions.noms,
        referents=structure.noms_des_referents(session, ici, collegues),
        aujourd_hui=jour,
        convention=reglages["convention"],
        orientee_le=dt.date.fromisoformat(reglages["orientee_le"]) if reglages["orientee_le"] else None,
        prescripteur=reglages["prescripteur"],
    )
    outils = Outils(regles, conventions, collegues)
    preparation = preparer(
        magasin.lignes(session, importee),
        regles,
        personnes,
        lambda voulues: structure.suivies(session, ici, voulues, jour),
        outils.suivent,
        sources.lieux_retenus(session, importee),
    )
    return outils, preparation
