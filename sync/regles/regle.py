"""Ce qu'est une règle, et ce qu'elle peut répondre quand elle n'applique pas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from app.domain import dates
from app.models import Acces
from sync.acteur import Acteur
from sync.champs import Forme
from sync.etat import CONTROLE, PERSONNE, Etat, Ligne
from sync.operation import Operation

TERRAIN = frozenset({"conseiller", "maraude", "chef_de_service"})
DOSSIERS = TERRAIN | {"secretariat"}
CONTROLEURS = frozenset({"chef_de_service"})

# Le travail qu'un ancien référent n'avait pas encore envoyé est reçu aussi longtemps qu'un téléphone oublié le garde.
DELAI_TARDIF = dt.timedelta(days=30)

HORS_DE_PORTEE = "Ce dossier n'est pas dans votre file active."


class Refus(Exception):
    """L'opération est fausse : ses erreurs, par champ."""

    def __init__(self, erreurs: dict[str, list[str]]) -> None:
        super().__init__(str(erreurs))
        self.erreurs = erreurs


class Retenue(Exception):
    """L'opération cite une fiche que le serveur ne connaît pas encore, et qui peut arriver."""

    def __init__(self, champ: str) -> None:
        super().__init__(champ)
        self.champ = champ


def refuser(champ: str, message: str) -> Refus:
    return Refus({champ: [message]})


@dataclass(slots=True)
class Contexte:
    """Ce dont une règle dispose pour une opération. Elle vérifie tout avant de changer la première ligne."""

    etat: Etat
    acteur: Acteur
    acces: dict[str, Ligne]
    conventions: frozenset[str]
    version: int = 0
    tardive: bool = field(default=False)

    def personne(self, operation: Operation) -> Ligne:
        """Le dossier visé, si l'acteur peut y écrire."""
        ligne = self.etat.lire(PERSONNE, operation.personne)
        if ligne is None:
            raise Retenue("personne")
        if self.acteur.voit_tout:
            return ligne
        acces = self.acces.get(operation.personne)
        if acces is None:
            raise refuser("personne", HORS_DE_PORTEE)
        if not acces["actif"]:
            if acces["perdu_le"] is None or self.acteur.maintenant - acces["perdu_le"] > DELAI_TARDIF:
                raise refuser("personne", HORS_DE_PORTEE)
            self.tardive = True
        return ligne

    def jour_par_defaut(self, operation: Operation) -> dt.date:
        """Le jour de l'appareil, sans croire une montre en avance."""
        instant = min(operation.heure.astimezone(dt.UTC), self.acteur.maintenant.astimezone(dt.UTC))
        return dt.date.fromisoformat(dates.jour_paris(instant.strftime("%Y-%m-%dT%H:%M:%SZ")))

    def donner_acces(self, personne_id: str) -> None:
        ligne = {
            "utilisateur_id": self.acteur.utilisateur_id,
            "personne_id": personne_id,
            "sequence": self.version,
            "actif": True,
            "perdu_le": None,
        }
        self.acces[personne_id] = ligne
        self.etat.dater(Acces, **ligne)

    def soumettre_au_controle(self, fiche_type: str, fiche_id: str, personne_id: str) -> None:
        """La fiche arrive, ou revient, devant le chef de service. Ce qu'il écrit lui-même n'a pas à l'être."""
        if self.acteur.role in CONTROLEURS and not self.acteur.revoque:
            return
        identifiant = identifiant_controle(self.acteur.structure_id, fiche_type, fiche_id)
        valeurs = {
            "etat": "recue",
            # La remarque d'avant reste au journal des opérations ; la fiche, elle, est à relire à neuf.
            "remarque": None,
            "par_id": None,
            "le": None,
            "auteur_id": self.acteur.utilisateur_id,
            "recue_le": self.acteur.maintenant,
            "sequence": self.version,
        }
        if self.etat.lire(CONTROLE, identifiant) is None:
            self.etat.ajouter(
                CONTROLE, id=identifiant, personne_id=personne_id, fiche_type=fiche_type, fiche_id=fiche_id, **valeurs
            )
        else:
            self.etat.changer(CONTROLE, identifiant, **valeurs)


def identifiant_controle(structure_id: str, fiche_type: str, fiche_id: str) -> str:
    """L'identifiant du contrôle d'une fiche se calcule : il n'y en a qu'un, sans avoir à le chercher."""
    return str(uuid5(UUID(structure_id), f"controle/{fiche_type}/{fiche_id}"))


@dataclass(frozen=True, slots=True)
class Regle:
    """Comment lire et appliquer un genre d'opération.

    `fiche` : la table de l'entité ; `cite` : les champs qui désignent d'autres fiches, et leur table.
    """

    appliquer: Callable[[Contexte, Operation, dict[str, Any]], None]
    formes: Callable[[], Mapping[str, Forme]]
    roles: frozenset[str]
    fiche: str | None
    cite: Mapping[str, str] = field(default_factory=dict)
    obligatoires: Mapping[str, str] = field(default_factory=dict)
