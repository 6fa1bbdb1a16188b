"""Le flux sans trou, sous des transactions vraiment simultanées : l'ordre des gestes est imposé, jamais espéré.

T1 prend son numéro et reste ouverte ; T2 prend le sien, dans un autre dossier, et valide si elle le peut ; un téléphone
lit entre les deux, et ne doit jamais passer devant un numéro qui paraîtra après. Le témoin négatif retire le verrou :
le téléphone perd alors la fiche de T1, ce qui prouve que l'enchaînement éprouve bien quelque chose.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text

from app import moteur as application
from app.models import Entretien
from app.models import Operation as Journal
from app.moteur import ouvrir_moteur
from sync import appliquer as module_appliquer
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.sequence import reserver
from tests.bases import RACINE, Postgresql, lire
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter

ATTENTE = 30


@pytest.fixture
def sur_postgresql(postgresql: Postgresql) -> Iterator[Monde]:
    moteur = ouvrir_moteur(postgresql.vider())
    yield Monde(moteur)
    moteur.dispose()


class Ecriture:
    """Une transaction d'écriture dans son fil, avec sa connexion, que l'essai arrête juste avant de valider."""

    def __init__(self, monde: Monde, acteur: Acteur, personne: str, fils: ThreadPoolExecutor) -> None:
        self.note = noter(personne)
        self.appliquee = threading.Event()
        self.peut_valider = threading.Event()
        self.version: Future[int | None] = fils.submit(self._ecrire, monde, acteur)

    def _ecrire(self, monde: Monde, acteur: Acteur) -> int | None:
        with application.ecrire(monde.moteur, acteur.structure_id) as session:
            (resultat,) = appliquer(session, acteur, [self.note])
            assert resultat.statut == "applied"
            self.appliquee.set()
            assert self.peut_valider.wait(ATTENTE)
        return resultat.version

    def valider(self) -> int | None:
        self.peut_valider.set()
        return self.version.result(ATTENTE)


def _attendre(condition: Callable[[], bool], quoi: str) -> None:
    limite = time.monotonic() + ATTENTE
    while not condition():
        assert time.monotonic() < limite, quoi
        time.sleep(0.005)


def _attend_un_verrou(moteur: Engine) -> bool:
    """Une transaction de cette base attend celle d'une autre : PostgreSQL le dit, on ne le devine pas."""
    with lire(moteur) as session:
        requete = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(session.scalar(text(requete)))


def _derouler(monde: Monde) -> tuple[Telephone, list[str], bool]:
    """L'enchaînement ; rend le téléphone, les deux entretiens écrits, et si T2 a dû attendre T1."""
    titulaire, un, autre = monde.acteur(), creer_personne(), creer_personne()
    monde.pousser(titulaire, un, autre)
    telephone = Telephone(monde, titulaire)
    telephone.tirer()
    with ThreadPoolExecutor(2) as fils:
        premiere = Ecriture(monde, titulaire, un.entite, fils)
        assert premiere.appliquee.wait(ATTENTE)
        seconde = Ecriture(monde, titulaire, autre.entite, fils)
        seconde.peut_valider.set()
        _attendre(lambda: seconde.version.done() or _attend_un_verrou(monde.moteur), "T2 ne valide ni n'attend")
        a_attendu = not seconde.version.done()
        telephone.tirer()
        premiere.valider()
        telephone.tirer()
        seconde.valider()
        telephone.tirer()
    return telephone, [premiere.note.entite, seconde.note.entite], a_attendu


def _recus(telephone: Telephone) -> set[str]:
    return {fiche["id"] for fiche in telephone.de_type("entretien")}


def test_a_reader_never_passes_a_number_that_appears_later(sur_postgresql: Monde) -> None:
    telephone, entretiens, a_attendu = _derouler(sur_postgresql)
    assert a_attendu
    assert _recus(telephone) == set(entretiens)
    with lire(sur_postgresql.moteur) as session:
        versions = dict(session.execute(select(Entretien.id, Entretien.sequence)).all())
    assert versions[entretiens[0]] < versions[entretiens[1]]


def test_without_the_lock_the_same_steps_lose_a_record(sur_postgresql: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    """Le numéro pris dans sa propre transaction : l'erreur classique, et ce qu'elle coûte."""

    def reserver_a_part(_: object, structure_id: str, nombre: int) -> int:
        with application.ecrire(sur_postgresql.moteur, structure_id) as autre:
            return reserver(autre, structure_id, nombre)

    monkeypatch.setattr(module_appliquer, "reserver", reserver_a_part)
    telephone, (premier, second), a_attendu = _derouler(sur_postgresql)
    assert not a_attendu
    assert second in _recus(telephone)
    assert premier not in _recus(telephone)


ECRIVAIN = """
import sys
from app.moteur import ecrire, ouvrir_moteur
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.scelle import cle_courante
from tests.sync.fabrique import MAINTENANT, noter
moteur = ouvrir_moteur(sys.argv[1])
acteur = Acteur(sys.argv[2], sys.argv[3], "conseiller", None, MAINTENANT)
print("pret", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[5])):
    with ecrire(moteur, acteur.structure_id) as session:
        cle_courante(session, acteur.structure_id)  # un formulaire lit avant d'écrire : SQLite doit déjà tenir son tour
        resultats = appliquer(session, acteur, [noter(sys.argv[4]), noter(sys.argv[4])])
    assert [resultat.statut for resultat in resultats] == ["applied"] * 2
moteur.dispose()
"""
PROCESSUS, LOTS = 4, 15


def test_several_processes_write_and_a_reader_misses_nothing(adresse: str) -> None:
    """Des processus, et non des fils : sur SQLite comme sur PostgreSQL, chacun attend son tour et n'en perd aucun."""
    moteur = ouvrir_moteur(adresse)
    monde = Monde(moteur)
    titulaire, creation = monde.acteur(), creer_personne()
    monde.pousser(titulaire, creation)
    telephone = Telephone(monde, titulaire)
    arguments = [adresse, monde.structure, titulaire.utilisateur_id, creation.entite, str(LOTS)]
    ecrivains = [
        subprocess.Popen(
            [sys.executable, "-c", ECRIVAIN, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(RACINE)},
        )
        for _ in range(PROCESSUS)
    ]
    for processus in ecrivains:
        assert processus.stdout is not None
        assert processus.stdout.readline() == "pret\n"
    for processus in ecrivains:
        assert processus.stdin is not None
        processus.stdin.write("partez\n")
        processus.stdin.flush()
    while any(processus.poll() is None for processus in ecrivains):
        telephone.tirer()
    telephone.tirer()
    for processus in ecrivains:
        processus.communicate()
    assert [processus.returncode for processus in ecrivains] == [0] * PROCESSUS
    with lire(moteur) as session:
        ecrits = dict(session.execute(select(Entretien.id, Entretien.sequence)).all())
        numeros = sorted(session.scalars(select(Journal.sequence)))
    moteur.dispose()
    assert len(ecrits) == PROCESSUS * LOTS * 2
    assert {fiche["id"]: fiche["version"] for fiche in telephone.de_type("entretien")} == ecrits
    assert numeros == list(range(1, 1 + len(numeros)))
