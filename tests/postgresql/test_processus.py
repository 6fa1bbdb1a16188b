"""Quatre processus servent, huit téléphones envoient, l'un des processus est tué : rien ne manque ni ne double."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, select

from app.models import Appareil, Entretien, SessionWeb
from app.models import Operation as Journal
from app.moteur import ouvrir_moteur
from app.securite.session import empreinte
from sync.acteur import Acteur
from sync.echange import MEDIA
from sync.operation import Operation
from tests.bases import ecrire, lire
from tests.browser.serveur import Serveur
from tests.sync.fabrique import Monde, creer_personne, noter, un_id

PROCESSUS, TELEPHONES, LOTS, PAR_LOT = 4, 8, 8, 3
UN_TUE_APRES = TELEPHONES * LOTS // 3
ATTENTE = 60


@pytest.fixture
def monde(adresse: str) -> Iterator[Monde]:
    moteur = ouvrir_moteur(adresse)
    yield Monde(moteur)
    moteur.dispose()


@pytest.fixture
def serveur(adresse: str, tmp_path: Path) -> Iterator[Serveur]:
    lance = Serveur(tmp_path, {"DATABASE_URL": adresse, "JALON_PROCESSUS": str(PROCESSUS)})
    lance.demarrer()
    yield lance
    lance.arreter()


@dataclass
class Appele:
    """Un téléphone enrôlé, sa session ouverte, et les lots qu'il enverra dans l'ordre."""

    acteur: Acteur
    jeton: str
    lots: list[list[Operation]]
    reponses: dict[str, list[str]] = field(default_factory=dict)


def un_telephone(monde: Monde) -> Appele:
    acteur, appareil, jeton = monde.acteur(), un_id(), secrets.token_urlsafe(32)
    instant, demain = dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    commun = {"structure_id": acteur.structure_id, "utilisateur_id": acteur.utilisateur_id}
    with ecrire(monde.moteur) as session:
        session.add(Appareil(**commun, id=appareil, nom="Téléphone", enrole_le=instant))
        session.flush()
        session.add(
            SessionWeb(
                **commun,
                id=empreinte(jeton),
                appareil_id=appareil,
                donnees={},
                cree_le=instant,
                vue_le=instant,
                expire_le=demain,
            )
        )
    creation = creer_personne(None, op_id=un_id(), compteur=0)
    hier = (instant - dt.timedelta(days=1)).date().isoformat()
    notes = [noter(creation.entite, date=hier, compteur=rang) for rang in range(1, LOTS * PAR_LOT)]
    operations = [creation, *notes]
    lots = [operations[debut : debut + PAR_LOT] for debut in range(0, len(operations), PAR_LOT)]
    return Appele(Acteur(acteur.structure_id, acteur.utilisateur_id, acteur.role, appareil, instant), jeton, lots)


def envoyer(telephone: Appele, port: int, un_lot_de_plus: threading.Semaphore) -> None:
    """Comme un téléphone : un lot à la fois, renvoyé tel quel tant qu'on n'en connaît pas le sort."""
    for lot in telephone.lots:
        limite = time.monotonic() + ATTENTE
        while (resultats := _essayer(telephone, lot, port)) is None:
            assert time.monotonic() < limite, "le serveur ne répond plus"
        for resultat in resultats:
            assert resultat["statut"] in {"applied", "duplicate"}, resultat
            telephone.reponses.setdefault(resultat["id"], []).append(resultat["statut"])
        un_lot_de_plus.release()


def _essayer(telephone: Appele, lot: list[Operation], port: int) -> list[dict[str, Any]] | None:
    corps = msgspec.json.encode(
        {
            "protocole": 2,
            "appareil": telephone.acteur.appareil_id,
            "heure_appareil": dt.datetime.now(dt.UTC),
            "operations": lot,
        }
    )
    entetes = {
        "Content-Type": MEDIA,
        "Cookie": f"__Host-jalon={telephone.jeton}",
        "Origin": f"http://localhost:{port}",
        "Sec-Fetch-Site": "same-origin",
    }
    # Une connexion par lot : le système la donne à un processus ou à un autre.
    connexion = http.client.HTTPConnection("localhost", port, timeout=ATTENTE)
    try:
        connexion.request("POST", "/sync", corps, entetes)
        reponse = connexion.getresponse()
        recu = reponse.read()
    except (OSError, http.client.HTTPException):
        return None  # le processus est mort en répondant : on ne sait pas
    finally:
        connexion.close()
    if reponse.status == 503:
        return None
    assert reponse.status == 200, recu
    resultats: list[dict[str, Any]] = msgspec.json.decode(recu)["resultats"]
    return resultats


def ouvriers(serveur: Serveur) -> set[int]:
    maitre = serveur.pid
    return {int(pid) for pid in Path(f"/proc/{maitre}/task/{maitre}/children").read_text().split()}


def _attendre_quatre(serveur: Serveur) -> set[int]:
    limite = time.monotonic() + ATTENTE
    while len(ouvriers(serveur)) != PROCESSUS:
        assert time.monotonic() < limite, serveur.lire_journal()
        time.sleep(0.02)
    return ouvriers(serveur)


def test_eight_phones_and_a_worker_killed_leave_each_fact_once_and_in_order(monde: Monde, serveur: Serveur) -> None:
    telephones = [un_telephone(monde) for _ in range(TELEPHONES)]
    avant = _attendre_quatre(serveur)
    lots_acquittes = threading.Semaphore(0)
    with ThreadPoolExecutor(TELEPHONES) as fils:
        envois = [fils.submit(envoyer, telephone, serveur.port, lots_acquittes) for telephone in telephones]
        for _ in range(UN_TUE_APRES):
            assert lots_acquittes.acquire(timeout=ATTENTE)
        os.kill(min(avant), signal.SIGKILL)
        for envoi in envois:
            envoi.result(ATTENTE * 2)
    _verifier(monde.moteur, telephones)
    apres = _attendre_quatre(serveur)
    assert min(avant) not in apres


def _verifier(moteur: Engine, telephones: list[Appele]) -> None:
    with lire(moteur) as session:
        journal = session.execute(
            select(Journal.id, Journal.appareil_id, Journal.compteur, Journal.statut).order_by(Journal.sequence)
        ).all()
        entretiens = list(session.scalars(select(Entretien.id)))
    assert len(entretiens) == len(set(entretiens)) == TELEPHONES * (LOTS * PAR_LOT - 1)
    for telephone in telephones:
        siennes = [ligne for ligne in journal if ligne.appareil_id == telephone.acteur.appareil_id]
        voulues = [operation for lot in telephone.lots for operation in lot]
        assert [ligne.id for ligne in siennes] == [operation.id for operation in voulues]
        assert [ligne.compteur for ligne in siennes] == list(range(LOTS * PAR_LOT))
        assert {ligne.statut for ligne in siennes} == {"applied"}
        # Une réponse par opération ; « duplicate » quand la première s'est perdue avec le processus tué.
        assert {nom: len(statuts) for nom, statuts in telephone.reponses.items()} == {op.id: 1 for op in voulues}
