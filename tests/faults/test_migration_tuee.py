"""Le serveur est tué au n-ième appel de la mise au goût d'une base ancienne ; relancé, il l'achève (fiabilité, 18)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.migrations import ecarts
from app.moteur import ouvrir_moteur
from tests.browser.serveur import LANCER, RACINE

from .ampleur import un_sur_deux
from .serveur import ServeurFautif

ANCIENNE = """
import sys
from app.migrations import migrer
from app.moteur import ouvrir_moteur
moteur = ouvrir_moteur(sys.argv[1])
migrer(moteur, "0001")
with moteur.execution_options(ecriture=True).begin() as base:
    base.exec_driver_sql(
        "INSERT INTO structure (id, nom, generation, sequence, cree_le) "
        "VALUES ('une-structure', 'Les Bornes Fictives', 'g', 0, '2026-01-01 00:00:00.000000')"
    )
moteur.dispose()
"""
# Des points pris dans toute la transaction, puis après elle : les premières pages, la validation, le ménage.
POINTS = [
    "pwrite64:signal=KILL:when=4",
    "pwrite64:signal=KILL:when=1",
    "fdatasync:signal=KILL:when=1",
    "pwrite64:signal=KILL:when=25",
    "unlink:signal=KILL:when=1",
]


@pytest.fixture
def ancienne(serveur_eteint: ServeurFautif) -> Iterator[ServeurFautif]:
    for reste in serveur_eteint.dossier.glob("jalon.sqlite*"):
        reste.unlink()
    adresse = serveur_eteint.environnement["DATABASE_URL"]
    subprocess.run([sys.executable, "-c", ANCIENNE, adresse], cwd=RACINE, check=True, capture_output=True)
    return serveur_eteint


def schema(base: ServeurFautif) -> list[tuple[object, ...]]:
    """Tables, index et colonnes. Le texte de CREATE, lui, n'a pas d'ordre d'une migration à l'autre."""
    return base.lire(
        "SELECT m.type, m.name, c.name FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c ORDER BY 1, 2, 3"
    )


@pytest.mark.skipif(not shutil.which("strace"), reason="strace manque : apt install strace")
@pytest.mark.parametrize("point", un_sur_deux(POINTS))
def test_killed_while_migrating_the_old_base_is_whole_and_the_restart_completes(
    ancienne: ServeurFautif, point: str, tmp_path: Path
) -> None:
    avant = schema(ancienne)
    appel = point.split(":")[0]
    trace = tmp_path / "appels.txt"
    # Seuls comptent les appels faits sur la base : Python aussi écrit et efface des fichiers.
    chemins = [f"{ancienne.base}{fin}" for fin in ("", "-wal", "-shm")]
    tuer = ["strace", "-f", "-o", str(trace), "-e", f"trace={appel}", "-e", f"inject={point}"]
    tuer += [mot for chemin in chemins for mot in ("-P", chemin)]
    servir = [sys.executable, "-c", LANCER, "0", "serve", "--port", str(ancienne.port)]
    mort = subprocess.run(
        [*tuer, *servir], cwd=RACINE, env=ancienne.environnement, capture_output=True, timeout=60, check=False
    )
    assert mort.returncode != 0
    assert "killed by SIGKILL" in trace.read_text(), "tué trop tard : l'épreuve n'éprouve rien"

    assert ancienne.integre()
    trouve = schema(ancienne)
    ancienne.demarrer()
    assert ancienne.integre()
    assert trouve in (avant, schema(ancienne)), "à moitié migrée"
    assert ancienne.lire("SELECT nom FROM structure") == [("Les Bornes Fictives",)]
    moteur = ouvrir_moteur(ancienne.environnement["DATABASE_URL"])
    assert ecarts(moteur) is None
    moteur.dispose()
