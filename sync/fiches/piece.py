"""Les pièces qui descendent, et ce que chacun en lit (`sync/lecteur.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import piece as domaine
from app.domain.dates import instant
from app.domain.formes import charger
from app.instruction import Instruction, Parmi
from sync.etat import PIECE
from sync.fiches.lecture import Choix, Fiche, lecture
from sync.fiches.tombe import tombe
from sync.lecteur import Lecteur

_COLONNES = (
    *("id", "personne_id", "sequence", "forme", "mesure_id", "reference", "valeurs", "partagee", "revisions"),
    *("auteur_id", "note_le", "retiree_le", "retrait_motif", "tardive"),
)
_LIGNES = lecture(PIECE, *_COLONNES)
# De quoi dire si une pièce citée se lit, sans ses valeurs.
_DITES = ("id", "personne_id", "forme", "partagee", "auteur_id")


def _citees(colonne: str) -> Instruction:
    return Instruction(
        lambda _: select(*(PIECE.c[nom] for nom in _DITES)).where(
            PIECE.c.structure_id == bindparam("structure"), Parmi(PIECE.c[colonne], "cles")
        )
    )


_PAR_ID, _PAR_DOSSIER = _citees("id"), _citees("personne_id")


def lire(session: Session, choix: Choix, tus: Collection[str], lecteur: Lecteur) -> list[dict[str, Any]]:
    """Les lignes, par colonne, de celles qu'elle lit ; de toutes, dans un dossier de `tus`."""
    lues = (dict(zip(_COLONNES, ligne, strict=True)) for ligne in _LIGNES.lire(session, choix))
    return sorted(
        (ligne for ligne in lues if ligne["personne_id"] in tus or est_lue(lecteur, ligne)),
        key=itemgetter("id"),
    )


def fiches(lues: Iterable[Mapping[str, Any]], lecteur: Lecteur, noms: Mapping[str, str]) -> Iterator[Fiche]:
    """Chaque pièce telle que cette personne la reçoit ; à oublier si elle ne la lit pas."""
    for ligne in lues:
        yield _fiche(lecteur, ligne, noms) or tombe("piece", ligne["id"], ligne["personne_id"])


def _fiche(lecteur: Lecteur, ligne: Mapping[str, Any], noms: Mapping[str, str]) -> Fiche | None:
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
        "note_le": instant(ligne["note_le"]),
        "retiree_le": None if ligne["retiree_le"] is None else instant(ligne["retiree_le"]),
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


def cites(lignes: Iterable[Mapping[str, Any]]) -> set[str | None]:
    """Les comptes dont ces pièces disent le nom : qui les a notées, ou changées."""
    return {ligne["auteur_id"] for ligne in lignes} | {r["par"] for ligne in lignes for r in ligne["revisions"]}


class Lues:
    """Des pièces citées ailleurs, par identifiant : les lit-il ?"""

    def __init__(self, lignes: Mapping[str, Mapping[str, Any]], lecteur: Lecteur | None = None) -> None:
        self._lignes, self._lecteur = lignes, lecteur

    def piece(self, identifiant: str, champ: str | None = None) -> bool:
        ligne = self._lignes.get(identifiant)
        return ligne is not None and self._lecteur is not None and est_lue(self._lecteur, ligne, champ)


def est_lue(lecteur: Lecteur, ligne: Mapping[str, Any], champ: str | None = None) -> bool:
    """Cette personne lit-elle cette pièce, ou ce champ de la pièce ?"""
    return lecteur.lit(ligne["forme"], ligne["personne_id"], ligne["partagee"], ligne["auteur_id"], champ)


def lisibles(session: Session, structure_id: str, lecteur: Lecteur, identifiants: Collection[str]) -> Lues:
    """Ces pièces-là, citées par un contrôle ou un désaccord."""
    return _lues(session, structure_id, lecteur, _PAR_ID, identifiants)


def du_dossier(session: Session, structure_id: str, lecteur: Lecteur, personnes: Collection[str]) -> Lues:
    """Toutes celles de ces dossiers."""
    return _lues(session, structure_id, lecteur, _PAR_DOSSIER, personnes)


def _lues(session: Session, structure_id: str, lecteur: Lecteur, requete: Instruction, cles: Collection[str]) -> Lues:
    lues = requete.lire(session, structure=structure_id, cles=sorted(cles)) if cles else []
    return Lues({ligne[0]: dict(zip(_DITES, ligne, strict=True)) for ligne in lues}, lecteur)
