"""Les pièces qui descendent, et ce que chacun en lit (`sync/lecteur.py`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import piece as domaine
from app.domain.formes import charger
from app.instruction import Instruction, Parmi
from sync.etat import PIECE
from sync.lecteur import Lecteur

Fiche = dict[str, Any]
# Ce qu'une lecture de la table rend, dans cet ordre.
COLONNES = (
    *("id", "personne_id", "sequence", "forme", "mesure_id", "reference", "valeurs", "partagee", "revisions"),
    *("auteur_id", "note_le", "retiree_le", "retrait_motif", "tardive"),
)
# Une pièce tue, parmi les fiches d'un dossier : le flux l'annonce comme une tombe.
TOMBE = "tombe"


def fiche(lecteur: Lecteur, ligne: Mapping[str, Any], noms: Mapping[str, str]) -> Fiche | None:
    """La pièce telle que cette personne la reçoit, ou None."""
    decrite = charger().get(ligne["forme"])
    auteur, personne = ligne["auteur_id"], ligne["personne_id"]
    if decrite is None or not est_lue(lecteur, ligne):
        return None
    partage = None if auteur == lecteur.id else lecteur.partage(personne, ligne["partagee"])
    lus = {c["nom"] for c in decrite["champs"] if domaine.se_lit(decrite, lecteur.role, partage, c)}
    lus |= set(domaine.CLES)
    return {
        "type": "piece",
        "id": ligne["id"],
        "personne_id": personne,
        "version": ligne["sequence"],
        "forme": ligne["forme"],
        "mesure_id": ligne["mesure_id"],
        "reference": ligne["reference"],
        "auteur": auteur,
        "auteur_nom": noms.get(auteur, ""),
        "note_le": _instant(ligne["note_le"]),
        "retiree_le": _instant(ligne["retiree_le"]),
        "retrait_motif": ligne["retrait_motif"],
        "partagee": ligne["partagee"],
        "valeurs": {nom: valeur for nom, valeur in ligne["valeurs"].items() if nom in lus},
        "tardive": ligne["tardive"],
        "revisions": [revision for revision in _revisions(ligne, lus, noms) if revision["champs"]],
    }


def _revisions(ligne: Mapping[str, Any], lus: set[str], noms: Mapping[str, str]) -> Iterator[Fiche]:
    for revision in ligne["revisions"]:
        champs = {nom: valeur for nom, valeur in revision["champs"].items() if nom in lus}
        yield {"le": revision["le"], "par_nom": noms.get(revision["par"], ""), "champs": champs}


def auteurs(lignes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Qui a noté ces pièces, ou les a changées."""
    return {ligne["auteur_id"] for ligne in lignes} | {r["par"] for ligne in lignes for r in ligne["revisions"]}


def _instant(valeur: dt.datetime | None) -> str | None:
    return None if valeur is None else valeur.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Lues:
    """Des pièces citées ailleurs, par identifiant : les lit-il ?"""

    def __init__(self, lignes: Mapping[str, Mapping[str, Any]], lecteur: Lecteur | None = None) -> None:
        self._lignes, self._lecteur = lignes, lecteur

    def piece(self, identifiant: str, champ: str | None = None) -> bool:
        ligne = self._lignes.get(identifiant)
        return ligne is not None and self._lecteur is not None and est_lue(self._lecteur, ligne, champ)


def est_lue(lecteur: Lecteur, ligne: Mapping[str, Any], champ: str | None = None) -> bool:
    return lecteur.lit(ligne["forme"], ligne["personne_id"], ligne["partagee"], ligne["auteur_id"], champ)


def tombe(identifiant: str, personne_id: str, fiche_type: str = "piece") -> Fiche:
    """Ce qu'un binôme ne lit pas, ou plus : son téléphone l'oublie s'il l'avait."""
    return {"type": TOMBE, "de": fiche_type, "id": identifiant, "personne_id": personne_id}


def lisibles(session: Session, structure_id: str, lecteur: Lecteur, identifiants: Collection[str]) -> Lues:
    return _lues(session, structure_id, lecteur, _PAR_ID, identifiants)


def du_dossier(session: Session, structure_id: str, lecteur: Lecteur, personnes: Collection[str]) -> Lues:
    return _lues(session, structure_id, lecteur, _PAR_DOSSIER, personnes)


def _lues(session: Session, structure_id: str, lecteur: Lecteur, requete: Instruction, cles: Collection[str]) -> Lues:
    lues = requete.lire(session, structure=structure_id, cles=sorted(cles)) if cles else []
    return Lues({ligne[0]: dict(zip(_DITES, ligne, strict=True)) for ligne in lues}, lecteur)


_DITES = ("id", "personne_id", "forme", "partagee", "auteur_id")


def _citees(colonne: str) -> Instruction:
    return Instruction(
        lambda _: select(*(PIECE.c[nom] for nom in _DITES)).where(
            PIECE.c.structure_id == bindparam("structure"), Parmi(PIECE.c[colonne], "cles")
        )
    )


_PAR_ID, _PAR_DOSSIER = _citees("id"), _citees("personne_id")
