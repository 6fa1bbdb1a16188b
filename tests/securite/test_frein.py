"""Le frein, pris de vitesse : cent essais lancés ensemble n'en passent pas plus que lancés un par un."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app import create_app
from app.base import db
from app.config import configuration
from app.securite import frein

MAINTENANT = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
SECRET = "s" * 40


def test_a_hundred_attempts_at_once_let_only_the_free_ones_through(tmp_path: Path, adresse: str) -> None:
    config = configuration({"DATABASE_URL": adresse}, instance=tmp_path)
    applications = [create_app(config) for _ in range(2)]  # deux processus partagent la base, pas la mémoire

    def essayer(rang: int) -> int:
        with applications[rang % 2].app_context():
            adresse = f"198.51.100.{rang}"
            return frein.demander(frein.essai(SECRET, "camille@exemple.test", adresse, None), MAINTENANT)

    with ThreadPoolExecutor(8) as equipe:
        attentes = list(equipe.map(essayer, range(100)))
    assert sum(attente == 0 for attente in attentes) == frein.COMPTE.libres
    for application in applications:
        with application.app_context():
            db.engine.dispose()


def test_the_wait_doubles_up_to_its_ceiling() -> None:
    attentes = [frein.COMPTE.attente(echecs).total_seconds() for echecs in range(1, 20)]
    assert attentes[:4] == [0, 0, 0, 0]
    assert attentes[4:8] == [5, 10, 20, 40]
    assert max(attentes) == frein.COMPTE.plafond


def test_an_enrolled_device_is_not_slowed_by_those_who_try_elsewhere() -> None:
    ailleurs = frein.essai(SECRET, "camille@exemple.test", "198.51.100.1", None)
    appareil = frein.essai(SECRET, "camille@exemple.test", "192.0.2.1", "appareil")
    assert {cle for cle, _ in ailleurs.compteurs}.isdisjoint(cle for cle, _ in appareil.compteurs)


def test_ipv6_subscribers_count_as_one() -> None:
    un, deux = (frein.essai(SECRET, str(n), f"2001:db8::{n}", None).compteurs[1][0] for n in (1, 2))
    assert un == deux
