"""Avec qui un dossier est partagé, ou à qui il est prêté."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from sync.etat import PARTAGE
from sync.fiches.lecture import DEUX_PREMIERS, Choix, Fiche, jour, lecture

_COLONNES = (
    *("cree_le", "id", "personne_id", "sequence", "du", "jusqu_au", "motif", "fin_le", "utilisateur_id", "par_id"),
)
_LIGNES = lecture(PARTAGE, *_COLONNES)


def lire(session: Session, choix: Choix) -> list[dict[str, Any]]:
    """Les lignes, par colonne, les plus anciennes d'abord."""
    lus = sorted(_LIGNES.lire(session, choix), key=DEUX_PREMIERS)
    return [dict(zip(_COLONNES, ligne, strict=True)) for ligne in lus]


def cites(lus: Iterable[Mapping[str, Any]]) -> set[str | None]:
    """Les comptes dont ces partages disent le nom."""
    return {cite for ligne in lus for cite in (ligne["utilisateur_id"], ligne["par_id"])}


def fiches(lus: list[dict[str, Any]], noms: Mapping[str, str]) -> Iterator[Fiche]:
    for ligne in lus:
        yield {
            "type": "partage",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "version": ligne["sequence"],
            "utilisateur": ligne["utilisateur_id"],
            "utilisateur_nom": noms.get(ligne["utilisateur_id"], ""),
            "du": jour(ligne["du"]),
            "jusqu_au": jour(ligne["jusqu_au"]),
            "motif": ligne["motif"],
            "par_nom": noms.get(ligne["par_id"], ""),
            "fin_le": jour(ligne["fin_le"]),
        }
