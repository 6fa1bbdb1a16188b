"""Un petit client en Python, écrit d'après docs/synchronisation.md seul : il ne garde rien que le protocole n'exige."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

ARRIVEE = {"applied", "merged", "conflict"}
MEDIA = "application/vnd.jalon.echange+json"

Reseau = Callable[[dict[str, Any]], dict[str, Any]]


def dossier_de(fiche: dict[str, Any]) -> str:
    """Le dossier, ou le cahier, où elle se range."""
    return str(fiche.get("personne_id") or fiche.get("cahier_id") or fiche["id"])


class Client:
    """Un appareil sans écran : ses opérations en attente, ses fiches, son curseur."""

    def __init__(self, identifiant: str, reseau: Reseau, protocole: int = 2, lot: int = 3) -> None:
        self.id = identifiant
        self.reseau = reseau
        self.protocole = protocole
        self.lot = lot
        self.curseur: str | None = None
        self.fiches: dict[tuple[str, str], dict[str, Any]] = {}
        self.boite: dict[str, dict[str, Any]] = {}
        self.refusees: dict[str, dict[str, Any]] = {}
        # Parmi la boîte, ce que le serveur a vu sans pouvoir le prendre encore.
        self.retenues: set[str] = set()
        # Ce que le serveur a pris, à lui redonner s'il est restauré d'une sauvegarde plus ancienne.
        self.gardees: dict[str, dict[str, Any]] = {}
        self.a_retirer: set[str] = set()
        self.compteur = 0
        self.complet = False
        self.resultat = "jamais"

    def noter(self, operations: list[dict[str, Any]], heure: dt.datetime) -> list[dict[str, Any]]:
        notees = []
        for operation in operations:
            self.compteur += 1
            entite = next((f for (_, i), f in self.fiches.items() if i == operation["entite"]), None)
            envoi = {
                "base": entite["version"] if entite else None,
                "compteur": self.compteur,
                "heure": heure.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "remplace": None,
            } | operation
            self.boite[str(envoi["id"])] = envoi
            self.refusees.pop(str(envoi["remplace"]), None)
            notees.append(envoi)
        return notees

    def echanger(self, heure: dt.datetime) -> str:
        """Un échange entier, page après page ; rend « fait » ou ce qui l'a arrêté."""
        self.resultat = self._echanger(heure)
        return self.resultat

    def _echanger(self, heure: dt.datetime) -> str:
        dites: set[str] = set()
        while True:
            envoi = [operation for operation in self.boite.values() if operation["id"] not in dites][: self.lot]
            recue = self.demander(
                "/sync",
                {
                    "protocole": self.protocole,
                    "appareil": self.id,
                    "curseur": self.curseur,
                    "heure_appareil": heure.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "reference": None,
                    "operations": envoi,
                },
            )
            if recue is None:
                return "inconnu"
            if "erreur" in recue:
                if recue["erreur"] != "appareil_inconnu":
                    return str(recue["erreur"])
                if self.demander("/appareils", {"id": self.id, "nom": "Poste d'essai"}) is None:
                    return "inconnu"
                continue
            self._ranger(recue)
            dites = set() if recue.get("restauree") else dites | {operation["id"] for operation in envoi}
            if not recue["suite"] and not set(self.boite) - dites:
                self.complet = True
                return "fait"

    def demander(self, url: str, corps: dict[str, Any]) -> dict[str, Any] | None:
        """La réponse du serveur, ou None quand ce n'en est pas une."""
        recue = self.reseau(
            {
                "appareil": self.id,
                "url": url,
                "entetes": {"content-type": MEDIA},
                "corps": base64.b64encode(json.dumps(corps).encode()).decode(),
            }
        )
        if recue.get("coupure"):
            return None
        try:
            lue = json.loads(base64.b64decode(recue["corps"]))
        except ValueError:
            return None
        return lue if isinstance(lue, dict) else None

    def _ranger(self, recue: dict[str, Any]) -> None:
        if recue.get("repartir"):
            self.fiches.clear()
        if recue.get("restauree"):
            self.boite = self.gardees | self.boite
            self.gardees = {}
        for resultat in recue["resultats"]:
            self._regler(resultat)
        regagnes = {dossier_de(fiche) for fiche in recue["fiches"]}
        for fiche in recue["fiches"]:
            self.fiches[fiche["type"], fiche["id"]] = fiche
        for tombe in recue["tombes"]:
            # Une tombe retire la fiche de ce dossier-là : passée dans un autre, elle y reste.
            cle = (tombe["type"], tombe["id"])
            if self.fiches.get(cle, {}).get("personne_id") == tombe["personne_id"]:
                del self.fiches[cle]
        self.a_retirer = (self.a_retirer | set(recue["retraits"])) - regagnes
        occupes = {operation["personne"] for operation in self.boite.values()}
        for personne in sorted(self.a_retirer - occupes):
            self.a_retirer.discard(personne)
            for cle, fiche in list(self.fiches.items()):
                if dossier_de(fiche) == personne:
                    del self.fiches[cle]
        self.curseur = recue["curseur"]

    def _regler(self, resultat: dict[str, Any]) -> None:
        statut = resultat["premier"] if resultat["statut"] == "duplicate" else resultat["statut"]
        operation = self.boite.get(resultat["id"])
        if operation is None:
            return
        if statut == "held":
            self.retenues.add(resultat["id"])
            return
        del self.boite[resultat["id"]]
        sort = self.gardees if statut in ARRIVEE else self.refusees
        sort[resultat["id"]] = operation
