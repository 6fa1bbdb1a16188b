"""Le téléphone mesuré : ce qu'il échange dans la journée, et ce que cela coûte au serveur."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import random
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import brotli  # type: ignore[import-untyped]  # ce paquet ne publie pas ses types
import msgspec
from sqlalchemy import Engine, text

from app.moteur import ecrire
from bench.charge import ECHANGE
from bench.croissance.semis import (
    APPAREIL,
    FICHES,
    JETON,
    PHRASE,
    STRUCTURE,
    appliquer_au_bureau,
    entretien,
    identifiant,
    operation,
)
from bench.serveur import au_processeur
from sync.operation import PROTOCOLE

MONTENT, DESCENDENT = 30, 10


@dataclass
class Mesures:
    processeur: list[float] = field(default_factory=list)
    temps: list[float] = field(default_factory=list)

    def resume(self) -> dict[str, float]:
        return {
            "processeur_ms": round(1000 * statistics.mean(self.processeur), 2),
            "processeur_mediane_ms": round(1000 * statistics.median(self.processeur), 2),
            "temps_mediane_ms": round(1000 * statistics.median(self.temps), 1),
        }


@dataclass
class Telephone:
    """Un appareil et le serveur auquel il parle. `de_la_base` : le processus de PostgreSQL, s'il y en a un."""

    moteur: Engine
    port: int
    serveur: int
    de_la_base: int | None
    hasard: random.Random
    curseur: str | None = None
    reference: str | None = None

    def preparer(self) -> list[dict[str, Any]]:
        """Ce qui change au bureau, et ce que l'appareil a noté ; hors de la mesure."""
        with ecrire(self.moteur, STRUCTURE) as session:
            cherches = "SELECT id, personne_id FROM entretien WHERE structure_id = :s AND sequence <= :n"
            connus = session.execute(text(cherches), {"s": STRUCTURE, "n": FICHES}).all()
            choisis = self.hasard.sample(connus, DESCENDENT)
            texte = PHRASE.format(n=self.hasard.random()) * 4
            lot = [operation(self.hasard, "modifier_entretien", *qui, synthese=texte) for qui in choisis]
            appliquer_au_bureau(session, lot)
        personnes = sorted({personne for _, personne in connus})
        dossiers = self.hasard.sample(personnes, MONTENT)
        return [entretien(self.hasard, identifiant(self.hasard, time.time()), qui) for qui in dossiers]

    def echanger(self, operations: list[dict[str, Any]], mesures: Mesures | None = None) -> bool:
        """Un aller-retour ; vrai s'il reste des pages à prendre."""
        corps = {
            "protocole": PROTOCOLE,
            "appareil": APPAREIL,
            "curseur": self.curseur,
            "heure_appareil": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "reference": self.reference,
            "operations": operations,
            "tableaux": True,
            "octets": 4 * 1024 * 1024,
        }
        octets = msgspec.json.encode(corps)
        entetes = {"Content-Type": ECHANGE, "Accept-Encoding": "br", "Cookie": f"__Host-jalon={JETON}"}
        avant, depart = self.processeur(), time.perf_counter()
        lien = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        lien.request("POST", "/sync", octets, entetes)
        reponse = lien.getresponse()
        recu = reponse.read()
        lien.close()
        passe, depense = time.perf_counter() - depart, self.processeur() - avant
        if reponse.status != 200:
            raise SystemExit(f"{reponse.status} : {recu[:300]!r}")
        lue = json.loads(brotli.decompress(recu) if reponse.headers["Content-Encoding"] == "br" else recu)
        if [resultat["statut"] for resultat in lue["resultats"]] != ["applied"] * len(operations):
            raise SystemExit(f"échange inattendu : {lue['resultats']}")
        descendus = sum(t["nombre"] for t in lue["tableaux"] if t["communs"].get("type") == "entretien")
        if operations and descendus != MONTENT + DESCENDENT:
            raise SystemExit(f"{descendus} entretiens rendus")
        self.curseur = lue["curseur"]
        self.reference = (lue.get("reference") or {}).get("empreinte", self.reference)
        if mesures is not None:
            mesures.processeur.append(depense)
            mesures.temps.append(passe)
        return bool(lue["suite"])

    def processeur(self) -> float:
        return au_processeur(self.serveur) + (au_processeur(self.de_la_base) if self.de_la_base else 0.0)
