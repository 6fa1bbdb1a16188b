"""Ce que la structure retient de chaque source de listes : le sens de ses titres, sa convention, qui suit quel lieu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.domain.recherche import cle
from app.models import ImportOrientations, SourceOrientations
from app.orientations.champs import SANS_TITRES, est_connu


def retenir(session: Session, importee: ImportOrientations, lieux: Mapping[str, str] | None = None) -> None:
    """Ce que la prochaine liste de cette source retrouvera ; un titre connu que l'on ne reprend pas vaut « »."""
    reglages = importee.reglages
    source = _source(session, importee.structure_id, importee.source)
    if source is None:
        source = SourceOrientations(
            structure_id=importee.structure_id, id=str(uuid7()), nom=importee.source, reglages={}
        )
        session.add(source)
    avant = source.reglages
    source.reglages = {
        "colonnes": {**avant.get("colonnes", {}), **_a_retenir(reglages, avant.get("colonnes", {}))},
        "convention": reglages["convention"],
        "prescripteur": reglages["prescripteur"],
        "sans_titres": reglages["titres_ligne"] == SANS_TITRES,
        "lieux": {**avant.get("lieux", {}), **(lieux or {})},
    }
    source.utilisee_le = importee.touche_le
    session.flush()


def _a_retenir(reglages: Mapping[str, Any], deja: Mapping[str, str]) -> dict[str, str]:
    """Les titres qui se reprennent, et ceux que l'on connaît.

    D'une ligne où aucun titre n'est connu, rien : c'est peut-être quelqu'un que l'on a pris pour des titres.
    """
    dits = {cle(titre): champ or "" for titre, champ in zip(reglages["titres"], reglages["champs"], strict=False)}
    connus = {titre for titre in dits if titre in deja or est_connu(titre)}
    if reglages["titres_ligne"] != SANS_TITRES and not connus:
        return {}
    return {titre: champ for titre, champ in dits.items() if titre and (champ or titre in connus)}


def titres_retenus(session: Session, structure_id: str, nom: str) -> dict[str, str]:
    """Ce que la structure a dit d'un titre : tout pour cette source ; des autres, ce qui se reprenait."""
    connues = session.scalars(
        select(SourceOrientations)
        .where(SourceOrientations.structure_id == structure_id)
        .order_by(SourceOrientations.utilisee_le)
    ).all()
    retenus: dict[str, str] = {}
    for connue in sorted(connues, key=lambda connue: connue.nom == nom):
        colonnes = connue.reglages.get("colonnes", {})
        retenus |= {titre: champ for titre, champ in colonnes.items() if champ or connue.nom == nom}
    return retenus


def lieux_retenus(session: Session, importee: ImportOrientations) -> dict[str, str]:
    """Qui suit quel lieu, dans les mots de cette source."""
    return dict(reglages_de(session, importee.structure_id, importee.source).get("lieux", {}))


def noms(session: Session, structure_id: str) -> list[str]:
    requete = select(SourceOrientations.nom).where(SourceOrientations.structure_id == structure_id)
    return list(session.scalars(requete.order_by(SourceOrientations.utilisee_le.desc())))


def reglages_de(session: Session, structure_id: str, nom: str) -> dict[str, Any]:
    source = _source(session, structure_id, nom)
    return source.reglages if source else {}


def _source(session: Session, structure_id: str, nom: str) -> SourceOrientations | None:
    requete = select(SourceOrientations).where(
        SourceOrientations.structure_id == structure_id, SourceOrientations.nom == nom
    )
    return session.scalars(requete).one_or_none()
