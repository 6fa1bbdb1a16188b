"""Les fiches : celles de l'autre dossier passent dans celui qui reste, et chacun reprend les siennes."""

from __future__ import annotations

from sqlalchemy import Text, cast, or_, select, update

from app.models import Demarche, FusionDossiers, NotePersonnelle
from app.models import Operation as Journal
from sync.etat import (
    CONTROLE,
    DESACCORD,
    ENTRETIEN,
    FEUILLE,
    MESURE,
    PERSONNE,
    PIECE,
    RATTACHEMENT,
    RENDEZ_VOUS,
    Ligne,
    table,
)
from sync.regles.decision import piece_de, rejointes
from sync.regles.regle import Contexte

FUSION = table(FusionDossiers)
SUITES = tuple(table(modele) for modele in (Demarche, NotePersonnelle))
# Ce qui suit un dossier dans l'autre, dans l'ordre où une fiche dit à qui elle est.
FICHES = (MESURE, RENDEZ_VOUS, ENTRETIEN, PIECE, RATTACHEMENT)
CITANTES = (CONTROLE, DESACCORD)
Deplacees = dict[str, list[str]]


def toutes(contexte: Contexte, personne_id: str) -> Deplacees:
    """Celles d'un dossier, par genre, lues avec ce qui se dit d'elles."""
    etat = contexte.etat
    for fiche in (*FICHES, *CITANTES):
        etat.charger(fiche, [personne_id], "personne_id")
    return {
        fiche.name: [ligne["id"] for ligne in etat.lignes(fiche) if ligne["personne_id"] == personne_id]
        for fiche in FICHES
    }


def deplacer(contexte: Contexte, fiches: Deplacees, de: str, vers: str) -> Deplacees:
    """Les fiches, et ce qui se dit d'elles ; une fiche garde son identifiant, son auteur, ses dates."""
    etat, deplacees = contexte.etat, dict(fiches)
    for fiche in CITANTES:
        deplacees[fiche.name] = [
            ligne["id"]
            for ligne in etat.lignes(fiche)
            if ligne["personne_id"] == de and ligne["fiche_id"] in fiches.get(ligne["fiche_type"], ())
        ]
    for fiche in (*FICHES, *CITANTES):
        for identifiant in deplacees[fiche.name]:
            etat.changer(fiche, identifiant, personne_id=vers, sequence=contexte.version)
    entretiens = deplacees[ENTRETIEN.name]
    for suite in SUITES if entretiens else ():
        etat.session.execute(
            update(suite)
            .where(suite.c.structure_id == etat.structure_id, suite.c.entretien_id.in_(entretiens))
            .values(personne_id=vers)
        )
    ouverts = sum(
        ligne["etat"] == "ouvert" for ligne in etat.lignes(DESACCORD) if ligne["id"] in deplacees["desaccord"]
    )
    for personne_id, ecart in ((de, -ouverts), (vers, ouverts)):
        ligne = etat.lire(PERSONNE, personne_id)
        if ligne is not None and ouverts:
            etat.changer(PERSONNE, personne_id, desaccords=ligne["desaccords"] + ecart)
    return deplacees


def siennes(contexte: Contexte, fusion: Ligne) -> Deplacees:
    """Ce qui était à l'autre dossier, ce qui a été ajouté à ses fiches, ce que quelqu'un a noté en le nommant, et ce
    qu'un comité a décidé de lui.
    """
    connues, etat, notees = toutes(contexte, fusion["personne_id"]), contexte.etat, nommees(contexte, fusion)
    decidees = _decidees(contexte, fusion)
    rendues: Deplacees = {}
    for fiche in FICHES:
        rendues[fiche.name] = [
            identifiant
            for identifiant in connues[fiche.name]
            if identifiant in fusion["deplacees"].get(fiche.name, ())
            or identifiant in (notees | decidees)
            or _tient_a(etat.lire(fiche, identifiant) or {}, rendues)
        ]
    return rendues


def nommees(contexte: Contexte, fusion: Ligne, genre: str | None = None) -> set[str]:
    """Ce que quelqu'un a noté depuis en nommant l'autre dossier, ou un dossier qui lui était déjà réuni."""
    etat = contexte.etat
    notees = select(Journal.entite).where(
        Journal.structure_id == etat.structure_id,
        Journal.origine_personne_id.in_(sorted(_rendus(contexte, fusion))),
        Journal.sequence > fusion["sequence"],
    )
    return set(etat.session.scalars(notees if genre is None else notees.where(Journal.genre == genre)))


def _rendus(contexte: Contexte, fusion: Ligne) -> set[str]:
    """Le dossier que la séparation rend, et ceux qui lui étaient déjà réunis."""
    etat, nommes = contexte.etat, {fusion["absorbee_id"]}
    reunis = {fusion["absorbee_id"]}
    while reunis:
        requete = select(FUSION.c.absorbee_id).where(
            FUSION.c.structure_id == etat.structure_id,
            FUSION.c.personne_id.in_(sorted(reunis)),
            FUSION.c.defaite_le.is_(None),
        )
        reunis = set(etat.session.scalars(requete)) - nommes
        nommes |= reunis
    return nommes


def _decidees(contexte: Contexte, fusion: Ligne) -> set[str]:
    """Les pièces qu'un comité tient à jour pour lui : décidées pendant la réunion, elles sont dans celui qui reste."""
    etat, rendus, formes = contexte.etat, _rendus(contexte, fusion), rejointes()
    citees = [cast(FEUILLE.c.valeurs, Text).contains(dossier_id) for dossier_id in sorted(rendus)]
    requete = select(FEUILLE.c.id, FEUILLE.c.forme, FEUILLE.c.valeurs).where(
        FEUILLE.c.structure_id == etat.structure_id, FEUILLE.c.forme.in_(formes), or_(*citees)
    )
    return {
        piece_de(identifiant, formes[forme])
        for identifiant, forme, valeurs in etat.session.execute(requete)
        if valeurs.get("dossier_id") in rendus
    }


def _tient_a(ligne: Ligne, siennes: Deplacees) -> bool:
    if ligne.get("mesure_id"):
        return ligne["mesure_id"] in siennes.get("mesure", ())
    return ligne.get("rendez_vous_id") in siennes.get("rendez_vous", ())
