"""Ce qu'un comité décide d'une personne rejoint son dossier : une pièce, que la feuille du comité tient à jour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid5

from app.domain.feuilles import charger as feuilles
from app.domain.formes import charger
from sync.etat import CONTROLE, FEUILLE, PERSONNE, PIECE, Ligne
from sync.operation import Operation
from sync.regles.decrite import jour
from sync.regles.piece import poser
from sync.regles.regle import Contexte

EFFACEE = "Effacée au comité."


def rejoindre(
    decrite: Mapping[str, Any], contexte: Contexte, operation: Operation, changes: Collection[str] | None = None
) -> None:
    """`changes` : les seuls champs que l'opération a changés. Ce que le référent a corrigé d'un autre reste."""
    code = str(decrite.get("rejoint", ""))
    feuille = contexte.etat.lire(FEUILLE, operation.entite) if code else None
    if feuille is None or not feuille["valeurs"].get("dossier_id"):
        return
    valeurs = feuille["valeurs"]
    identifiant = piece_de(feuille["id"], code)
    for table in (PIECE, CONTROLE):
        contexte.etat.charger(table, [identifiant])
    piece, decidee = contexte.etat.lire(PIECE, identifiant), bool(valeurs.get("decision")) and not feuille["retiree_le"]
    if piece is None:
        if not decidee:
            return
        personne_id = _qui_reste(contexte, valeurs["dossier_id"])
        _noter(contexte, operation, code, identifiant, personne_id, valeurs)
    elif not decidee:
        personne_id = piece["personne_id"]
        if piece["retiree_le"] is None:
            retiree_le = operation.heure.astimezone(dt.UTC)
            _changer(contexte, identifiant, retiree_le=retiree_le, retrait_motif=EFFACEE)
    else:
        personne_id = piece["personne_id"]
        redecidee = piece["retiree_le"] is not None and changes is not None and "decision" in changes
        if piece["retrait_motif"] == EFFACEE or redecidee:
            _changer(contexte, identifiant, retiree_le=None, retrait_motif=None)
            # Retirée, elle ne suivait plus : décidée de nouveau, elle revient telle qu'elle est au comité.
            changes = None
        dites = {nom: valeurs.get(nom) for nom in _noms(code) if changes is None or nom in changes}
        if dites:
            poser(contexte, piece, dites, operation)
    contexte.soumettre_au_controle("piece", identifiant, personne_id)
    contexte.etat.charger(PERSONNE, [personne_id])
    contexte.touches[personne_id] = contexte.version


def rejointes() -> dict[str, str]:
    """Par forme de feuille qui en tient une à jour, celle de sa pièce."""
    return {code: str(decrite["rejoint"]) for code, decrite in feuilles().items() if "rejoint" in decrite}


def piece_de(feuille_id: str, code: str) -> str:
    return str(uuid5(UUID(feuille_id), code))


def suivre_le_comite(contexte: Contexte, operation: Operation, cahier: Ligne, changes: Mapping[str, Any]) -> None:
    """Le jour ou le nom d'un comité corrigé après coup : ce qui y a été décidé le dit aussi, effacé compris.

    `changes` : `jour`, `nom`, ceux qui changent.
    """
    dites = {dit: changes[nom] for nom, dit in (("jour", "le"), ("nom", "comite")) if nom in changes}
    if cahier["genre"] != "comite" or not dites:
        return
    etat = contexte.etat
    etat.charger(FEUILLE, [cahier["id"]], "cahier_id")
    siennes, formes = [f for f in etat.lignes(FEUILLE) if f["cahier_id"] == cahier["id"]], rejointes()
    pieces = [piece_de(f["id"], formes[f["forme"]]) for f in siennes if f["forme"] in formes]
    etat.charger(PIECE, pieces)
    tenues = [piece for identifiant in pieces if (piece := etat.lire(PIECE, identifiant)) is not None]
    etat.charger(PERSONNE, {piece["personne_id"] for piece in tenues})
    for piece in tenues:
        poser(contexte, piece, dites, operation)
        contexte.touches[piece["personne_id"]] = contexte.version


def _noter(
    contexte: Contexte, operation: Operation, code: str, identifiant: str, personne_id: str, situation: Ligne
) -> None:
    cahier = contexte.cahier(operation)
    dites = {nom: situation[nom] for nom in _noms(code) if nom in situation}
    valeurs = {"le": cahier["valeurs"]["jour"], "comite": cahier["nom"], **dites}
    contexte.etat.ajouter(
        PIECE,
        id=identifiant,
        personne_id=personne_id,
        forme=code,
        jour=jour(charger()[code], valeurs),
        valeurs=valeurs,
        partagee=False,
        revisions=[],
        auteur_id=contexte.acteur.utilisateur_id,
        note_le=operation.heure.astimezone(dt.UTC),
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )


def _changer(contexte: Contexte, identifiant: str, **valeurs: Any) -> None:
    contexte.etat.changer(PIECE, identifiant, sequence=contexte.version, **valeurs)


def _noms(code: str) -> list[str]:
    """Ce que la situation et la pièce disent toutes deux."""
    return [champ["nom"] for champ in charger()[code]["champs"] if champ["nom"] not in ("le", "comite")]


def _qui_reste(contexte: Contexte, personne_id: str) -> str:
    """Le dossier où se lit celui-ci, s'il a été réuni à un autre."""
    suivant: str | None = personne_id
    while suivant:
        personne_id = suivant
        contexte.etat.charger(PERSONNE, [personne_id])
        ligne = contexte.etat.lire(PERSONNE, personne_id)
        suivant = ligne["fusionnee_dans"] if ligne else None
    return personne_id
