"""Deux bases de tailles différentes, servies tour à tour : voir `bench/croissance/__init__.py`."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from app.migrations import migrer
from app.moteur import ouvrir_moteur
from bench import croissance
from bench.croissance.semis import creer, ecrire_ailleurs, peupler
from bench.croissance.telephone import Mesures, Telephone
from bench.serveur import serveur
from tools import postgresql


@contextmanager
def bases(dossier: Path, avec_postgresql: bool) -> Iterator[tuple[Callable[[str], str], int | None]]:
    """De quoi ouvrir une base neuve par son nom, et le processus de PostgreSQL."""
    if not avec_postgresql:
        yield (lambda nom: f"sqlite:///{dossier / nom}.sqlite"), None
        return
    with postgresql.serveur() as administration, psycopg.connect(administration, autocommit=True) as lien:
        lien.execute("CREATE ROLE jalon LOGIN PASSWORD 'jalon'")
        (donnees,) = lien.execute("SHOW data_directory").fetchone() or ("",)
        pid = int((Path(donnees) / "postmaster.pid").read_text().split()[0])

        def ouvrir(nom: str) -> str:
            lien.execute(f"CREATE DATABASE {nom} OWNER jalon")
            suite = administration.rpartition("@")[2].rpartition("/")[0]
            return f"postgresql://jalon:jalon@{suite}/{nom}"

        yield ouvrir, pid


def main() -> None:
    lecture = argparse.ArgumentParser(description=(croissance.__doc__ or "").split("\n")[0])
    lecture.add_argument("--autrui", type=int, nargs="+", default=[10_000, 500_000])
    lecture.add_argument("--tours", type=int, default=100)
    lecture.add_argument("--ecrits", type=int, default=12, help="combien de fois les autres écrivent 15 000 fiches")
    lecture.add_argument("--postgresql", action="store_true")
    choix = lecture.parse_args()
    with ExitStack() as pile:
        dossier = Path(pile.enter_context(tempfile.TemporaryDirectory()))
        ouvrir, de_la_base = pile.enter_context(bases(dossier, choix.postgresql))
        telephones: dict[int, Telephone] = {}
        for autrui in choix.autrui:
            adresse, depart = ouvrir(f"croissance_{autrui}"), time.monotonic()
            moteur = ouvrir_moteur(adresse)
            pile.callback(moteur.dispose)
            migrer(moteur)
            creer(moteur)
            peupler(moteur, autrui)
            print(f"{autrui} fiches d'autrui, semées en {time.monotonic() - depart:.0f} s", file=sys.stderr)
            port, pid = pile.enter_context(serveur(adresse))
            hasard = random.Random(7)  # noqa: S311  # un tirage à rejouer
            telephones[autrui] = Telephone(moteur, port, pid, de_la_base, hasard)
        for telephone in telephones.values():
            while telephone.echanger([]):
                pass
        selon_la_taille = {autrui: Mesures() for autrui in telephones}
        for tour in range(-5, choix.tours):
            for autrui, telephone in telephones.items():
                telephone.echanger(telephone.preparer(), selon_la_taille[autrui] if tour >= 0 else None)
        print(json.dumps({autrui: mesures.resume() for autrui, mesures in selon_la_taille.items()}), flush=True)
        apres, sans = Mesures(), Mesures()
        petit = telephones[min(telephones)]
        for rang in range(choix.ecrits):
            ecrire_ailleurs(petit.moteur, rang)
            petit.echanger(petit.preparer(), apres)
            petit.echanger(petit.preparer(), sans)
        print(json.dumps({"apres_15000": apres.resume(), "sans": sans.resume()}), flush=True)


if __name__ == "__main__":
    main()
