"""Le dépôt d'enveloppes scellées : ouvrir, appliquer, et ne répondre que des statuts."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from sqlalchemy import Engine

from app.moteur import ecrire
from sync import appareil as appareils
from sync import scelle
from sync.acteur import Acteur
from sync.appliquer import appliquer, est_au_journal
from sync.codec import trop_volumineux
from sync.echange import OPERATIONS_MAX, invalide
from sync.operation import Id, Operation, OperationIllisible, lire_operation

MEDIA = "application/vnd.jalon.scelles+json"


# Une fiche aux textes les plus longs, chaque signe échappé, tient dedans.
DONNEES_MAX = 400_000


class Enveloppe(msgspec.Struct, frozen=True):
    """`id` : celui de l'opération ; `cle` : la clé qui l'a scellée ; `donnees` : l'enveloppe en base64url."""

    id: Id
    cle: str
    donnees: str


class Depot(msgspec.Struct, frozen=True):
    """Le corps de `POST /sync/scelles`."""

    appareil: Id
    enveloppes: list[Enveloppe]


def lire_depot(corps: bytes) -> Depot:
    """Le dépôt lu de son JSON ; lève `Erreur` 400, ou 413 s'il y a trop d'enveloppes."""
    try:
        depot = msgspec.json.decode(corps, type=Depot)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise invalide() from None
    if len(depot.enveloppes) > OPERATIONS_MAX:
        raise trop_volumineux()
    return depot


def deposer(moteur: Engine, acteur: Acteur, depot: Depot, secrets: list[str]) -> bytes:
    """Ouvre et applique ; rend `{"resultats": [{"id", "statut"}]}`. Une enveloppe illisible est « refused ».

    Un appareil révoqué ne pourra plus rien corriger ni renvoyer : ce qui ne s'applique pas est gardé au journal, devant
    le chef de service, et répondu « depose ». Lève `Erreur` 409 si l'appareil nommé n'est pas à qui dépose.
    """
    statuts: dict[str, str] = {}
    with ecrire(moteur, acteur.structure_id) as session:
        if acteur.appareil_id not in (None, depot.appareil):
            raise appareils.appareil_d_un_autre()
        revoque = appareils.est_revoque(session, acteur, depot.appareil)
        acteur = replace(acteur, appareil_id=depot.appareil, revoque=acteur.revoque or revoque)
        cles = scelle.lire_cles(
            session, acteur.structure_id, [enveloppe.cle for enveloppe in depot.enveloppes], secrets
        )
        operations: list[Operation] = []
        for enveloppe in depot.enveloppes:
            statuts[enveloppe.id] = "refused"
            if enveloppe.cle not in cles or len(enveloppe.donnees) > DONNEES_MAX:
                continue
            try:
                operation = lire_operation(scelle.ouvrir(cles[enveloppe.cle], enveloppe.id, enveloppe.donnees))
            except (scelle.EnveloppeIllisible, OperationIllisible):
                continue
            if operation.id == enveloppe.id:
                operations.append(operation)
        for resultat in appliquer(session, acteur, operations):
            # Un doublon vaut ce que valut la première réponse : c'est elle que l'appareil attend.
            statuts[resultat.id] = resultat.premier if isinstance(resultat.premier, str) else resultat.statut
            if acteur.revoque and statuts[resultat.id] == "refused" and est_au_journal(resultat):
                statuts[resultat.id] = "depose"
    resultats = [{"id": identifiant, "statut": statut} for identifiant, statut in statuts.items()]
    return msgspec.json.encode({"resultats": resultats})
