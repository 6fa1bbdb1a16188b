"""La portée : les dossiers qu'un utilisateur peut lire un jour donné, à lui ou prêtés.

Un prêt commence et finit par son seul calendrier : rien n'est écrit ces jours-là, la portée se calcule à la lecture.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.domain.roles import TERRAIN
from app.instruction import Parmi
from app.models import Acces, Cahier, CahierMembre, Partage, Personne
from app.models.colonnes import InstantUTC
from sync.acteur import ROLES_STRUCTURE_ENTIERE
from sync.etat import table

ACCES, PARTAGE = table(Acces), table(Partage)


def titres(structure_id: str, utilisateur_id: str, personnes: str | None = None) -> Subquery:
    """Ce qui lui ouvre, ou lui a ouvert, un dossier : une ligne par titre, sur toutes les personnes.

    `personnes` : le nom du paramètre qui les limite à une liste.
    """

    def de(cible: Table) -> list[ColumnElement[bool]]:
        siens = [cible.c.structure_id == structure_id, cible.c.utilisateur_id == utilisateur_id]
        return siens if personnes is None else [*siens, Parmi(cible.c.personne_id, personnes)]

    siens = select(
        ACCES.c.personne_id,
        ACCES.c.sequence,
        ACCES.c.actif,
        cast(null(), Date).label("du"),
        ACCES.c.jusqu_au,
        ACCES.c.perdu_le,
        cast(null(), Date).label("fin_le"),
        literal(False).label("pret"),
        literal(False).label("binome"),
    ).where(*de(ACCES))
    pretes = select(
        PARTAGE.c.personne_id,
        PARTAGE.c.sequence,
        PARTAGE.c.fin_le.is_(None),
        PARTAGE.c.du,
        PARTAGE.c.jusqu_au,
        cast(null(), InstantUTC),
        PARTAGE.c.fin_le,
        literal(True),
        case((PARTAGE.c.motif == "binome", True), else_=False),
    ).where(*de(PARTAGE))
    return union_all(siens, pretes).subquery("titres")


def commence(lignes: Any, jour: dt.date) -> ColumnElement[bool]:
    return or_(lignes.c.du.is_(None), lignes.c.du <= jour)


def en_cours(lignes: Any, jour: dt.date) -> ColumnElement[bool]:
    """Le titre vaut ce jour-là."""
    fini = or_(lignes.c.jusqu_au.is_(None), lignes.c.jusqu_au >= jour)
    return and_(lignes.c.actif, commence(lignes, jour), fini)


def requete_siens(structure_id: str, utilisateur_id: str, jour: dt.date) -> Select[str]:
    """Les dossiers de sa file active : les siens, et ceux qu'on lui prête ce jour-là."""
    lignes = titres(structure_id, utilisateur_id)
    return select(lignes.c.personne_id).where(en_cours(lignes, jour)).distinct()


def requete_visibles(structure_id: str, utilisateur_id: str, role: str, jour: dt.date) -> Select[str] | None:
    """La sélection des identifiants visibles, ou None : ce rôle ne lit aucun dossier."""
    if role in ROLES_STRUCTURE_ENTIERE:
        return select(Personne.id).where(Personne.structure_id == structure_id, Personne.fusionnee_dans.is_(None))
    if role in TERRAIN:
        return requete_siens(structure_id, utilisateur_id, jour)
    return None


def requete_cahiers_tenus(structure_id: str, utilisateur_id: str, jour: dt.date) -> Select[str]:
    """Les cahiers dont il est membre, un comité passé excepté."""
    return _tenus(select(CahierMembre.cahier_id), structure_id, utilisateur_id, jour)


def requete_genres_tenus(structure_id: str, utilisateur_id: str, jour: dt.date) -> Select[str]:
    """Les genres de ces cahiers, chacun une fois."""
    return _tenus(select(Cahier.genre).select_from(CahierMembre), structure_id, utilisateur_id, jour).distinct()


def _tenus(requete: Select[str], structure_id: str, utilisateur_id: str, jour: dt.date) -> Select[str]:
    meme = and_(Cahier.structure_id == CahierMembre.structure_id, Cahier.id == CahierMembre.cahier_id)
    return requete.join(Cahier, meme).where(
        CahierMembre.structure_id == structure_id,
        CahierMembre.utilisateur_id == utilisateur_id,
        CahierMembre.actif.is_(True),
        or_(Cahier.jusqu_au.is_(None), Cahier.jusqu_au >= jour),
    )
