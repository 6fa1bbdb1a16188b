"""Les cahiers qui descendent : le cahier, qui le tient, ses feuilles. Qui le tient en lit tout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.domain.dates import instant, jour_paris
from app.instruction import table
from app.models import CahierMembre, Utilisateur
from sync.etat import CAHIER, FEUILLE
from sync.fiches.lecture import PREMIER, Choix, Fiche, Lecture, jour, lecture, suite

_CAHIERS = lecture(CAHIER, *("id", "sequence", "genre", "nom", "valeurs", "ferme_le"))
_FEUILLES = lecture(
    FEUILLE,
    *("id", "cahier_id", "sequence", "forme", "valeurs", "revisions", "auteur_id", "note_le"),
    *("retiree_le", "retrait_motif", "tardive", "resume", "cree_le"),
)
_COMPTES = tuple(Lecture(fiche, func.count()) for fiche in (CAHIER, FEUILLE))
_MEMBRES = suite(table(CahierMembre), "cahier_id", "cahier_id", "utilisateur_id", "actif")
_NOMS = suite(table(Utilisateur), "id", "id", "prenom", "nom")


def lire_fiches_de_cahiers(session: Session, choix: Choix) -> dict[str, list[Fiche]]:
    """Les fiches choisies, par cahier : le cahier d'abord, puis ses feuilles. Ne vérifie pas qui les lit."""
    par_cahier: dict[str, list[Fiche]] = defaultdict(list)
    cahiers = sorted(_CAHIERS.lire(session, choix), key=PREMIER)
    membres = _membres(session, choix.structure_id, [ligne[0] for ligne in cahiers])
    for identifiant, version, genre, nom, valeurs, ferme_le in cahiers:
        par_cahier[identifiant].append(
            {
                "type": "cahier",
                "id": identifiant,
                "version": version,
                "genre": genre,
                "nom": nom,
                "valeurs": valeurs,
                "ferme_le": jour(ferme_le),
                "membres": membres[identifiant],
            }
        )
    feuilles = sorted(_FEUILLES.lire(session, choix), key=PREMIER)
    noms = _noms(session, choix.structure_id, feuilles)
    for ligne in feuilles:
        par_cahier[ligne[1]].append(_feuille(ligne, noms))
    return par_cahier


def lire_cahiers(session: Session, structure_id: str, cahier_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Les cahiers entiers, tels que les vues les prennent : `{"cahier", "feuilles"}`. La portée se vérifie avant."""
    if not cahier_ids:
        return {}
    fiches = lire_fiches_de_cahiers(session, Choix(structure_id, sorted(cahier_ids)))
    return {cahier_id: ranger(liste) for cahier_id, liste in fiches.items()}


def ranger(fiches: Iterable[Fiche]) -> dict[str, Any]:
    cahier: dict[str, Any] = {"cahier": None, "feuilles": []}
    for fiche in fiches:
        if fiche["type"] == "cahier":
            cahier["cahier"] = fiche
        else:
            cahier["feuilles"].append(fiche)
    return cahier


def compter_fiches_de_cahiers(session: Session, choix: Choix) -> int:
    return sum(int(lu) for compte in _COMPTES for (lu,) in compte.lire(session, choix))


def _feuille(ligne: tuple[Any, ...], noms: Mapping[str, str]) -> Fiche:
    identifiant, cahier_id, version, forme, valeurs, revisions, auteur, note_le = ligne[:8]
    retiree_le, motif, tardive, resume, cree_le = ligne[8:]
    # Ce qui n'est préparé que pour un comité n'est dit que là ; quand c'est reçu, si c'est un autre jour que noté.
    dites: Fiche = {"resume": resume} if resume else {}
    notee, recue = instant(note_le), instant(cree_le)
    if jour_paris(notee) != jour_paris(recue):
        dites["recue_le"] = recue
    return {
        **dites,
        "type": "feuille",
        "id": identifiant,
        "cahier_id": cahier_id,
        "version": version,
        "forme": forme,
        "auteur": auteur,
        "auteur_nom": noms.get(auteur, ""),
        "note_le": notee,
        "retiree_le": None if retiree_le is None else instant(retiree_le),
        "retrait_motif": motif,
        "tardive": tardive,
        "valeurs": valeurs,
        "revisions": [
            {"le": revision["le"], "par_nom": noms.get(revision["par"], ""), "champs": revision["champs"]}
            for revision in revisions
        ],
    }


def _membres(session: Session, structure_id: str, cahiers: list[str]) -> dict[str, list[str]]:
    tenus: dict[str, list[str]] = defaultdict(list)
    for cahier_id, qui, actif in _MEMBRES.lire(session, structure=structure_id, cles=cahiers) if cahiers else ():
        if actif:
            tenus[cahier_id].append(qui)
    return defaultdict(list, {cahier_id: sorted(siens) for cahier_id, siens in tenus.items()})


def _noms(session: Session, structure_id: str, feuilles: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    cites = {ligne[6] for ligne in feuilles} | {r["par"] for ligne in feuilles for r in ligne[5]}
    lus = _NOMS.lire(session, structure=structure_id, cles=sorted(cites)) if cites else []
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}
