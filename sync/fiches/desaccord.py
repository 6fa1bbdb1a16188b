"""Les désaccords qui descendent : les deux valeurs en présence, qui, quand, d'où."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from app.domain.dates import instant
from app.instruction import table
from app.models import Appareil
from sync.desaccords import lisible
from sync.etat import DESACCORD
from sync.fiches import piece
from sync.fiches.lecture import Choix, Fiche, Lecture, jour, suite
from sync.lecteur import Lecteur

AU_BUREAU = "Bureau"

_LIGNES = Lecture(DESACCORD, *DESACCORD.columns)
_APPAREILS = suite(table(Appareil), "id", "id", "nom")


def lire(session: Session, choix: Choix, lecteur_id: str, role: str) -> list[dict[str, Any]]:
    """Les lignes, par colonne, de ceux dont ce rôle lit le champ."""
    lues = (dict(zip(DESACCORD.columns.keys(), ligne, strict=True)) for ligne in _LIGNES.lire(session, choix))
    return sorted((ligne for ligne in lues if lisible(ligne, lecteur_id, role)), key=itemgetter("id"))


def de_pieces(lus: Iterable[Mapping[str, Any]]) -> set[str]:
    """Les pièces dont parlent ces désaccords."""
    return {ligne["fiche_id"] for ligne in lus if ligne["fiche_type"] == "piece"}


def cites(lus: Iterable[Mapping[str, Any]]) -> set[str | None]:
    """Les comptes dont ces désaccords disent le nom."""
    return {ligne[nom] for ligne in lus for nom in ("vigueur_par_id", "propose_par_id", "regle_par_id")}


def se_lit(ligne: Mapping[str, Any], lues: piece.Lues, lecteur: Lecteur) -> bool:
    fiche_type, fiche_id = ligne["fiche_type"], ligne["fiche_id"]
    if fiche_type == "piece":
        return lues.piece(fiche_id, ligne["champ"])
    return lecteur.lit_ce_qui_se_dit(fiche_type, fiche_id, ligne["personne_id"])


def fiches(session: Session, choix: Choix, lus: list[dict[str, Any]], noms: Mapping[str, str]) -> Iterator[Fiche]:
    if not lus:
        return
    cites = {ligne[f"{cote}_appareil_id"] for ligne in lus for cote in ("vigueur", "propose")} - {None}
    appareils = dict(_APPAREILS.lire(session, structure=choix.structure_id, cles=list(cites)))
    for ligne in lus:
        yield {
            "type": "desaccord",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "version": ligne["sequence"],
            "fiche_type": ligne["fiche_type"],
            "fiche_id": ligne["fiche_id"],
            "champ": ligne["champ"],
            "date_effet": jour(ligne["date_effet"]),
            "en_vigueur": _valeur(ligne, "vigueur", noms, appareils),
            "propose": _valeur(ligne, "propose", noms, appareils),
            "etat": ligne["etat"],
            "choix": ligne["choix"],
            "regle_par_nom": noms.get(ligne["regle_par_id"] or ""),
            "regle_le": None if ligne["regle_le"] is None else instant(ligne["regle_le"]),
        }


def _valeur(ligne: dict[str, Any], cote: str, noms: Mapping[str, str], appareils: Mapping[str, str]) -> Fiche:
    """Une des deux valeurs en présence : quoi, qui, quand, d'où."""
    par, heure, appareil = (ligne[f"{cote}_{nom}"] for nom in ("par_id", "heure", "appareil_id"))
    return {
        "valeur": ligne[f"{cote}_valeur"],
        "par": par,
        "par_nom": noms.get(par or "", ""),
        "le": instant(ligne[f"{cote}_le"]),
        "heure": None if heure is None else instant(heure),
        "depuis": appareils.get(appareil or "", AU_BUREAU),
    }
