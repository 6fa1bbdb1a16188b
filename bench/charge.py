"""Cinq cents appareils retrouvent le réseau à la même seconde : combien attendent, et que rien ne se perd.

    python -m bench.charge [--appareils 500] [--operations 30] [--scelles 50]

Le serveur est le vrai (`jalon serve`), sur une base neuve. Chaque appareil envoie ses entretiens du jour par
`POST /sync`, ou en plis scellés pour ceux qui sont verrouillés ; refusé, il revient quand on le lui dit, avec un peu de
hasard, sous les mêmes identifiants. Une réponse sur vingt est perdue exprès. À la fin, la base est relue : ce qui y
manque, ou y est en double, se compte, et fait échouer le banc.

Les comptes, sessions et appareils sont posés en base : l'arrivée du soir est celle de téléphones déjà connectés. Le
banc tourne sur la même machine que le serveur, et lui prend du processeur : il dit combien.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gzip
import json
import random
import secrets
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, select

from app.domain.convention import livrees
from app.migrations import migrer
from app.models import Appareil, Entretien, Operation, SessionWeb, Structure, Utilisateur
from app.moteur import ecrire, lire, ouvrir_moteur
from app.securite.session import empreinte
from bench.serveur import SECRET, au_processeur, serveur
from sync import conventions, scelle
from sync.acteur import Acteur
from sync.appareil import empreinte_du_secret
from sync.appliquer import appliquer
from sync.operation import PROTOCOLE, lire_operation
from tests.browser.semences import Operations, identifiant

PERSONNES = 4
PERDUES = 0.05
PATIENCE = 60
SOIREE = 900
ECHANGE, PLIS = "application/vnd.jalon.echange+json", "application/vnd.jalon.scelles+json"


@dataclass
class Telephone:
    """Un appareil, ce qu'il a à envoyer, et ce qui lui arrive."""

    compte: str
    appareil: str
    jeton: str
    depot: str
    operations: list[dict[str, Any]]
    verrouille: bool
    attente: float = 0.0
    refus: Counter[int] = field(default_factory=Counter)
    essais: int = 0

    def demande(self, cle: dict[str, Any]) -> tuple[str, str, bytes, dict[str, str]]:
        if not self.verrouille:
            corps = {
                "protocole": PROTOCOLE,
                "appareil": self.appareil,
                "curseur": None,
                "heure_appareil": self.operations[0]["heure"],
                "operations": self.operations,
                "tableaux": True,
            }
            return "/sync", ECHANGE, msgspec.json.encode(corps), {"Cookie": f"__Host-jalon={self.jeton}"}
        publique = _publique(cle)
        plis = [
            {
                "id": operation["id"],
                "cle": cle["id"],
                "donnees": scelle.sceller(publique, operation["id"], msgspec.json.encode(operation)),
            }
            for operation in self.operations
        ]
        corps = {"appareil": self.appareil, "enveloppes": plis}
        autorisation = {"Authorization": f"Appareil {self.appareil}.{self.depot}"}
        return "/sync/scelles", PLIS, msgspec.json.encode(corps), autorisation


def _publique(cle: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    def nombre(texte: str) -> int:
        return int.from_bytes(scelle.base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4)), "big")

    publique = cle["publique"]
    return ec.EllipticCurvePublicNumbers(nombre(publique["x"]), nombre(publique["y"]), ec.SECP256R1()).public_key()


def semer(moteur: Engine, combien: int, operations: int, verrouilles: int) -> tuple[list[Telephone], dict[str, Any]]:
    """Une structure, un compte par appareil, quatre personnes suivies chacun, et le travail du jour à envoyer."""
    structure, maintenant = identifiant(), dt.datetime.now(dt.UTC)
    migrer(moteur)
    telephones = []
    with ecrire(moteur, structure) as session:
        session.add(Structure(id=structure, nom="Charge", generation=identifiant(), cree_le=maintenant))
        session.flush()
        conventions.enregistrer(session, structure, livrees("ASP-DOM", "ASP-NC", "DSP-TDL"))
        cle = scelle.assurer_cle(session, structure, SECRET, maintenant)
        for rang in range(combien):
            compte, appareil = identifiant(), identifiant()
            jeton, depot = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            session.add(
                Utilisateur(
                    structure_id=structure,
                    id=compte,
                    nom=f"Fictive-{rang}",
                    prenom="Camille",
                    courriel=f"charge{rang}@exemple.test",
                    role="conseiller",
                    cree_le=maintenant,
                )
            )
            session.flush()
            session.add(
                Appareil(
                    structure_id=structure,
                    id=appareil,
                    utilisateur_id=compte,
                    nom="Téléphone",
                    depot_empreinte=empreinte_du_secret(depot),
                    enrole_le=maintenant,
                )
            )
            session.add(
                SessionWeb(
                    structure_id=structure,
                    id=empreinte(jeton),
                    utilisateur_id=compte,
                    appareil_id=appareil,
                    donnees={},
                    cree_le=maintenant,
                    vue_le=maintenant,
                    expire_le=maintenant + dt.timedelta(hours=1),
                )
            )
            session.flush()
            lot = Operations(maintenant)
            suivies = [
                lot.personne_suivie("Awa", f"Diallo-{rang}-{n}", "0639980000", maintenant.date())
                for n in range(PERSONNES)
            ]
            acteur = Acteur(structure, compte, "conseiller", None, maintenant, origine="import")
            appliquer(session, acteur, [lire_operation(operation) for operation in lot.lot])
            jour = Operations(maintenant)
            for n in range(operations):
                personne, mesure = suivies[n % PERSONNES]
                jour.ajouter(
                    "noter_entretien",
                    identifiant(),
                    personne,
                    mesure_id=mesure,
                    date=maintenant.date().isoformat(),
                    moyen="telephone",
                    synthese=f"Point du soir {rang}-{n}. " * 10,
                )
            telephones.append(Telephone(compte, appareil, jeton, depot, jour.lot, rang < verrouilles))
    return telephones, cle


async def envoyer(telephone: Telephone, port: int, cle: dict[str, Any], depart: float) -> None:
    """Jusqu'à l'acquittement de chaque opération, comme un bon client."""
    hasard = random.Random(telephone.appareil)  # noqa: S311  # un tirage à rejouer, pas un secret
    chemin, media, clair, entetes = await asyncio.to_thread(telephone.demande, cle)
    corps = gzip.compress(clair)
    await asyncio.sleep(max(0.0, depart - time.monotonic()))
    while True:
        telephone.essais += 1
        try:
            async with asyncio.timeout(PATIENCE):
                statut, recus, reponse = await _poster(port, chemin, media, corps, entetes)
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            statut, recus, reponse = 0, {}, b""
        if statut == 200 and hasard.random() < PERDUES:
            statut = -1  # le serveur l'a faite, l'appareil n'en sait rien
        if statut == 200:
            break
        telephone.refus[statut] += 1
        demande = float(recus.get("retry-after", 2))
        await asyncio.sleep(demande * (1 + 0.3 * hasard.random()))
    telephone.attente = time.monotonic() - depart
    statuts = Counter(resultat["statut"] for resultat in json.loads(reponse)["resultats"])
    if statuts - Counter(applied=statuts["applied"], duplicate=statuts["duplicate"]):
        raise SystemExit(f"{telephone.appareil} : {statuts}")


async def _poster(
    port: int, chemin: str, media: str, corps: bytes, entetes: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    lecteur, redacteur = await asyncio.open_connection("127.0.0.1", port)
    try:
        tete = {
            "Host": f"127.0.0.1:{port}",
            "Content-Type": media,
            "Content-Encoding": "gzip",
            "Content-Length": str(len(corps)),
            "Connection": "close",
            **entetes,
        }
        lignes = "".join(f"{nom}: {valeur}\r\n" for nom, valeur in tete.items())
        redacteur.write(f"POST {chemin} HTTP/1.1\r\n{lignes}\r\n".encode() + corps)
        await redacteur.drain()
        premiere, *recus = (await lecteur.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        champs = {nom.lower(): valeur.strip() for nom, _, valeur in (ligne.partition(":") for ligne in recus)}
        return int(premiere.split()[1]), champs, await lecteur.readexactly(int(champs["content-length"]))
    finally:
        redacteur.close()


def compter_pertes(moteur: Engine, telephones: list[Telephone]) -> dict[str, int]:
    """Ce que la base a perdu, doublé, refusé ou changé d'auteur, sur ce que les appareils ont tous vu acquitté."""
    attendues = {operation["id"]: telephone for telephone in telephones for operation in telephone.operations}
    with lire(moteur) as session:
        journal = session.execute(
            select(Operation.id, Operation.statut, Operation.utilisateur_id, Operation.sequence).where(
                Operation.origine != "import"
            )
        ).all()
        fiches = Counter(session.scalars(select(Entretien.id)))
    creees = {operation["entite"] for telephone in telephones for operation in telephone.operations}
    return {
        "operations_perdues": len(attendues.keys() - {ligne.id for ligne in journal}),
        "operations_en_trop": len(journal) - len({ligne.id for ligne in journal} & attendues.keys()),
        "sequences_doublees": len(journal) - len({ligne.sequence for ligne in journal}),
        "non_appliquees": sum(ligne.statut != "applied" for ligne in journal),
        "d_un_autre_auteur": sum(
            attendues[ligne.id].compte != ligne.utilisateur_id for ligne in journal if ligne.id in attendues
        ),
        "fiches_perdues": len(creees - fiches.keys()),
        "fiches_en_trop": fiches.total() - len(creees & fiches.keys()),
    }


def quantile(valeurs: list[float], part: float) -> float:
    return sorted(valeurs)[min(len(valeurs) - 1, int(len(valeurs) * part))]


def main() -> None:
    lecture = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    lecture.add_argument("--appareils", type=int, default=500)
    lecture.add_argument("--operations", type=int, default=30)
    lecture.add_argument("--scelles", type=int, default=50, help="appareils verrouillés, qui déposent des plis")
    choix = lecture.parse_args()
    with tempfile.TemporaryDirectory() as dossier:
        adresse = f"sqlite:///{Path(dossier) / 'charge.sqlite'}"
        moteur = ouvrir_moteur(adresse)
        telephones, cle = semer(moteur, choix.appareils, choix.operations, choix.scelles)
        with serveur(adresse) as (port, pid):
            duree, processeur, banc = asyncio.run(_soir(telephones, port, cle, pid))
        pertes = compter_pertes(moteur, telephones)
        moteur.dispose()
    attentes = [telephone.attente for telephone in telephones]
    refus = sum((telephone.refus for telephone in telephones), Counter[int]())
    print(
        json.dumps(
            {
                "appareils": choix.appareils,
                "operations": choix.appareils * choix.operations,
                "verrouilles": choix.scelles,
                "duree_s": round(duree, 1),
                "p50_s": round(quantile(attentes, 0.5), 1),
                "p95_s": round(quantile(attentes, 0.95), 1),
                "max_s": round(max(attentes), 1),
                "essais": sum(telephone.essais for telephone in telephones),
                "refus_429": refus[429],
                "refus_503": refus[503],
                "reponses_perdues_expres": refus[-1],
                "connexions_perdues": refus[0],
                "autres": {str(statut): n for statut, n in refus.items() if statut not in (429, 503, -1, 0)},
                "processeur_serveur_s": round(processeur, 1),
                "processeur_banc_s": round(banc, 1),
                **pertes,
            },
            ensure_ascii=False,
        )
    )
    if any(pertes.values()):
        raise SystemExit("des opérations ont été perdues, doublées ou refusées")


async def _soir(telephones: list[Telephone], port: int, cle: dict[str, Any], pid: int) -> tuple[float, float, float]:
    avant, depart = au_processeur(pid), time.monotonic() + 3
    banc = time.process_time()
    async with asyncio.timeout(SOIREE):
        await asyncio.gather(*(envoyer(telephone, port, cle, depart) for telephone in telephones))
    return time.monotonic() - depart, au_processeur(pid) - avant, time.process_time() - banc


if __name__ == "__main__":
    main()
