"""Appliquer un lot d'opérations, chacune exactement une fois.

Une seule fonction sert l'échange des téléphones, les dépôts scellés et les formulaires de Flask. Le lot est lu d'un
petit nombre de requêtes, appliqué en mémoire par les règles, puis écrit par table. Une opération refusée n'arrête
pas les autres ; si la base elle-même en refuse une, le lot est repris opération par opération.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.instruction import Instruction, Parmi, table
from app.models import Convention
from app.models import Operation as Journal
from sync.acces import lire_membres, lire_titres, lire_titres_de_cahiers
from sync.acteur import Acteur
from sync.aiguillage import lire_aiguillage
from sync.champs import CHAMPS_DU_SERVEUR, lire_champs
from sync.corrections import Corrections, lire_corrections
from sync.etat import CAHIER, CONTROLE, PAR_NOM, PERSONNE, RATTACHEMENT, Etat, Ligne
from sync.fusion import Verdict, douter_de_l_archive
from sync.operation import Operation, Resultat
from sync.passages import lire_fusion
from sync.rattachements import suivre
from sync.regles import (
    archive,
    cahier,
    controle,
    desaccord,
    entretien,
    feuille,
    fusion_dossiers,
    mesure,
    notes,
    partage,
    personne,
    piece,
    rattachement,
    rendez_vous,
    reprise,
    sortie,
)
from sync.regles.regle import CONTROLEURS, Contexte, Refus, Regle, Retenue, identifiant_controle
from sync.sequence import reserver

MODIFICATIONS = ("modifier_", "deplacer_")
MEMBRES = frozenset({"ajouter_membre", "retirer_membre", "modifier_cahier"})

REGLES: dict[str, Regle] = {
    **personne.GENRES,
    **mesure.GENRES,
    **sortie.GENRES,
    **rendez_vous.GENRES,
    **entretien.GENRES,
    **notes.GENRES,
    **piece.GENRES,
    **controle.GENRES,
    **archive.GENRES,
    **desaccord.GENRES,
    **partage.GENRES,
    **reprise.GENRES,
    **fusion_dossiers.GENRES,
    **cahier.GENRES,
    **feuille.GENRES,
    **rattachement.GENRES,
}

# Ce qui n'est jamais arrivé en un mois, à la montre de l'appareil, ne viendra plus : mieux vaut le rendre à corriger.
ATTENTE_MAX = dt.timedelta(days=30)

# La note personnelle n'entre pas au journal : elle a sa propre durée de vie.
HORS_JOURNAL = CHAMPS_DU_SERVEUR | {"note_personnelle"}

_journal = logging.getLogger("jalon.sync")


def appliquer(session: Session, acteur: Acteur, operations: Sequence[Operation]) -> list[Resultat]:
    """Applique le lot dans la transaction d'écriture ouverte et rend un résultat par opération, dans l'ordre."""
    if not operations:
        return []
    premiere_version = reserver(session, acteur.structure_id, len(operations))
    try:
        with session.begin_nested():
            return _appliquer_lot(session, acteur, operations, premiere_version)
    except (IntegrityError, DataError):
        _journal.warning("lot refusé par la base, repris opération par opération", exc_info=True)
    resultats: list[Resultat] = []
    for rang, operation in enumerate(operations):
        try:
            with session.begin_nested():
                resultats += _appliquer_lot(session, acteur, [operation], premiere_version + rang)
        except (IntegrityError, DataError):
            _journal.exception("opération %s refusée par la base", operation.id)
            erreurs = {"operation": ["Le serveur n’a pas pu enregistrer cette fiche. Prévenez l’administration."]}
            resultats.append(Resultat(id=operation.id, statut="refused", erreurs=erreurs))
    return resultats


def _appliquer_lot(
    session: Session, acteur: Acteur, operations: Sequence[Operation], premiere_version: int
) -> list[Resultat]:
    etat = Etat(session, acteur.structure_id)
    connues = _deja_connues(session, acteur.structure_id, operations)
    nouvelles = [operation for operation in operations if operation.id not in connues]
    contexte = _charger(etat, acteur, nouvelles)
    corrections = lire_corrections(session, acteur.structure_id, operations)
    resultats = []
    cahiers_touches: dict[str, int] = {}
    for rang, operation in enumerate(operations):
        deja = connues.get(operation.id)
        if deja is not None:
            resultats.append(_rejouer(operation, deja))
            if acteur.revoque and resultats[-1].premier == "refused":
                _garder_entiere(session, acteur, operation)
            continue
        contexte.version = premiere_version + rang
        contexte.retard = "appareil" if acteur.revoque else None
        contexte.verdict = Verdict()
        visee = contexte.viser(operation)
        resultat = _appliquer_une(contexte, visee, corrections, operation.entite)
        resultats.append(resultat)
        # Retenue, ou d'un genre encore inconnu ici : la réponse pourra changer, elle ne se garde pas.
        # D'un appareil révoqué tout se garde : il n'y aura pas d'autre envoi.
        if not acteur.revoque and (resultat.statut == "held" or operation.genre not in REGLES):
            continue
        ligne = _ligne_du_journal(contexte, visee, resultat, operation.empreinte)
        etat.journal.append(ligne)
        connues[operation.id] = ligne
        corrections.retenir(ligne)
        if resultat.statut != "refused":
            if etat.lire(PERSONNE, visee.personne) is not None:
                contexte.touches[visee.personne] = contexte.version
            elif etat.lire(CAHIER, visee.personne) is not None:
                cahiers_touches[visee.personne] = contexte.version
            if contexte.retard is not None:
                _marquer_tardive(contexte, visee)
            contexte.fusion.retenir(etat, ligne)
    for personne_id, version in contexte.touches.items():
        etat.changer(PERSONNE, personne_id, sequence_dossier=version)
    for cahier_id, version in cahiers_touches.items():
        etat.changer(CAHIER, cahier_id, sequence_cahier=version)
    etat.ecrire()
    cahiers = {*cahiers_touches, *(ligne["cahier_id"] for ligne in etat.lignes(RATTACHEMENT))}
    suivre(session, acteur.structure_id, cahiers, contexte.version, contexte.aujourd_hui)
    return resultats


def _appliquer_une(contexte: Contexte, operation: Operation, corrections: Corrections, nommee: str) -> Resultat:
    """`nommee` : l'entité telle que l'opération la nomme, avant l'aiguillage."""
    regle = REGLES.get(operation.genre)
    try:
        if regle is None:
            raise Refus({"genre": ["Ce genre d'opération n'existe pas ; l'application est peut-être à mettre à jour."]})
        if contexte.acteur.role not in regle.roles:
            raise Refus({"genre": ["Votre rôle ne permet pas cet enregistrement."]})
        if contexte.acteur.revoque and regle.roles <= CONTROLEURS:
            raise Refus({"genre": ["Cet appareil a été retiré : cela se décide au bureau."]})
        corrections.verifier(operation, contexte.acteur.utilisateur_id, nommee)
        controle = contexte.etat.lire(CONTROLE, operation.entite)
        if controle is not None and regle.fiche not in (None, controle["fiche_type"]):
            raise Refus({"entite": ["Cet identifiant désigne déjà une fiche d’une autre sorte."]})
        valeurs, erreurs = lire_champs(operation.champs, regle.formes())
        for nom, message in regle.obligatoires.items():
            if nom not in erreurs and valeurs.get(nom) is None:
                erreurs[nom] = [message]
        if erreurs:
            raise Refus(erreurs)
        if operation.genre.startswith(MODIFICATIONS) and not valeurs.keys() - {"date_effet"}:
            raise Refus({"champs": ["Rien n'est changé."]})
        reunion = contexte.aiguillage.reunies.get(contexte.origine or "")
        if reunion is not None and operation.genre == "modifier_personne":
            fusion_dossiers.modifier_absorbee(contexte, operation, valeurs, reunion)
        else:
            regle.appliquer(contexte, operation, valeurs)
        contexte.verdict.conclure()
        douter_de_l_archive(contexte, operation)
    except Refus as refus:
        return Resultat(id=operation.id, statut="refused", erreurs=refus.erreurs)
    except Retenue as retenue:
        if contexte.acteur.revoque:
            message = "La fiche attendue n’est jamais arrivée, et l’appareil a été retiré\u202f: à reprendre à la main."
            return Resultat(id=operation.id, statut="refused", erreurs={retenue.champ: [message]})
        if _attend_depuis_trop_longtemps(contexte.acteur, operation):
            message = "La fiche attendue n’est jamais arrivée\u202f: corrigez, ou montrez ceci à votre responsable."
            return Resultat(id=operation.id, statut="refused", erreurs={retenue.champ: [message]})
        message = "Cette fiche en attend une autre, qui n’est pas encore arrivée."
        return Resultat(id=operation.id, statut="held", erreurs={retenue.champ: [message]})
    return Resultat(id=operation.id, statut=contexte.verdict.issue, version=contexte.version)


def _marquer_tardive(contexte: Contexte, operation: Operation) -> None:
    """La fiche dira désormais qu'une part d'elle est arrivée tard, à qui la lit et non au seul chef de service.

    Même si l'opération n'a rien changé d'autre : les téléphones qui la tiennent doivent la recevoir.
    """
    fiche = PAR_NOM.get(REGLES[operation.genre].fiche or "")
    if fiche is None or "tardive" not in fiche.c:
        return
    ligne = contexte.etat.lire(fiche, operation.entite)
    if ligne is not None and ligne["tardive"] != contexte.retard:
        contexte.etat.changer(fiche, operation.entite, tardive=contexte.retard, sequence=contexte.version)


def _attend_depuis_trop_longtemps(acteur: Acteur, operation: Operation) -> bool:
    """L'âge se mesure d'une montre à elle-même : fausse, elle l'est des deux côtés."""
    return acteur.ecart is not None and acteur.maintenant + acteur.ecart - operation.heure > ATTENTE_MAX


def _rejouer(operation: Operation, deja: Ligne) -> Resultat:
    """La réponse d'hier, ou le constat que le même identifiant porte aujourd'hui autre chose."""
    if deja["empreinte"] != operation.empreinte:
        message = "Cet identifiant a déjà servi pour un autre contenu."
        return Resultat(id=operation.id, statut="refused", erreurs={"id": [message]})
    return Resultat(
        id=operation.id,
        statut="duplicate",
        version=deja["sequence"],
        erreurs=deja["erreurs"] or {},
        premier=deja["statut"],
    )


_CONNUES = Instruction(
    lambda _: select(Journal.id, Journal.empreinte, Journal.statut, Journal.sequence, Journal.erreurs).where(
        Journal.structure_id == bindparam("structure"), Parmi(table(Journal).c.id, "operations")
    )
)


def _deja_connues(session: Session, structure_id: str, operations: Sequence[Operation]) -> dict[str, Ligne]:
    lues = _CONNUES.lire(session, structure=structure_id, operations=[operation.id for operation in operations])
    noms = ("empreinte", "statut", "sequence", "erreurs")
    return {identifiant: dict(zip(noms, reste, strict=True)) for identifiant, *reste in lues}


def _charger(etat: Etat, acteur: Acteur, operations: Sequence[Operation]) -> Contexte:
    """Lit d'avance tout ce que le lot cite : une requête par table, quel que soit le nombre d'opérations."""
    etat.charger(PERSONNE, (operation.personne for operation in operations if operation.genre in REGLES))
    aiguillage = lire_aiguillage(etat, acteur, operations, REGLES)
    cites: dict[str, set[str]] = defaultdict(set)
    controles: set[str] = set()
    cahiers: set[str] = set()
    for operation in operations:
        regle = REGLES.get(operation.genre)
        if regle is None:
            continue
        if regle.cahier:
            cahiers.add(operation.personne)
        else:
            cites["personne"].add(operation.personne)
        if regle.cahier or operation.genre == "creer_personne":
            # Un identifiant est celui d'un dossier ou d'un cahier, jamais des deux.
            cites["cahier"].add(operation.personne)
        fiche = regle.fiche or operation.champs.get("fiche_type")
        if isinstance(fiche, str) and fiche in PAR_NOM:
            cites[fiche].add(operation.entite)
            controles.add(identifiant_controle(acteur.structure_id, fiche, operation.entite))
        for champ, nom in regle.cite.items():
            valeur = operation.champs.get(champ)
            if isinstance(valeur, str) and len(valeur) <= 36:
                cites[nom].add(valeur)
    for nom, identifiants in cites.items():
        lisibles = (valeur for valeur in identifiants if valeur.isascii() and valeur.isprintable())
        etat.charger(PAR_NOM[nom], (valeur for valeur in lisibles if etat.lire(PAR_NOM[nom], valeur) is None))
    visees = [aiguillage.viser(etat, operation) for operation in operations]
    controles |= {visee.entite for visee, operation in zip(visees, operations, strict=True) if visee is not operation}
    etat.charger(CONTROLE, controles)
    codes = frozenset[str]()
    if any(operation.genre == "ouvrir_mesure" for operation in operations):
        requete = select(Convention.code).where(Convention.structure_id == acteur.structure_id).distinct()
        codes = frozenset(etat.session.scalars(requete))
    fusion = lire_fusion(etat, acteur, visees, REGLES)
    lus = (cites["personne"] | {visee.personne for visee in visees}) - cahiers
    qui = (etat.session, acteur.structure_id, acteur.utilisateur_id)
    titres = lire_titres(*qui, lus) if lus else {}
    titres |= lire_titres_de_cahiers(*qui, cahiers) if cahiers else {}
    membres = {}
    if any(operation.genre in MEMBRES for operation in operations):
        membres = lire_membres(etat.session, acteur.structure_id, cahiers)
    for visee, operation in zip(visees, operations, strict=True):
        # Qui suivait le dossier nommé suit celui où ses fiches sont allées.
        if visee.personne != operation.personne:
            titres[visee.personne] = [*titres.get(visee.personne, ()), *titres.get(operation.personne, ())]
    return Contexte(etat, acteur, titres, codes, fusion=fusion, aiguillage=aiguillage, membres=membres)


def _ligne_du_journal(contexte: Contexte, operation: Operation, resultat: Resultat, empreinte: str) -> dict[str, Any]:
    acteur = contexte.acteur
    return {
        "structure_id": acteur.structure_id,
        "id": operation.id,
        "genre": operation.genre,
        "entite": operation.entite,
        "personne_id": operation.personne,
        "base": operation.base,
        "champs": _tous_les_champs(operation) if acteur.revoque else _pour_le_journal(operation, resultat),
        "compteur": operation.compteur,
        "heure": operation.heure.astimezone(dt.UTC),
        "remplace": operation.remplace,
        "protocole": acteur.protocole,
        "empreinte": empreinte,
        "statut": resultat.statut,
        "erreurs": resultat.erreurs or None,
        "sequence": resultat.version,
        "contestes": contexte.verdict.contestes or None,
        "note_touchee": "note_personnelle" in operation.champs,
        "utilisateur_id": acteur.utilisateur_id,
        "role": acteur.role,
        "appareil_id": acteur.appareil_id,
        "origine": acteur.origine,
        "tardive": contexte.retard is not None,
        "retard": contexte.retard,
        "origine_personne_id": contexte.origine,
        "recue_le": acteur.maintenant,
    }


def est_au_journal(resultat: Resultat) -> bool:
    """Le contenu refusé est au journal ; non si l'identifiant y désigne autre chose, ou si la base a refusé."""
    return not resultat.erreurs.keys() & {"id", "operation"}


def _garder_entiere(session: Session, acteur: Acteur, operation: Operation) -> None:
    """Refusée avant la révocation, elle ne sera plus corrigée par cet appareil : ses valeurs fautives comptent."""
    session.execute(
        update(Journal)
        .where(Journal.structure_id == acteur.structure_id, Journal.id == operation.id)
        .values(champs=_tous_les_champs(operation), tardive=True, retard="appareil")
        .execution_options(synchronize_session=False)
    )


def _tous_les_champs(operation: Operation) -> dict[str, Any]:
    """Les champs tels qu'ils ont été tapés, aux signes près qu'aucune base ne garde."""
    return {nom: valeur for nom, valeur in _lisible(operation.champs).items() if nom not in HORS_JOURNAL}


def _lisible(valeur: Any) -> Any:
    if isinstance(valeur, str):
        return valeur.replace("\x00", "\ufffd")
    if isinstance(valeur, dict):
        return {_lisible(nom): _lisible(element) for nom, element in valeur.items()}
    return [_lisible(element) for element in valeur] if isinstance(valeur, list) else valeur


def _pour_le_journal(operation: Operation, resultat: Resultat) -> dict[str, Any]:
    """Les champs à garder : ceux qui ont été appliqués, ou ceux d'un refus, pour comprendre et corriger.

    Les valeurs fautives d'un refus ne sont pas gardées : on ne sait pas ce qu'elles contiennent.
    """
    return {
        nom: valeur
        for nom, valeur in operation.champs.items()
        if nom not in HORS_JOURNAL and nom not in resultat.erreurs and (nom.isprintable() and len(nom) <= 60)
    }
