"""Le disque ment, refuse ou déborde : rien d'acquitté à tort, on lit encore, et l'on repart (fiabilité, 16 et 17)."""

from __future__ import annotations

import contextlib
import datetime as dt
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.attente import attendre
from tests.browser.semences import Semis

from .ampleur import un_sur_deux
from .appareil import Appareil, Recue
from .serveur import ServeurFautif
from .temoin import tout_est_arrive, verifier

INJECTIONS = [
    "fdatasync:error=EIO:when=1",
    "fdatasync:error=EIO:when=2",
    "pwrite64:error=ENOSPC:when=1",
    "pwrite64:error=ENOSPC:when=3",
    "pwrite64:error=EIO:when=4+3",
]


def indisponible(recue: Recue | None) -> None:
    """503, en français, avec de quoi attendre, et sans un mot de la base."""
    assert recue is not None
    assert (recue.statut, recue.json["erreur"]) == (503, "indisponible")
    assert "Rien n" in recue.json["message"]
    assert int(recue.entetes["Retry-After"]) > 0


def rien_de_personnel(serveur: ServeurFautif, secret: str) -> None:
    assert secret not in serveur.journal.read_text(errors="replace"), "une synthèse est au journal du serveur"


@pytest.mark.skipif(not shutil.which("strace"), reason="strace manque : apt install strace")
@pytest.mark.parametrize("injection", un_sur_deux(INJECTIONS))
def test_a_disk_that_fails_at_the_nth_call_is_never_taken_for_a_success(
    serveur: ServeurFautif, enroler: Callable[..., Appareil], injection: str
) -> None:
    appareil = enroler(lot=5)
    refus = 0
    with serveur.appel_fautif(injection) as disque:

        def frapper() -> int:
            nonlocal refus
            avant = set(appareil.acquittees)
            appareil.noter(5, "Confidence de l'épreuve")
            if appareil.echanger() != "fait":
                refus += 1
                indisponible(appareil.derniere)
                assert set(appareil.acquittees) == avant or disque.pannes() > 1
            verifier(serveur, [appareil])
            return refus and disque.pannes()

        attendre(frapper, "un appel qui échoue", delai=40)
    appareil.insister()
    tout_est_arrive(serveur, [appareil])
    rien_de_personnel(serveur, "Confidence")
    # Rouverte par un serveur neuf, la base dit la même chose.
    serveur.tuer()
    serveur.demarrer()
    appareil.noter(3)
    appareil.insister()
    tout_est_arrive(serveur, [appareil])


@pytest.fixture
def disque_petit(tmp_path: Path) -> Iterator[Path]:
    """Quelques mébioctets de tmpfs, à remplir."""
    lieu = tmp_path / "disque"
    lieu.mkdir()
    monter = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(lieu)]
    fait = subprocess.run(monter, capture_output=True, text=True, check=False)
    if fait.returncode:
        pytest.skip(f"monter un petit disque demande d'être administrateur ; l'essai du plafond suit ({fait.stderr})")
    yield lieu
    subprocess.run(["umount", "-l", str(lieu)], check=True)


def remplir(lieu: Path) -> Path:
    """Plus un octet de libre."""
    bourre = lieu / "bourre"
    with bourre.open("wb", buffering=0) as sortie:
        for morceau in (64 * 1024, 4096, 1):
            with contextlib.suppress(OSError):
                while sortie.write(b"\0" * morceau) == morceau:
                    pass
    return bourre


def test_a_full_disk_is_said_read_from_and_recovered_from(
    disque_petit: Path, base_semee: tuple[Path, Semis], semis: Semis
) -> None:
    serveur = ServeurFautif(disque_petit)
    shutil.copy(base_semee[0], serveur.base)
    serveur.demarrer()
    try:
        plein_puis_vide(serveur, semis, lambda: remplir(disque_petit), (disque_petit / "bourre").unlink)
    finally:
        serveur.arreter()


def test_a_file_that_may_not_grow_is_said_read_from_and_recovered_from(serveur: ServeurFautif, semis: Semis) -> None:
    """Le même débordement sans être administrateur : le noyau refuse aux ouvriers d'allonger un fichier."""

    def plafonner(octets: int) -> None:
        for pid in serveur.ouvriers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (octets, resource.RLIM_INFINITY))

    wal = serveur.base.with_name(serveur.base.name + "-wal")
    plein_puis_vide(
        serveur, semis, lambda: plafonner(wal.stat().st_size + 100), lambda: plafonner(resource.RLIM_INFINITY)
    )


def plein_puis_vide(
    serveur: ServeurFautif, semis: Semis, remplir: Callable[[], object], vider: Callable[[], object]
) -> None:
    appareil = Appareil(serveur.port, semis.camille)
    appareil.se_connecter()
    appareil.noter(10)
    appareil.insister()
    # La session et l'appareil ont un peu vieilli : les revoir écrit d'ordinaire, et ne doit pas empêcher de lire.
    il_y_a_peu = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=20)).strftime("%Y-%m-%d %H:%M:%S.%f")
    serveur.ecrire("UPDATE session_web SET vue_le = ?", il_y_a_peu)
    serveur.ecrire("UPDATE appareil SET dernier_echange_le = ?", il_y_a_peu)
    remplir()

    assert (lire := appareil.demander("GET", "/dossiers")).statut == 200, "on ne lit plus"
    assert "Vasseur-Fictif" in lire.corps.decode()
    assert appareil.echanger() == "fait", "on ne reçoit plus"
    acquis = set(appareil.acquittees)
    appareil.noter(40, "Confidence de l'épreuve")
    assert appareil.echanger() == "indisponible"
    indisponible(appareil.derniere)
    assert set(appareil.acquittees) == acquis
    verifier(serveur, [appareil])
    assert appareil.demander("GET", "/dossiers").statut == 200

    vider()
    appareil.insister()
    tout_est_arrive(serveur, [appareil])
    rien_de_personnel(serveur, "Confidence")
