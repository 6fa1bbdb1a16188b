"""L'échange : une demande monte des opérations, sa réponse descend résultats et fiches, en un seul aller-retour."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.dates import instant
from app.moteur import ecrire, lire
from sync import appareil as appareils
from sync import scelle
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.bilans import BILANS_MAX
from sync.codec import trop_volumineux
from sync.erreur import Erreur
from sync.flux import LIMITE_OCTETS, Page, page
from sync.json_recu import decoder
from sync.operation import (
    PROTOCOLE,
    PROTOCOLES,
    Id,
    InstantRecu,
    Operation,
    OperationIllisible,
    Resultat,
    est_creation,
    lire_operation,
    verifier_heure,
)
from sync.reference import reference
from sync.tableaux import Creations, ResultatRange, Tableau, ranger_resultat
from sync.versions import dire, porter

MEDIA = "application/vnd.jalon.echange+json"
OPERATIONS_MAX = 1000
OCTETS_MIN, OCTETS_MAX = 16 * 1024, 4 * 1024 * 1024
EPOQUE_DEPUIS = 2

_journal = logging.getLogger("jalon.sync")


class Demande(msgspec.Struct, frozen=True):
    """Le corps de `POST /sync`. Les opérations sont lues une par une : une seule malade n'arrête pas les autres."""

    protocole: int
    appareil: Id
    heure_appareil: InstantRecu
    curseur: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    reference: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    operations: list[msgspec.Raw] = []
    bilans: dict[Id, Annotated[str, msgspec.Meta(max_length=40)]] | None = None
    # Tous les dossiers que l'appareil tient après le premier identifiant, jusqu'au second compris, sont dans `bilans`.
    bilans_entre: tuple[Annotated[str, msgspec.Meta(max_length=36)], Id | None] | None = None
    # Ce que l'appareil sait et veut recevoir : des tableaux plutôt que des fiches, des pages de tant d'octets.
    tableaux: bool = False
    octets: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Reponse(msgspec.Struct, omit_defaults=False):
    """La réponse. `reference` n'y est que si elle a changé ; `repartir`, que si le curseur ne vaut plus rien.

    La version 1 du protocole n'a aucune des clés qui suivent `repartir`.
    """

    protocole: int
    resultats: list[Resultat] | list[ResultatRange]
    fiches: list[msgspec.Raw]
    retraits: list[str]
    tombes: list[dict[str, Any]]
    curseur: str
    suite: bool
    restant: int
    heure_serveur: str
    reference: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    repartir: bool | msgspec.UnsetType = msgspec.UNSET
    restauree: bool | msgspec.UnsetType = msgspec.UNSET
    sauvegarde: dict[str, str] | msgspec.UnsetType | None = msgspec.UNSET
    a_reprendre: list[str] | msgspec.UnsetType = msgspec.UNSET
    tableaux: list[Tableau] | msgspec.UnsetType = msgspec.UNSET


class _Protocole(msgspec.Struct):
    protocole: int


_LECTEUR = msgspec.json.Decoder(Demande)
_LECTEUR_PROTOCOLE = msgspec.json.Decoder(_Protocole)


def lire_demande(corps: bytes) -> Demande:
    """La demande lue de son JSON. Lève `Erreur` : 426 pour un autre protocole, 400 si la forme n'est pas la
    bonne, 413 s'il y a trop d'opérations.
    """
    try:
        protocole = decoder(corps, _LECTEUR_PROTOCOLE).protocole
        if protocole not in PROTOCOLES:
            raise Erreur("protocole", "L'application de cet appareil est à mettre à jour.", 426)
        demande = decoder(corps, _LECTEUR)
        verifier_heure(demande.heure_appareil)
    except (msgspec.MsgspecError, UnicodeDecodeError, OverflowError, RecursionError):
        raise invalide() from None
    if len(demande.operations) > OPERATIONS_MAX or len(demande.bilans or ()) > BILANS_MAX:
        raise trop_volumineux()
    return demande


def invalide() -> Erreur:
    return Erreur("demande_invalide", "Cette demande n’a pas la forme attendue.", 400)


def echanger(
    moteur: Engine,
    acteur: Acteur,
    demande: Demande,
    secret: str,
    limite_octets: int = LIMITE_OCTETS,
    aussi: Callable[[Session], None] | None = None,
) -> bytes:
    """Applique ce qui monte, puis lit ce qui descend ; rend le JSON de la réponse.

    L'acteur vient de la session ; l'appareil de la demande, s'il est bien à lui. Lève `Erreur`. `aussi` : ce que
    l'appelant écrit dans la même transaction. Un appareil qui n'envoie rien n'en ouvre une que toutes les cinq minutes.
    """
    ecart = demande.heure_appareil - acteur.maintenant
    acteur = replace(acteur, appareil_id=demande.appareil, ecart=ecart, protocole=demande.protocole)
    if demande.octets is not None:
        limite_octets = max(OCTETS_MIN, min(demande.octets, OCTETS_MAX))
    lues = [
        porter(lue, demande.protocole) if isinstance(lue, Operation) else lue
        for lue in lire_operations(demande.operations)
    ]
    operations = [lue for lue in lues if isinstance(lue, Operation)]
    try:
        if not operations:
            with lire(moteur, acteur.structure_id) as session:
                if not appareils.verifier(session, acteur, demande.appareil):
                    return _repondre(session, acteur, demande, lues, [], limite_octets)
        try:
            resultats = _ecrire(moteur, acteur, demande, operations, secret, aussi)
        except OperationalError:
            if operations:
                raise
            _journal.exception("la base n'écrit plus : cet échange ne fait que recevoir")
            resultats = []
        with lire(moteur, acteur.structure_id) as session:
            return _repondre(session, acteur, demande, lues, resultats, limite_octets)
    except OperationalError:
        _journal.exception("la base ne répond pas")
        raise Erreur(
            "indisponible", "Le serveur est occupé. Rien n'est perdu : l'envoi recommencera.", 503, 5
        ) from None


def _ecrire(
    moteur: Engine,
    acteur: Acteur,
    demande: Demande,
    operations: Sequence[Operation],
    secret: str,
    aussi: Callable[[Session], None] | None,
) -> list[Resultat]:
    with ecrire(moteur, acteur.structure_id) as session:
        appareils.verifier(session, acteur, demande.appareil)
        resultats = appliquer(session, acteur, operations)
        appareils.noter_echange(session, acteur, demande.appareil, demande.heure_appareil)
        scelle.assurer_cle(session, acteur.structure_id, secret, acteur.maintenant)
        if aussi is not None:
            aussi(session)
    return resultats


def lire_operations(brutes: Sequence[msgspec.Raw]) -> list[Operation | Resultat]:
    """Chaque opération, ou son refus si elle n'est pas lisible. Sans identifiant, rien n'est répondable."""
    lues: list[Operation | Resultat] = []
    for brute in brutes:
        try:
            lues.append(lire_operation(brute))
        except OperationIllisible as illisible:
            if illisible.id is None:
                raise invalide() from None
            lues.append(Resultat(id=illisible.id, statut="refused", erreurs=illisible.erreurs))
    return lues


def _repondre(
    session: Session,
    acteur: Acteur,
    demande: Demande,
    lues: Sequence[Operation | Resultat],
    appliquees: Sequence[Resultat],
    limite_octets: int,
) -> bytes:
    reste = iter(appliquees)
    resultats = [next(reste) if isinstance(lue, Operation) else lue for lue in lues]
    creations = _creations(demande, lues, resultats) if demande.tableaux else None
    suivante = page(session, acteur, demande.curseur, limite_octets, demande.bilans, creations, demande.bilans_entre)
    connue = reference(session, acteur)
    dits = dire(resultats, demande.protocole)
    reponse = Reponse(
        protocole=demande.protocole,
        resultats=[ranger_resultat(resultat) for resultat in dits] if demande.tableaux else dits,
        fiches=suivante.fiches,
        retraits=suivante.retraits,
        tombes=suivante.tombes,
        curseur=suivante.curseur,
        suite=suivante.suite,
        restant=suivante.restant,
        heure_serveur=instant(acteur.maintenant),
        reference=msgspec.UNSET if connue["empreinte"] == demande.reference else connue,
        repartir=True if suivante.repartir else msgspec.UNSET,
        tableaux=suivante.tableaux if demande.tableaux else msgspec.UNSET,
    )
    if demande.protocole >= EPOQUE_DEPUIS:
        _dire_l_epoque(reponse, suivante)
        if suivante.a_reprendre:
            _journal.warning("appareil %s : %d dossiers à reprendre", demande.appareil, len(suivante.a_reprendre))
    return msgspec.json.encode(reponse)


def _creations(demande: Demande, lues: Sequence[Operation | Resultat], resultats: Sequence[Resultat]) -> Creations:
    """Les fiches nées de cette demande : l'appareil a encore sous la main ce qu'il vient d'en envoyer."""
    if demande.protocole != PROTOCOLE:
        # Portée à la forme d'aujourd'hui, une opération d'hier n'est plus celle que l'appareil a gardée.
        return {}
    return {
        lue.entite: (rang, lue)
        for rang, (lue, resultat) in enumerate(zip(lues, resultats, strict=True))
        if isinstance(lue, Operation) and resultat.statut == "applied" and est_creation(lue.genre)
    }


def _dire_l_epoque(reponse: Reponse, suivante: Page) -> None:
    """Ce que la base est devenue : restaurée, sauvegardée, et ce qui n'y est pas comme sur l'appareil."""
    reponse.sauvegarde = {"instant": instant(suivante.sauvegarde)} if suivante.sauvegarde else None
    if suivante.restauree:
        reponse.restauree = True
    if suivante.a_reprendre is not None:
        reponse.a_reprendre = suivante.a_reprendre
