"""Un rapport tel qu'il quitte la structure : la détention et la justice y sont comptées avec les autres.

L'écran garde la ligne que la grille du financeur a publiée ; aucun fichier ne l'emporte (docs/rapports.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.sortant import FREIN_DES_AUTRES, FREIN_JUSTICE, MOTIFS_DE_DETENTION
from app.models import RapportClos
from app.rapports.conservation import cle_de
from app.rapports.demande import Demande
from app.rapports.listes import DesMesures
from app.rapports.rapport import Partie, tableaux_de
from app.rapports.replis import avec_compagnons, compter, est_de_sorties, replier
from app.rapports.tableau import Cellule, Ligne, Tableau

_FREINS = "freins"
# Toujours dites, qu'il y en ait ou non, et sans nommer ce qui est tu : elles n'apprennent donc rien de personne.
NOTE_SORTIES: Final = "Par discrétion, un motif que ce fichier ne nomme pas est compté avec les autres sorties."
NOTE_FREINS: Final = (
    "Par discrétion, un frein que ce fichier ne nomme pas est compté avec l’isolement, le lien social et les autres."
)
# Combien de mesures ont l'un ou l'autre frein, colonne par colonne.
Reunis = Callable[[Tableau], list[int]]


def sortir(session: Session, demande: Demande, parties: Sequence[Partie], clos_id: str | None) -> tuple[Partie, ...]:
    """`clos_id` : la clôture dont elles sont relues, s'il y en a une."""
    motifs = avec_compagnons(tableaux_de(parties), MOTIFS_DE_DETENTION)

    def reunis(tableau: Tableau) -> list[int]:
        return _d_un_clos(session, demande, clos_id, tableau) if clos_id else _du_jour(tableau)

    def sortant(tableau: Tableau) -> Tableau:
        if tableau.code == _FREINS:
            return _avec_note(_freins(tableau, reunis), NOTE_FREINS)
        return _avec_note(replier(tableau, motifs), NOTE_SORTIES) if est_de_sorties(tableau) else tableau

    return tuple(replace(partie, tableaux=tuple(map(sortant, partie.tableaux))) for partie in parties)


def _avec_note(tableau: Tableau, note: str) -> Tableau:
    return replace(tableau, notes=(*tableau.notes, note))


def _freins(tableau: Tableau, reunis: Reunis) -> Tableau:
    """Le frein de justice, sans compter deux fois qui a aussi l'autre."""
    comptes = reunis(tableau)
    lignes = (_avec(li, tableau, comptes) if li.code == FREIN_DES_AUTRES else li for li in tableau.lignes)
    return replace(tableau, lignes=tuple(li for li in lignes if li.code != FREIN_JUSTICE))


def _avec(ligne: Ligne, tableau: Tableau, comptes: Sequence[int]) -> Ligne:
    """Relevés, sur les diagnostics ; travaillés et levés, sur les relevés."""
    libelle = f"{nomenclatures.libelle('frein', FREIN_DES_AUTRES)}, autres freins"
    bases = [_base(tableau), *(comptes[0] for _ in comptes[1:])]
    cellules = (compter(c, n, base) for c, n, base in zip(ligne.cellules, comptes, bases, strict=True))
    return replace(ligne, libelle=libelle, cellules=tuple(cellules))


def _base(tableau: Tableau) -> int | None:
    premieres = [ligne.cellules[0] for ligne in tableau.lignes]
    return next((int(c.nombre * 100 / c.exact) for c in premieres if c.nombre and c.exact), None)


def _des_deux(tableau: Tableau) -> list[Ligne]:
    return [ligne for ligne in tableau.lignes if ligne.code in (FREIN_JUSTICE, FREIN_DES_AUTRES)]


def _du_jour(tableau: Tableau) -> list[int]:
    def mesures(cellule: Cellule) -> set[str]:
        return {fait.id for fait in cellule.selection.faits} if isinstance(cellule.selection, DesMesures) else set()

    colonnes = zip(*(ligne.cellules for ligne in _des_deux(tableau)), strict=True)
    return [len(set().union(*map(mesures, cellules))) for cellules in colonnes]


def _d_un_clos(session: Session, demande: Demande, clos_id: str, tableau: Tableau) -> list[int]:
    """D'après les listes gardées : une mesure y a le même pseudonyme, le même mois et la même situation partout."""
    comptes = []
    for colonne in tableau.colonnes:
        cles = [cle_de(tableau.code, ligne.code, colonne.code) for ligne in _des_deux(tableau)]
        gardees = session.execute(
            select(*(RapportClos.faits[cle] for cle in cles)).where(
                RapportClos.structure_id == demande.structure_id, RapportClos.id == clos_id
            )
        ).one()
        reunies: Counter[tuple[Any, ...]] = Counter()
        for gardee in gardees:
            reunies |= _comptees(gardee)
        comptes.append(reunies.total())
    return comptes


def _comptees(gardee: Mapping[str, Any] | None) -> Counter[tuple[Any, ...]]:
    lignes = gardee["lignes"] if gardee else ()
    return Counter({(numero, mois, cas): combien for numero, mois, cas, combien in lignes})
