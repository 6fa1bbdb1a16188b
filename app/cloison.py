"""La cloison d'une transaction : ce que PostgreSQL la laisse voir et écrire.

Chaque table porte des politiques forcées (`app/migrations/cloisons.py`) qui lisent ces réglages. Ils ne valent que
pour une transaction : une connexion rendue ne garde rien de la demande d'avant. SQLite n'a pas de cloison : les
requêtes, qui nomment toutes leur structure, y tiennent seules la séparation.

Avant que la structure soit connue, un passage étroit ouvre une ligne à qui en présente la clé : la session à qui tient
son jeton, l'appareil à qui tient son secret de dépôt, un lien ou l'adresse d'un agenda à qui l'a reçu, les comptes d'un
courriel à qui veut se connecter.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from sqlalchemy import Connection
from sqlalchemy.orm import Session, SessionTransaction

CLOISON = "cloison"


class CloisonManquante(RuntimeError):
    """Une transaction commence sans dire pour qui : la faute se voit avant de lire du vide pour de l'absence."""


@dataclass(frozen=True)
class Cloison:
    """Les réglages d'une transaction ; un texte vide n'ouvre rien.

    `session`, `depot`, `lien` et `agenda` sont des empreintes, celles que la base garde. `passage` : « frein »,
    « annuaire » ou « exploitation ».
    """

    structure_id: str = ""
    session: str = ""
    courriel: str = ""
    depot: str = ""
    lien: str = ""
    agenda: str = ""
    passage: str = ""


# De quoi demander à la base si elle répond.
RIEN = Cloison()
# Le compteur d'essais de connexion, qui n'est d'aucune structure.
FREIN = Cloison(passage="frein")
# Les noms des structures, pour la ligne de commande : choisir la sienne, ou voir qu'un nom est pris.
ANNUAIRE = Cloison(passage="annuaire")
# Toutes les structures, pour la sauvegarde et la restauration : la ligne de commande seule s'en sert.
EXPLOITATION = Cloison(passage="exploitation")

_POSER = "SELECT " + ", ".join(f"set_config('jalon.{champ.name}', %s, true)" for champ in fields(Cloison))


def cloison(pour: Cloison | str | None) -> Cloison | None:
    """Un identifiant de structure vaut la cloison de cette structure."""
    return Cloison(structure_id=pour) if isinstance(pour, str) else pour


def changer(session: Session, pour: Cloison | str) -> None:
    """La suite de cette session, transaction en cours comprise, se passe derrière cette cloison."""
    voulue = cloison(pour)
    session.info[CLOISON] = voulue
    if voulue is not None and session.in_transaction():
        connexion = session.connection()
        if est_cloisonnee(connexion):
            _poser(connexion, voulue)


def est_cloisonnee(connexion: Connection) -> bool:
    """Le moteur de cette connexion est celui de l'application, sur une base qui a des cloisons."""
    return bool(connexion.get_execution_options().get("cloisonnee"))


def commencer(session: Session, transaction: SessionTransaction, connexion: Connection) -> None:
    """À chaque transaction d'une session : pose sa cloison. Un point de reprise garde celle de sa transaction."""
    if transaction.nested or not est_cloisonnee(connexion):
        return
    voulue = session.info.get(CLOISON)
    if voulue is None:
        raise CloisonManquante("dites pour quelle structure : ecrire(moteur, structure_id), ou changer(session, …)")
    _poser(connexion, voulue)


def _poser(connexion: Connection, voulue: Cloison) -> None:
    connexion.exec_driver_sql(_POSER, astuple(voulue))
