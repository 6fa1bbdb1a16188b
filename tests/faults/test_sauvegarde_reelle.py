"""Sauvegardé pendant que l'on pousse, perdu, restauré : les téléphones rendent ce qui manque (fiabilité, 19 et 25)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from .appareil import Appareil
from .serveur import ServeurFautif
from .temoin import tout_est_arrive


def est_un_debut_coherent(copie: Path, appareils: list[Appareil]) -> int:
    """Saine, et de chaque appareil les premières opérations, sans trou et par lots entiers ; rend combien."""
    total = 0
    with closing(sqlite3.connect(f"file:{copie}?mode=ro", uri=True)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for appareil in appareils:
            requete = "SELECT compteur FROM operation WHERE appareil_id = ? ORDER BY sequence"
            presents = [compteur for (compteur,) in base.execute(requete, (appareil.client.id,))]
            assert presents == list(range(1, len(presents) + 1))
            assert len(presents) % LOT == 0, "un lot à moitié"
            total += len(presents)
    return total


LOT = 8


def test_a_backup_taken_while_devices_push_is_restored_and_they_end_in_the_same_state(
    serveur: ServeurFautif, enroler: Callable[..., Appareil], tmp_path: Path
) -> None:
    appareils = [enroler("camille", lot=LOT), enroler("noor", lot=LOT), enroler("camille", lot=LOT)]
    copie, lance, fini = tmp_path / "minuit", threading.Semaphore(0), threading.Event()
    fautes: list[BaseException] = []

    def pousser(appareil: Appareil) -> None:
        try:
            while not fini.is_set():
                appareil.noter(LOT)
                appareil.insister()
                lance.release()
        except BaseException as faute:  # dit plus bas, par le fil de l'essai
            fautes.append(faute)
            lance.release()

    fils = [threading.Thread(target=pousser, args=(appareil,)) for appareil in appareils]
    for fil in fils:
        fil.start()
    for _ in range(6):
        lance.acquire()
    faite = serveur.jalon("sauvegarde", str(copie))
    for _ in range(6):
        lance.acquire()
    fini.set()
    for fil in fils:
        fil.join()
    assert not fautes, fautes
    assert faite.returncode == 0, faite.stderr
    tout_est_arrive(serveur, appareils)
    gardees = est_un_debut_coherent(copie, appareils)
    notees = sum(len(appareil.notees) for appareil in appareils)
    assert 0 < gardees < notees, "rien n'a été poussé autour de la copie : l'épreuve n'éprouve rien"

    # Le serveur tombe, la base revient à minuit.
    serveur.tuer()
    revenue = serveur.jalon("restaurer", str(copie))
    assert revenue.returncode == 0, revenue.stderr
    assert serveur.compter("operation", "appareil_id IS NOT NULL") == gardees
    serveur.demarrer()
    for appareil in appareils:
        appareil.noter(3)
        appareil.insister()
    tout_est_arrive(serveur, appareils, restauree=True)
    # Chaque téléphone de Camille montre la même chose, et tout ce que la base tient.
    for appareil in appareils:
        appareil.insister()
    une, autre = (set(appareils[rang].client.fiches) for rang in (0, 2))
    assert une == autre
