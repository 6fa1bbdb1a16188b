"""Porter des conventions dans la base d'une structure, et ce qu'elle en ajuste. Tout y est daté et journalisé."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.domain import convention as domaine
from app.models import Convention, EvenementConvention, Mesure, Structure
from sync.fusion import jour_paris

# Ce qu'une version passée peut encore changer : rien qui ait pu régler une mesure.
_SANS_EFFET = frozenset({"sources", "a_confirmer", "libelle_court", "ajustements", "perimetre_structure"})


@dataclass
class Bilan:
    """Ce qu'un chargement a fait, par (code, version) ; `refusees` : des versions passées, avec les règles en cause."""

    nouvelles: list[tuple[str, str]] = field(default_factory=list)
    changees: list[tuple[str, str]] = field(default_factory=list)
    refusees: dict[tuple[str, str], list[str]] = field(default_factory=dict)


class AjustementRefuse(ValueError):
    """L'ajustement ne peut pas être noté ; le message dit pourquoi."""


def enregistrer(
    session: Session,
    structure_id: str,
    conventions: Iterable[domaine.Convention] | None = None,
    maintenant: dt.datetime | None = None,
) -> Bilan:
    """Crée ou corrige les conventions de la structure. Sans liste, toutes celles qui sont livrées.

    Recommencer ne change rien. Une version passée, sous laquelle quelqu'un a été accompagné, ne se récrit pas.
    """
    instant = maintenant or dt.datetime.now(dt.UTC)
    connues = {(ligne.code, ligne.version): ligne for ligne in _lignes(session, structure_id)}
    bilan = Bilan()
    voulues = domaine.charger() if conventions is None else list(conventions)
    for convention in voulues:
        cle = (convention.code, convention.version)
        ligne = connues.get(cle)
        if ligne is None:
            session.add(_nouvelle(structure_id, convention))
            session.add(_evenement(structure_id, cle, "chargee", instant))
            bilan.nouvelles.append(cle)
            continue
        neuves = convention.en_json()
        changements = _changements(ligne.donnees, neuves)
        if not changements and neuves == _sans_ajustements(ligne.donnees):
            continue
        en_cause = sorted(changements.keys() - _SANS_EFFET)
        if en_cause and _a_servi(session, structure_id, ligne, [*connues.values()], jour_paris(instant)):
            bilan.refusees[cle] = en_cause
            continue
        _corriger(session, ligne, convention, changements, instant)
        bilan.changees.append(cle)
    session.flush()
    return bilan


def ajuster(
    session: Session,
    structure_id: str,
    cle: tuple[str, str],
    regle: str,
    effet: dt.date,
    valeur: Any,
    raison: str,
    auteur_id: str,
    maintenant: dt.datetime,
) -> None:
    """Pose une valeur de la structure sur une règle, à partir d'un jour ; une valeur vide la rend à la convention."""
    # Deux ajustements au même instant s'écrivent l'un après l'autre : aucun n'efface l'autre.
    session.execute(select(Structure.id).where(Structure.id == structure_id).with_for_update())
    ligne = session.scalar(
        select(Convention)
        .where(Convention.structure_id == structure_id, Convention.code == cle[0], Convention.version == cle[1])
        .execution_options(populate_existing=True)
    )
    if ligne is None or regle not in (ligne.donnees.get("perimetre_structure") or ()):
        raise AjustementRefuse("Cette règle n’est pas laissée à la structure.")
    if (
        domaine.etat(
            ligne.donnees, [c.donnees for c in _lignes(session, structure_id)], jour_paris(maintenant).isoformat()
        )
        == "passee"
    ):
        raise AjustementRefuse("Une version plus récente a pris sa suite.")
    avant = domaine.en_vigueur(ligne.donnees, regle, effet.isoformat())
    ajustement = {"regle": regle, "effet": effet.isoformat(), "valeur": valeur, "raison": raison}
    donnees = dict(ligne.donnees)
    ligne.donnees = donnees | {"ajustements": [*(donnees.get("ajustements") or []), ajustement]}
    session.add(
        _evenement(
            structure_id,
            cle,
            "rendue" if valeur is None else "ajustee",
            maintenant,
            regle=regle,
            effet=effet,
            avant=avant["valeur"] if avant else donnees.get(regle),
            apres=valeur,
            raison=raison,
            auteur_id=auteur_id,
        )
    )
    session.flush()


def noter_bilan(
    session: Session,
    structure_id: str,
    cle: tuple[str, str],
    annee: int,
    remis_le: dt.date | None,
    auteur_id: str,
    maintenant: dt.datetime,
) -> None:
    """Le bilan d'une année a été remis au financeur ce jour-là ; sans jour, il ne l'était pas."""
    genre = "remis" if remis_le else "repris"
    session.add(
        _evenement(
            structure_id,
            cle,
            genre,
            maintenant,
            regle="rapport_final",
            effet=remis_le,
            apres=annee,
            auteur_id=auteur_id,
        )
    )
    session.flush()


def bilans_remis(session: Session, structure_id: str) -> dict[tuple[str, int], dt.date]:
    """Par (code, année), le jour où le bilan a été remis au financeur."""
    faits = session.execute(
        select(EvenementConvention.code, EvenementConvention.apres, EvenementConvention.effet)
        .where(EvenementConvention.structure_id == structure_id, EvenementConvention.genre.in_(("remis", "repris")))
        .order_by(EvenementConvention.survenu_le, EvenementConvention.id)
    )
    derniers = {(code, int(annee or 0)): effet for code, annee, effet in faits}
    return {bilan: effet for bilan, effet in derniers.items() if effet}


def conventions_de(session: Session, structure_id: str) -> list[dict[str, Any]]:
    """Les conventions de la structure, en tranches : chaque ajustement y est à sa date."""
    return domaine.trancher([ligne.donnees for ligne in _lignes(session, structure_id)])


def _lignes(session: Session, structure_id: str) -> Sequence[Convention]:
    return session.scalars(
        select(Convention)
        .where(Convention.structure_id == structure_id)
        .order_by(Convention.code, Convention.debut, Convention.version)
    ).all()


def _colonnes(convention: domaine.Convention) -> dict[str, Any]:
    return {"libelle": convention.libelle[:200], "debut": convention.debut, "fin": convention.fin}


def _nouvelle(structure_id: str, convention: domaine.Convention) -> Convention:
    return Convention(
        structure_id=structure_id,
        id=str(uuid5(UUID(structure_id), f"convention/{convention.code}/{convention.version}")),
        code=convention.code,
        version=convention.version,
        donnees=convention.en_json(),
        **_colonnes(convention),
    )


def _corriger(
    session: Session,
    ligne: Convention,
    convention: domaine.Convention,
    changements: dict[str, tuple[Any, Any]],
    instant: dt.datetime,
) -> None:
    cle = (ligne.code, ligne.version)
    for regle, (avant, apres) in sorted(changements.items()):
        session.add(_evenement(ligne.structure_id, cle, "corrigee", instant, regle=regle, avant=avant, apres=apres))
    gardes = {"ajustements": ligne.donnees["ajustements"]} if ligne.donnees.get("ajustements") else {}
    ligne.donnees = convention.en_json() | gardes
    for nom, valeur in _colonnes(convention).items():
        setattr(ligne, nom, valeur)


def _sans_ajustements(donnees: dict[str, Any]) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in donnees.items() if nom != "ajustements"}


def _changements(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Les règles dont la valeur change ; une citation corrigée n'en est pas un."""
    hors = {"sources", "a_confirmer", "ajustements", "code", "version"}
    noms = (avant.keys() | apres.keys()) - hors
    # Une base d'avant gardait des règles vides.
    paires = {nom: (avant.get(nom) or None, apres.get(nom) or None) for nom in noms}
    return {nom: paire for nom, paire in paires.items() if paire[0] != paire[1]}


def _a_servi(
    session: Session, structure_id: str, ligne: Convention, connues: Sequence[Convention], jour: dt.date
) -> bool:
    """Une version plus récente l'a remplacée, et quelqu'un a été orienté sous elle."""
    suivantes = [c.debut for c in connues if c.code == ligne.code and ligne.debut < c.debut <= jour]
    if not suivantes:
        return False
    depuis = func.coalesce(Mesure.orientee_le, Mesure.entree_le)
    return bool(
        session.scalar(
            select(
                exists().where(
                    Mesure.structure_id == structure_id, Mesure.convention == ligne.code, depuis < min(suivantes)
                )
            )
        )
    )


def _evenement(
    structure_id: str, cle: tuple[str, str], genre: str, instant: dt.datetime, **details: Any
) -> EvenementConvention:
    return EvenementConvention(
        structure_id=structure_id,
        id=str(uuid7()),
        genre=genre,
        code=cle[0],
        version=cle[1],
        survenu_le=instant,
        **{"avant": None, "apres": None} | details,
    )
