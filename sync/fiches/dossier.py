"""Un dossier entier, de la base à ses fiches : pour le flux, pour les pages de Flask, pour les rapports."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.instruction import table
from app.models import Utilisateur
from sync.etat import PERSONNE
from sync.fiches import controle, desaccord, entretien, mesure, partage, personne, piece, rendez_vous
from sync.fiches.lecture import Choix, Fiche, suite
from sync.fiches.tombe import TOMBE, Tri
from sync.lecteur import Lecteur
from sync.operation import PROTOCOLE
from sync.versions import connait

CLES_DOSSIER = {
    "mesure": "mesures",
    "rendez_vous": "rendez_vous",
    "entretien": "entretiens",
    "piece": "pieces",
    "controle": "controles",
    "desaccord": "desaccords",
    "partage": "partages",
}
_UTILISATEURS = suite(table(Utilisateur), "id", "id", "prenom", "nom")


def lire_fiches(
    session: Session,
    choix: Choix,
    lecteur_id: str,
    role: str,
    protocole: int = PROTOCOLE,
    jour: dt.date | None = None,
) -> dict[str, list[Fiche]]:
    """Les fiches choisies, par dossier, dans l'ordre où elles se rangent : personne, mesures, rendez-vous…"""
    lecteur = Lecteur(session, choix.structure_id, [*choix.entiers, *choix.partiels], lecteur_id, role, jour)
    large = choix.elargi(lecteur.binomes)
    # Là où ce qu'elle lit a pu changer depuis, tout est à redire, ou à oublier.
    bascule = choix.elargi(_a_relire(session, choix, lecteur))
    # Dans un dossier neuf qu'elle n'a jamais suivi, le téléphone n'a rien eu de ce qu'elle ne lit pas.
    tus = lecteur.restreints & {*choix.partiels, *lecteur.suivis}
    personnes, mesures = personne.LIGNES.lire(session, bascule), mesure.LIGNES.lire(session, bascule)
    poses, entretiens = rendez_vous.LIGNES.lire(session, bascule), entretien.LIGNES.lire(session, bascule)
    controles = controle.LIGNES.lire(session, large)
    desaccords = desaccord.lire(session, large, lecteur_id, role) if connait(protocole, "desaccord") else []
    partages = partage.lire(session, bascule) if connait(protocole, "partage") else []
    siennes: list[dict[str, Any]] = []
    citees: set[str] = set()
    if connait(protocole, "piece"):
        siennes = piece.lire(session, large, tus, lecteur)
        citees = controle.de_pieces(controles) | desaccord.de_pieces(desaccords)
    dites = piece.lisibles(session, choix.structure_id, lecteur, citees)
    tri = Tri(tus)
    mesures = tri.garder("mesure", mesures, mesure.OU, lambda m: lecteur.lit_fiche("mesure", m[0], m[1]))
    poses = tri.garder("rendez_vous", poses, rendez_vous.OU, lambda r: lecteur.lit_fiche("rendez_vous", r[1], r[2]))
    entretiens = tri.garder("entretien", entretiens, entretien.OU, lambda e: entretien.se_lit(lecteur, e))
    controles = tri.garder("controle", controles, controle.OU, lambda c: controle.se_lit(c, dites, lecteur))
    par_nom = ("id", "personne_id")
    desaccords = tri.garder("desaccord", desaccords, par_nom, lambda d: desaccord.se_lit(d, dites, lecteur))
    partages = tri.garder("partage", partages, par_nom, lecteur.lit_partage)
    cites = entretien.cites(entretiens) | controle.cites(controles) | desaccord.cites(desaccords)
    noms = _noms(session, choix.structure_id, cites | partage.cites(partages) | piece.cites(siennes))
    par_dossier: dict[str, list[Fiche]] = defaultdict(list)
    for fiche in personne.fiches(session, choix, lecteur, protocole, personnes):
        par_dossier[fiche["id"]].append(fiche)
    for source in (
        mesure.fiches(session, choix, lecteur, mesures),
        rendez_vous.fiches(poses),
        entretien.fiches(session, choix, lecteur, entretiens, noms),
        piece.fiches(siennes, lecteur, noms),
        tri.tombes,
        controle.fiches(controles, role, noms),
        desaccord.fiches(session, choix, desaccords, noms),
        partage.fiches(partages, noms),
    ):
        for fiche in source:
            par_dossier[fiche["personne_id"]].append(fiche)
    for rendue in personne.rendues(session, choix, personnes):
        # Réunis de nouveau depuis : la fiche y est.
        du_dossier = par_dossier[rendue["personne_id"]]
        if not any((fiche["type"], fiche["id"]) == (rendue["de"], rendue["id"]) for fiche in du_dossier):
            du_dossier.append(rendue)
    return par_dossier


def lire_dossiers(
    session: Session, structure_id: str, personne_ids: Collection[str], lecteur_id: str, role: str | None = None
) -> dict[str, dict[str, Any]]:
    """Les dossiers entiers, tels que les vues les prennent. Ne vérifie pas la portée : voir `sync.portee`.

    Les champs que le rôle du lecteur ne lit pas sont absents, un motif de sortie réservé y devient « autre » ; la note
    personnelle n'est là que pour son auteur.
    """
    if not personne_ids:
        return {}
    if role is None:
        role = session.execute(
            select(Utilisateur.role).where(Utilisateur.structure_id == structure_id, Utilisateur.id == lecteur_id)
        ).scalar_one_or_none()
    fiches = lire_fiches(session, Choix(structure_id, personne_ids), lecteur_id, role or "")
    return {personne_id: ranger(liste) for personne_id, liste in fiches.items()}


def ranger(fiches: list[Fiche]) -> dict[str, Any]:
    """Les fiches d'un dossier, réunies sous les clés que les vues attendent."""
    dossier: dict[str, Any] = {"personne": None} | {cle: [] for cle in CLES_DOSSIER.values()}
    for fiche in fiches:
        if fiche["type"] == "personne":
            dossier["personne"] = fiche
        elif fiche["type"] != TOMBE:
            dossier[CLES_DOSSIER[fiche["type"]]].append(fiche)
    return dossier


def _a_relire(session: Session, choix: Choix, lecteur: Lecteur) -> set[str]:
    """Les dossiers d'un binôme où ce qu'il lit a pu changer depuis : l'accord, ou ce qui les lui ouvre."""
    siens = lecteur.binomes.intersection(choix.partiels)
    if not siens:
        return set()
    changees = session.execute(
        select(PERSONNE.c.id).where(
            PERSONNE.c.structure_id == choix.structure_id,
            PERSONNE.c.id.in_(sorted(siens)),
            PERSONNE.c.sequence > choix.depuis,
        )
    )
    recents = {personne for personne in siens if lecteur.depuis_peu[personne] > choix.depuis}
    return recents | {identifiant for (identifiant,) in changees} | siens.intersection(choix.bascules)


def _noms(session: Session, structure_id: str, cites: set[str | None]) -> dict[str, str]:
    """Les noms de qui a écrit ou contrôlé les fiches lues, et d'eux seuls."""
    connus = [identifiant for identifiant in cites if identifiant]
    lus = _UTILISATEURS.lire(session, structure=structure_id, cles=connus) if connus else []
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}
