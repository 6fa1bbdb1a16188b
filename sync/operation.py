"""L'opération qui monte et le résultat qui redescend : leur forme, strictement lue."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from sync.champs import CHAMPS_DU_SERVEUR
from sync.json_recu import decoder

# La version courante, et celles que le serveur comprend encore.
PROTOCOLE = 4
PROTOCOLES = (1, 2, 3, 4)

Statut = Literal["applied", "duplicate", "merged", "conflict", "held", "refused"]

Id = Annotated[
    str, msgspec.Meta(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", max_length=36)
]
Genre = Annotated[str, msgspec.Meta(pattern="^[a-z_]+$", max_length=40)]
Entier = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
InstantRecu = Annotated[dt.datetime, msgspec.Meta(tz=True)]

# Le contenu d'une création n'a rien à effacer : un champ absent et un champ vide y disent la même chose.
_CREATIONS = ("creer_", "ouvrir_", "proposer_", "noter_")


def est_creation(genre: str) -> bool:
    return genre.startswith(_CREATIONS)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """Ce qu'une personne a fait, tel que son appareil l'a enregistré. Auteur et structure viennent de la session."""

    id: Id
    genre: Genre
    entite: Id
    personne: Id
    base: Entier | None = None
    champs: dict[str, Any] = {}
    compteur: Entier = 0
    heure: InstantRecu
    remplace: Id | None = None

    @property
    def empreinte(self) -> str:
        """SHA-256 de ce qui est demandé, quel que soit l'appareil, l'heure ou le chemin de l'envoi."""
        champs = {nom: valeur for nom, valeur in self.champs.items() if nom not in CHAMPS_DU_SERVEUR}
        if est_creation(self.genre):
            champs = {nom: valeur for nom, valeur in champs.items() if valeur is not None}
        contenu = [self.genre, self.entite, self.personne, champs]
        return hashlib.sha256(msgspec.json.encode(contenu, order="deterministic")).hexdigest()


class Resultat(msgspec.Struct, kw_only=True, omit_defaults=False):
    """La réponse à une opération. `premier` : la première réponse, quand l'opération est déjà connue."""

    id: str
    statut: Statut
    version: int | None = None
    erreurs: dict[str, list[str]] = {}
    premier: str | msgspec.UnsetType = msgspec.UNSET


class OperationIllisible(ValueError):
    """L'enveloppe de l'opération n'a pas la forme attendue. `id` : celui de l'opération, s'il a pu être lu."""

    def __init__(self, erreurs: dict[str, list[str]], identifiant: str | None) -> None:
        super().__init__(str(erreurs))
        self.erreurs = erreurs
        self.id = identifiant


class _SeulementId(msgspec.Struct):
    id: Id


_LECTEUR = msgspec.json.Decoder(Operation)
_LECTEUR_ID = msgspec.json.Decoder(_SeulementId)

# Une horloge remise à zéro dit 1970 ; au-delà, c'est une ligne abîmée.
_ANNEES = range(1900, 9999)
_MESSAGES = {
    "genre": "Ce genre d’opération n’a pas la bonne forme.",
    "entite": "La fiche concernée n’est pas désignée correctement.",
    "personne": "La personne concernée n’est pas désignée correctement.",
    "base": "La version de départ doit être un nombre entier.",
    "champs": "Les champs doivent former un objet.",
    "compteur": "Le compteur de l’appareil doit être un nombre entier.",
    "heure": "L’heure de l’appareil doit être un instant avec son fuseau.",
    "remplace": "L’opération remplacée n’est pas désignée correctement.",
}


def verifier_heure(moment: dt.datetime) -> None:
    """Lève `OverflowError` : un instant lisible peut n'avoir d'équivalent ni en temps universel ni à Paris."""
    if moment.year not in _ANNEES:
        raise OverflowError("heure out of range")


def lire_operation(source: bytes | msgspec.Raw | Mapping[str, Any]) -> Operation:
    """Une opération lue de son JSON ou d'un dictionnaire. Lève `OperationIllisible`."""
    try:
        operation = msgspec.convert(source, Operation) if isinstance(source, Mapping) else decoder(source, _LECTEUR)
        verifier_heure(operation.heure)
    except (msgspec.MsgspecError, OverflowError, RecursionError) as erreur:
        champ = _champ_en_cause(str(erreur))
        message = _MESSAGES.get(champ, "Cette opération n’a pas la forme attendue.")
        raise OperationIllisible({champ: [message]}, _id_malgre_tout(source)) from None
    return operation


def _id_malgre_tout(source: bytes | msgspec.Raw | Mapping[str, Any]) -> str | None:
    """L'identifiant d'une opération illisible : sans lui, son refus ne pourrait pas lui être dit."""
    try:
        if isinstance(source, Mapping):
            return msgspec.convert(source, _SeulementId).id
        return decoder(source, _LECTEUR_ID).id
    except (msgspec.MsgspecError, RecursionError):
        return None


def _champ_en_cause(message: str) -> str:
    """Le champ nommé par un message de lecture, « operation » si aucun ne l'est."""
    for nom in _MESSAGES:
        if f"`$.{nom}" in message or f"field `{nom}`" in message:
            return nom
    return "heure" if "out of range" in message else "operation"
