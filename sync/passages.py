"""Lire d'avance ce que la fusion doit savoir : rien quand chacun était à jour, sinon le journal des fiches en cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.models import Operation as Journal
from sync.acteur import Acteur, source
from sync.etat import CONTROLE, DESACCORD, PAR_NOM, PERSONNE, Etat, Ligne
from sync.fusion import Fusion
from sync.operation import Operation
from sync.regles.regle import Contexte, Regle, identifiant_controle

REGLER, ARCHIVER = "regler_desaccord", "archiver_dossier"

_COLONNES = (
    Journal.genre,
    Journal.entite,
    Journal.personne_id,
    Journal.champs,
    Journal.contestes,
    Journal.note_touchee,
    Journal.compteur,
    Journal.heure,
    Journal.sequence,
    Journal.utilisateur_id,
    Journal.appareil_id,
    Journal.recue_le,
)


def lire_fusion(etat: Etat, acteur: Acteur, operations: Sequence[Operation], regles: Mapping[str, Regle]) -> Fusion:
    """Deux requêtes au plus par lot ; une de plus pour un dossier archivé ou à archiver ; et de quoi régler."""
    fusion = Fusion(regles)
    perimees = [operation for operation in operations if _est_perimee(etat, acteur, operation, regles)]
    _charger_desaccords(etat, operations, {operation.personne for operation in perimees})
    _charger_passages(fusion, etat, perimees)
    _charger_archivages(fusion, etat, {op.personne for op in operations})
    _charger_dossiers_a_archiver(fusion, etat, operations)
    _charger_fiches_a_regler(etat, acteur, operations)
    return fusion


def _est_perimee(etat: Etat, acteur: Acteur, operation: Operation, regles: Mapping[str, Regle]) -> bool:
    """La fiche a changé depuis que l'auteur l'a lue, ou il l'a créée sans savoir ce qu'elle est devenue."""
    regle = regles.get(operation.genre)
    if regle is None or not regle.fusionne or regle.fiche is None:
        return False
    fiche = etat.lire(PAR_NOM[regle.fiche], operation.entite)
    if fiche is None:
        return False
    return acteur.hors_ligne if operation.base is None else bool(operation.base < fiche["sequence"])


def _charger_desaccords(etat: Etat, operations: Sequence[Operation], perimees: set[str]) -> None:
    dossiers = set(perimees)
    for operation in operations:
        personne = etat.lire(PERSONNE, operation.personne)
        if personne is not None and personne["desaccords"]:
            dossiers.add(operation.personne)
    etat.charger(DESACCORD, dossiers, "personne_id")


def _charger_passages(fusion: Fusion, etat: Etat, perimees: Sequence[Operation]) -> None:
    """Depuis la plus ancienne base du lot : un appareil note avant et après avoir reçu."""
    if not perimees:
        return
    fusion.passages = {operation.entite: [] for operation in perimees}
    fiches = fusion.passages.keys()
    entites = fiches | {ligne["id"] for ligne in etat.lignes(DESACCORD) if ligne["fiche_id"] in fiches}
    depuis = min(operation.base or 0 for operation in perimees)
    for ligne in _journal(etat, Journal.entite.in_(sorted(entites)), Journal.sequence > depuis):
        fiche_id = fusion.fiche_de(etat, ligne)
        if fiche_id in fusion.passages:
            fusion.passages[fiche_id].append(fusion.passage(etat, ligne))


def _charger_archivages(fusion: Fusion, etat: Etat, dossiers: Collection[str]) -> None:
    archives = {}
    for personne_id in dossiers:
        personne = etat.lire(PERSONNE, personne_id)
        if personne is not None and personne["archive_le"] is not None:
            archives[personne_id] = personne["archive_sequence"]
    if not archives:
        return
    ce_jour_la = and_(Journal.personne_id.in_(sorted(archives)), Journal.sequence.in_(sorted(set(archives.values()))))
    for ligne in _journal(etat, ce_jour_la):
        if ligne["sequence"] == archives[ligne["personne_id"]]:
            fusion.archivages[ligne["personne_id"]] = fusion.passage(etat, ligne)


def _charger_dossiers_a_archiver(fusion: Fusion, etat: Etat, operations: Sequence[Operation]) -> None:
    """Ce qui a été fait dans un dossier depuis que qui l'archive l'a lu."""
    archives = [(op.personne, op.base) for op in operations if op.genre == ARCHIVER and op.base is not None]
    if not archives:
        return
    fusion.dossiers = {personne_id: [] for personne_id, _ in archives}
    depuis = min(base for _, base in archives)
    for ligne in _journal(etat, Journal.personne_id.in_(sorted(fusion.dossiers)), Journal.sequence > depuis):
        fusion.dossiers[ligne["personne_id"]].append(fusion.passage(etat, ligne))


def _charger_fiches_a_regler(etat: Etat, acteur: Acteur, operations: Sequence[Operation]) -> None:
    """Les fiches où une valeur choisie s'écrira."""
    par_type: dict[str, set[str]] = defaultdict(set)
    for operation in operations:
        desaccord = etat.lire(DESACCORD, operation.entite) if operation.genre == REGLER else None
        if desaccord is not None:
            par_type[desaccord["fiche_type"]].add(desaccord["fiche_id"])
    for fiche_type, fiches in par_type.items():
        etat.charger(PAR_NOM[fiche_type], (fiche for fiche in fiches if not etat.lire(PAR_NOM[fiche_type], fiche)))
    controles = {
        identifiant_controle(acteur.structure_id, fiche_type, fiche)
        for fiche_type, fiches in par_type.items()
        for fiche in fiches
    }
    etat.charger(CONTROLE, (controle for controle in controles if not etat.lire(CONTROLE, controle)))


def valeur_vue(contexte: Contexte, operation: Operation, champ: str) -> Any:
    """Ce que l'auteur lisait dans ce champ : la dernière écriture avant sa `base`, non écartée depuis.

    None si le journal ne la garde pas. Une requête, pour le seul cas où quelqu'un l'a changé sans lui.
    """
    etat, base = contexte.etat, contexte.fusion.base(operation, contexte.acteur)
    siens = [d for d in etat.lignes(DESACCORD) if (d["fiche_id"], d["champ"]) == (operation.entite, champ)]
    ecartees = {
        (source(d["propose_appareil_id"], d["propose_par_id"]), d["propose_le"])
        for d in siens
        if d["choix"] != "propose"
    }
    entites = {operation.entite} | {desaccord["id"] for desaccord in siens}
    vue = None
    for ligne in _journal(etat, Journal.entite.in_(sorted(entites)), Journal.sequence <= (base or 0)):
        passage = contexte.fusion.passage(etat, ligne)
        if (champ, None) in passage.valeurs and (passage.source, passage.recue_le) not in ecartees:
            vue = passage.valeurs[champ, None]
    return vue


def _journal(etat: Etat, *conditions: ColumnElement[bool]) -> Iterator[Ligne]:
    """Les opérations appliquées, dans l'ordre des versions."""
    requete: Any = (
        select(*_COLONNES)
        .where(Journal.structure_id == etat.structure_id, Journal.statut != "refused", *conditions)
        .order_by(Journal.sequence)
    )
    for ligne in etat.session.execute(requete).mappings():
        yield dict(ligne)
