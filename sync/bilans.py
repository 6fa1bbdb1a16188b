"""Les bilans : un appareil résume ce qu'il tient de chaque dossier, le serveur reconnaît ceux qui diffèrent.

Un bilan est « nombre:empreinte » ; l'empreinte, les seize premiers signes du SHA-256 des lignes « type id version »
triées, chacune finie par un retour à la ligne. Mêmes cas dans tests/corpus/bilans.json.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from sync.acteur import Acteur
from sync.desaccords import lisible
from sync.etat import CONTROLE, DES_CAHIERS, DESACCORD, ENTRETIEN, FICHES, PARTAGE, PIECE
from sync.fiches import piece
from sync.fiches.lecture import dossier_de
from sync.lecteur import Lecteur
from sync.versions import connait

# Ce qu'une demande peut en porter ; au-delà, l'appareil les envoie en plusieurs fois.
BILANS_MAX = 200


def bilan(fiches: Iterable[tuple[str, str, int]]) -> str:
    """Le bilan d'un dossier, de ses fiches (type, id, version)."""
    lignes = sorted(f"{genre} {identifiant} {version}\n" for genre, identifiant, version in fiches)
    return f"{len(lignes)}:{hashlib.sha256(''.join(lignes).encode()).hexdigest()[:16]}"


def bilans(session: Session, acteur: Acteur, personnes: Collection[str]) -> dict[str, str]:
    """Le bilan de chaque dossier tel que cet acteur le reçoit : une requête par table, sans lire les fiches."""
    par_dossier: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    lecteur = Lecteur(session, acteur.structure_id, personnes, acteur.utilisateur_id, acteur.role, acteur.jour)
    dites = piece.du_dossier(session, acteur.structure_id, lecteur, personnes)
    for fiche in FICHES:
        if not connait(acteur.protocole, fiche.name):
            continue
        dossier = dossier_de(fiche)
        colonnes = [fiche.c.id, dossier.label("personne_id"), fiche.c.sequence]
        colonnes += [fiche.c.partagee] if fiche is ENTRETIEN else []
        if fiche in (DESACCORD, CONTROLE, PARTAGE):
            colonnes = list(fiche.c)
        requete = select(*colonnes).where(fiche.c.structure_id == acteur.structure_id, dossier.in_(sorted(personnes)))
        for ligne in session.execute(requete).mappings():
            if _est_dite(fiche, dict(ligne), acteur, dites, lecteur):
                par_dossier[ligne["personne_id"]].append((fiche.name, ligne["id"], ligne["sequence"]))
    return {personne_id: bilan(fiches) for personne_id, fiches in par_dossier.items()}


def bilans_de_cahiers(session: Session, acteur: Acteur, cahiers: Collection[str]) -> dict[str, str]:
    """Le bilan de chaque cahier : qui le tient en lit tout."""
    par_cahier: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for fiche in DES_CAHIERS:
        cahier = dossier_de(fiche)
        requete = select(fiche.c.id, cahier.label("cahier_id"), fiche.c.sequence).where(
            fiche.c.structure_id == acteur.structure_id, cahier.in_(sorted(cahiers))
        )
        for identifiant, cahier_id, version in session.execute(requete):
            par_cahier[cahier_id].append((fiche.name, identifiant, version))
    return {cahier_id: bilan(fiches) for cahier_id, fiches in par_cahier.items()}


def _est_dite(fiche: Table, ligne: dict[str, Any], acteur: Acteur, dites: piece.Lues, lecteur: Lecteur) -> bool:
    """Une fiche que cette personne ne lit pas, ce qui en a été contrôlé ou contesté, ne lui est pas envoyé."""
    if fiche is PIECE:
        return dites.piece(ligne["id"])
    if fiche is PARTAGE:
        return lecteur.lit_partage(ligne)
    if fiche not in (CONTROLE, DESACCORD):
        return lecteur.lit_fiche(fiche.name, ligne["id"], ligne["personne_id"], bool(ligne.get("partagee")))
    if fiche is DESACCORD and not lisible(ligne, acteur.utilisateur_id, acteur.role):
        return False
    if ligne["fiche_type"] != "piece":
        return lecteur.lit_ce_qui_se_dit(ligne["fiche_type"], ligne["fiche_id"], ligne["personne_id"])
    return connait(acteur.protocole, "piece") and dites.piece(ligne["fiche_id"], ligne.get("champ"))
