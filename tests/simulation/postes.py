"""Les appareils vus de l'essai : le vrai téléphone, dans le processus Node, et le petit client Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sync.acteur import Acteur
from sync.operation import PROTOCOLE
from tests.simulation.client import Client
from tests.simulation.noeud import Noeud
from tests.simulation.serveur import Serveur

BOITE_VIVANTE = {"attente", "retenue"}

Fiches = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Vue:
    """Ce qu'un appareil tient et ce qu'il dit, à un instant.

    `boite` : l'état de chaque opération qu'il garde à envoyer ou à corriger ; `plis` : ce qu'il garde scellé après
    l'acquittement, vrai pour ce qu'il doit encore redonner à une base restaurée ; `annonce` : les opérations, puis les
    fiches, de son « N à envoyer » ; `fiches` : celle que touche chaque opération.
    """

    boite: dict[str, str]
    plis: dict[str, bool]
    annonce: tuple[int, int]
    fiches: dict[str, str]
    tout_envoye: bool

    @property
    def a_redonner(self) -> set[str]:
        return {identifiant for identifiant, redonner in self.plis.items() if redonner}


class Poste:
    """Un appareil, la personne à qui il est, et les faits qu'elle y a notés."""

    protocole = PROTOCOLE

    def __init__(self, identifiant: str, acteur: Acteur, heure: dt.datetime) -> None:
        self.id = identifiant
        self.acteur = acteur
        self.heure = heure
        self.faits: dict[str, dict[str, Any]] = {}
        self.revoque = False
        self.retenus: set[str] = set()


class PosteJs(Poste):
    """Un vrai téléphone : les modules du worker, dans le processus Node."""

    def __init__(self, identifiant: str, acteur: Acteur, heure: dt.datetime, noeud: Noeud) -> None:
        super().__init__(identifiant, acteur, heure)
        self.noeud = noeud

    def _ordre(self, ordre: str, **contenu: Any) -> Any:
        return self.noeud.ordonner(ordre, appareil=self.id, **contenu)

    def regler(self, heure: dt.datetime) -> None:
        self.heure = heure
        self._ordre("horloge", ms=int(heure.timestamp() * 1000))

    def noter(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        notees: list[dict[str, Any]] | None = self._ordre("noter", operations=operations)
        return notees

    def envoyer(self) -> str:
        return str(self._ordre("envoyer")["resultat"])

    def vue(self) -> Vue:
        etat = self._ordre("etat")
        return Vue(
            boite={ligne["id"]: ligne["etat"] for ligne in etat["boite"]},
            plis={pli["id"]: pli["redonner"] for pli in etat["gardees"]},
            annonce=(int(etat["envoi"]["operations"]), int(etat["envoi"]["attente"])),
            fiches={ligne["id"]: ligne["fiche"] for ligne in etat["boite"]},
            tout_envoye=str(etat["envoi"]["texte"]).startswith("Tout est envoyé"),
        )

    def fiches(self) -> Fiches | None:
        copies = self._ordre("fiches")
        return None if copies is None else {(fiche["type"], fiche["id"]): fiche for fiche in copies}

    def ouvrir(self) -> None:
        self._ordre("ouvrir")

    def oublier(self) -> bool:
        """Vrai si le carnet neuf a pris la place de l'ancien ; le réseau a pu l'empêcher."""
        return bool(self._ordre("oublier", nom=f"Appareil {self.id[-1]}"))

    def subir(self, ordre: str) -> None:
        self._ordre(ordre)


class PostePy(Poste):
    """Le petit client Python."""

    def __init__(
        self, identifiant: str, acteur: Acteur, heure: dt.datetime, serveur: Serveur, protocole: int = PROTOCOLE
    ) -> None:
        super().__init__(identifiant, acteur, heure)
        self.client = Client(identifiant, serveur.reseau, protocole=protocole)
        self.protocole = protocole

    def regler(self, heure: dt.datetime) -> None:
        self.heure = heure

    def noter(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        return self.client.noter(operations, self.heure)

    def envoyer(self) -> str:
        return self.client.echanger(self.heure)

    def vue(self) -> Vue:
        client = self.client
        return Vue(
            boite={i: "retenue" if i in client.retenues else "attente" for i in client.boite}
            | dict.fromkeys(client.refusees, "refusee"),
            plis=dict.fromkeys(client.gardees, False),
            annonce=(len(client.boite), len({operation["entite"] for operation in client.boite.values()})),
            fiches={identifiant: operation["entite"] for identifiant, operation in client.boite.items()},
            tout_envoye=client.resultat == "fait" and not client.boite and not client.refusees,
        )

    def fiches(self) -> Fiches | None:
        return dict(self.client.fiches)

    def ouvrir(self) -> None: ...
    def subir(self, ordre: str) -> None: ...
