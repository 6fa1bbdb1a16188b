"""`jalon serve` : gunicorn, des processus à files d'exécution, sur cette machine ou sur son réseau."""

from __future__ import annotations

import datetime as dt
import gc
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn ne publie pas ses types

from app.commandes.certificats import adresses_locales, certificat_local
from app.commandes.entretenir import tout_entretenir
from app.commandes.francais import CommandeFrancaise
from app.config import configuration
from app.migrations import migrer
from app.moteur import ouvrir_moteur
from app.sauvegarde.en_service import en_service

if TYPE_CHECKING:
    from flask import Flask

PROCESSUS = 2
# Quatre échanges à la fois (app/affluence.py) ; le reste attend son tour, lit un réseau lent ou sert le bureau.
FILES = 16
AUTORITE = "autorite.crt"


@click.command(
    "serve",
    cls=CommandeFrancaise,
    help="Sert Jalon. Sans --https, seulement à cette machine : un téléphone a besoin d'une adresse https.",
)
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default="8000", metavar="N")
@click.option("--https", is_flag=True, help="Sert aussi le réseau local, avec une autorité de certification locale.")
@click.option(
    "--processus",
    envvar="JALON_PROCESSUS",
    type=click.IntRange(1, 64),
    default=PROCESSUS,
    show_default=str(PROCESSUS),
    metavar="N",
    help="Combien de processus répondent ; deux par cœur est un bon départ.",
)
def serve(port: int, https: bool, processus: int) -> None:
    servir(port, https, processus)


def servir(port: int, https: bool, processus: int = PROCESSUS, **reglages: Any) -> None:
    """Sert jusqu'à l'arrêt. `reglages` complète la configuration (la démonstration s'annonce ainsi)."""
    if _occupe(port):
        raise click.ClickException(f"le port {port} est déjà pris. Choisissez-en un autre : PORT={port + 1}.")
    config = {**configuration(), **reglages}
    voisines = adresses_locales() if https else []
    if not os.environ.get("TRUSTED_HOSTS"):
        machine = socket.gethostname().split(".")[0].lower()
        config["TRUSTED_HOSTS"] = ["localhost", "127.0.0.1", "[::1]", f"{machine}.local", *voisines]
    ecoute = {"bind": [f"0.0.0.0:{port}" if https else f"127.0.0.1:{port}"]}  # le réseau local est demandé
    if https:
        autorite, certificat, cle = certificat_local(Path(config["INSTANCE"]) / "tls", voisines)
        config["AUTORITE_LOCALE"] = str(autorite)
        # Une autorité locale ne vaut que pour l'essai : ne pas condamner http://localhost ensuite.
        config["HSTS"] = False
        ecoute |= {"certfile": str(certificat), "keyfile": str(cle)}  # type: ignore[dict-item]  # gunicorn prend les deux
    preparer_base(config["DATABASE_URL"])
    application = charger(config)
    _epargner_le_ramasse_miettes()
    maitre = os.getpid()
    try:
        with en_service(Path(config["INSTANCE"])):
            _annoncer(port, https, voisines)
            _Gunicorn(application, {"workers": processus, **ecoute}).run()
    finally:
        # Les processus qui servent passent aussi par ici en finissant.
        if os.getpid() == maitre:
            click.echo("\n  Arrêté.")


def preparer_base(adresse: str) -> None:
    """Amène la base à l'état de ce code, efface ce qui est à son terme.

    Le moteur est fermé avant que les processus ne se séparent.
    """
    if adresse.startswith("sqlite:///"):
        Path(adresse.removeprefix("sqlite:///")).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    moteur = ouvrir_moteur(adresse)
    try:
        migrer(moteur)
        tout_entretenir(moteur, dt.datetime.now(dt.UTC))
    finally:
        moteur.dispose()


def charger(config: dict[str, Any]) -> Flask:
    """Tout est prêt avant que les processus ne se séparent : ils le partagent, et un mort est remplacé aussitôt.

    Elle n'a ouvert aucune connexion à la base : une connexion ne traverse pas un fork.
    """
    from app import create_app

    return create_app(config)


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ne publie pas ses types
    """gunicorn conduit de l'intérieur, sans fichier de réglage."""

    def __init__(self, application: Flask, ecoute: dict[str, Any]) -> None:
        self.application = application
        self.ecoute = ecoute
        super().__init__()

    def load_config(self) -> None:
        reglages = {
            "threads": FILES,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 30,
            "loglevel": "warning",
            "proc_name": "jalon",
            "limit_request_line": 4094,
            **self.ecoute,
        }
        for nom, valeur in reglages.items():
            self.cfg.set(nom, valeur)

    def load(self) -> Flask:
        return self.application


def _epargner_le_ramasse_miettes() -> None:
    """Ce qui est né au démarrage y restera : le relire sans cesse coûtait un sixième de chaque échange."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _annoncer(port: int, https: bool, voisines: list[str]) -> None:
    protocole = "https" if https else "http"
    click.echo(f"\n  Jalon est servi à {protocole}://localhost:{port}")
    for adresse in voisines:
        click.echo(f"  et sur votre réseau à {protocole}://{adresse}:{port}")
    if https and voisines:
        click.echo(f"  Autorité locale à installer sur le téléphone : https://{voisines[0]}:{port}/{AUTORITE}")
        click.echo("  Marche à suivre : docs/telephone.md")
    click.echo("  Ctrl+C pour arrêter.\n")


def _occupe(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as essai:
        return essai.connect_ex(("127.0.0.1", port)) == 0
