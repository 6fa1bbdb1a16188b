"""Le dépôt d'enveloppes scellées : ouvrir, appliquer, et ne répondre que des statuts."""

from __future__ import annotations

from typing import Annotated

import msgspec
from sqlalchemy import Engine

from app.moteur import ecrire
from sync import scelle
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.echange import OPERATIONS_MAX, invalide
from sync.erreur import Erreur
from sync.operation import Id, Operation, OperationIllisible, lire_operation

MEDIA = "application/vnd.jalon.scelles+json"


class Enveloppe(msgspec.Struct, frozen=True):
    """`id` : celui de l'opération ; `cle` : la clé qui l'a scellée ; `donnees` : l'enveloppe en base64url."""

    id: Id
    cle: Annotated[str, msgspec.Meta(max_length=60)]
    donnees: Annotated[str, msgspec.Meta(max_length=400_000)]


class Depot(msgspec.Struct, frozen=True):
    """Le corps de `POST /sync/scelles`."""

    appareil: Id
    enveloppes: Annotated[list[Enveloppe], msgspec.Meta(max_length=OPERATIONS_MAX)]


def lire_depot(corps: bytes) -> Depot:
    """Le dépôt lu de son JSON ; lève `Erreur` 400."""
    try:
        return msgspec.json.decode(corps, type=Depot)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise invalide() from None


def deposer(moteur: Engine, acteur: Acteur, depot: Depot, secrets: list[str]) -> bytes:
    """Ouvre et applique ; rend `{"resultats": [{"id", "statut"}]}`. Une enveloppe illisible est « refused ».

    Lève `Erreur` 409 si l'appareil nommé n'est pas celui qui dépose.
    """
    if acteur.appareil_id is not None and acteur.appareil_id != depot.appareil:
        raise Erreur("appareil_inconnu", "Ce dépôt n'est pas celui de cet appareil.", 409)
    statuts: dict[str, str] = {}
    with ecrire(moteur) as session:
        cles = scelle.lire_cles(
            session, acteur.structure_id, [enveloppe.cle for enveloppe in depot.enveloppes], secrets
        )
        operations: list[Operation] = []
        for enveloppe in depot.enveloppes:
            statuts[enveloppe.id] = "refused"
            if enveloppe.cle not in cles:
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
    resultats = [{"id": identifiant, "statut": statut} for identifiant, statut in statuts.items()]
    return msgspec.json.encode({"resultats": resultats})
