"""La référence : ce qu'un téléphone reçoit qui n'est d'aucun dossier, et ne se renvoie que s'il change."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from msgspec.json import decode, encode
from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from app.domain.annuaire import empreinte_dite
from app.domain.convention import pour_appareil, trancher
from app.domain.recherche import cle
from app.domain.roles import TERRAIN
from app.instruction import Instruction
from app.models import Convention, Lieu, LieuMasque, Structure, Utilisateur
from sync.acteur import Acteur
from sync.modeles import LUS, modeles
from sync.notes import a_decider
from sync.permanences import permanences
from sync.places import Instant, places
from sync.scelle import cle_courante

_STRUCTURE = Instruction(
    lambda _: select(
        Structure.id,
        Structure.nom,
        Structure.grace_minutes,
        Structure.grace_max_minutes,
        Structure.bail_jours,
        Structure.generation,
        Structure.sequence,
        Structure.annuaire,
    ).where(Structure.id == bindparam("structure"))
)
_UTILISATEURS = Instruction(
    lambda _: (
        select(Utilisateur.id, Utilisateur.nom, Utilisateur.prenom, Utilisateur.role)
        .where(Utilisateur.structure_id == bindparam("structure"), Utilisateur.actif.is_(True))
        .order_by(Utilisateur.id)
    )
)
_CONVENTIONS = Instruction(
    lambda _: (
        select(cast(Convention.donnees, Text))
        .where(Convention.structure_id == bindparam("structure"))
        .order_by(Convention.code, Convention.version)
    )
)
_LIEUX = Instruction(
    lambda _: (
        select(
            Lieu.id,
            Lieu.nom,
            Lieu.commune,
            Lieu.adresse,
            cast(Lieu.horaires, Text),
            Lieu.preteur,
            Lieu.preteur_telephone,
        )
        .where(Lieu.structure_id == bindparam("structure"), Lieu.actif.is_(True))
        .order_by(Lieu.nom)
    )
)
_MASQUES = Instruction(
    lambda _: (
        select(LieuMasque.nom)
        .where(LieuMasque.structure_id == bindparam("structure"), LieuMasque.rendu_le.is_(None))
        .order_by(LieuMasque.nom)
    )
)


def reference(session: Session, acteur: Acteur) -> dict[str, Any]:
    """Structure, utilisateur, conventions, lieux, noms à taire, collègues, modèles, clé de scellement, places, notes
    personnelles dont il a à décider, et l'empreinte de l'annuaire s'il y en a un, avec leur `empreinte`. Le jour où les
    places ont été comptées n'en est pas : seul, il ne fait pas renvoyer la référence.
    """
    structure, utilisateurs, conventions, lieux, masques, ecrits = (
        tuple(instruction.lire(session, structure=acteur.structure_id))
        for instruction in (_STRUCTURE, _UTILISATEURS, _CONVENTIONS, _LIEUX, _MASQUES, LUS)
    )
    propriete, generation, sequence, annuaire = structure[0][:5], *structure[0][5:]
    soi = next((ligne for ligne in utilisateurs if ligne[0] == acteur.utilisateur_id), None)
    propre: dict[str, Any] = {
        "structure": dict(
            zip(("id", "nom", "grace_minutes", "grace_max_minutes", "bail_jours"), propriete, strict=True)
        ),
        "utilisateur": None if soi is None else dict(zip(("id", "nom", "prenom", "role"), soi, strict=True)),
        "cle_scellement": cle_courante(session, acteur.structure_id),
        "notes": [note.en_json() for note in a_decider(session, acteur)] if acteur.role in TERRAIN else [],
    }
    if siennes := permanences(session, acteur.structure_id, acteur.utilisateur_id, acteur.jour):
        propre["permanences"] = siennes
    if annuaire:
        propre["annuaire"] = empreinte_dite(annuaire)
    partagee, limitees, empreinte = _partagee(utilisateurs, conventions, lieux, masques, ecrits)
    comptees = places(session, Instant(acteur.structure_id, generation, sequence, acteur.jour), limitees)
    return {
        **propre,
        **partagee,
        "places": [compte | {"le": acteur.jour.isoformat()} for compte in comptees],
        "empreinte": _empreinte([propre, comptees, empreinte]),
    }


@lru_cache(maxsize=32)
def _partagee(
    utilisateurs: tuple[Any, ...],
    conventions: tuple[Any, ...],
    lieux: tuple[Any, ...],
    masques: tuple[Any, ...],
    ecrits: tuple[Any, ...],
) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Ce que toute la structure partage, les conventions telles qu'elles sont gardées, et l'empreinte.

    Refait quand une ligne a changé, non à chaque échange.
    """
    tranches = trancher([decode(texte) for (texte,) in conventions])
    partagee = {
        "conventions": [pour_appareil(tranche) for tranche in tranches],
        "lieux": [_lieu(*lieu) for lieu in sorted(lieux, key=lambda lieu: cle(lieu[1]))],
        "masques": [nom for (nom,) in masques],
        "collegues": [
            {"id": identifiant, "nom": f"{prenom} {nom}".strip(), "suit": role in TERRAIN}
            for identifiant, nom, prenom, role in sorted(utilisateurs, key=lambda lu: cle(f"{lu[1]} {lu[2]}"))
        ],
        "modeles": modeles(ecrits),
    }
    return partagee, tranches, _empreinte(partagee)


def _lieu(identifiant: str, nom: str, commune: str | None, *connus: str | None) -> dict[str, Any]:
    """Ce que l'on ne sait pas d'un lieu n'y est pas."""
    adresse, horaires, preteur, telephone = connus
    dits = {
        "adresse": adresse,
        "horaires": decode(horaires) if horaires else None,
        "preteur": preteur,
        "preteur_telephone": telephone,
    }
    return {"id": identifiant, "nom": nom, "commune": commune} | {cle: dit for cle, dit in dits.items() if dit}


def _empreinte(contenu: Any) -> str:
    return hashlib.sha256(encode(contenu, order="deterministic")).hexdigest()[:32]
