"""`jalon sauvegarde` : une copie de la base pendant qu'elle sert, vérifiée, et qui le dit aux téléphones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.cloison import EXPLOITATION
from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise, megaoctets
from app.config import configuration
from app.moteur import ecrire, ouvrir_moteur
from app.sauvegarde import SauvegardeImpossible, postgresql, sqlite
from app.sauvegarde.epoque import MARGE, confirmer


@click.command(
    "sauvegarde",
    cls=CommandeFrancaise,
    help="Copie la base dans FICHIER pendant qu'elle sert, et vérifie la copie. N'écrase jamais un fichier.",
)
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False))
def sauvegarde(fichier: Path) -> None:
    adresse = configuration()["DATABASE_URL"]
    instant = dt.datetime.now(dt.UTC) - MARGE
    try:
        photographier(adresse, fichier, instant)
    except SauvegardeImpossible as erreur:
        raise _Impossible(str(erreur)) from None
    moteur = ouvrir_moteur(adresse)
    try:
        with ecrire(moteur, EXPLOITATION) as session:
            confirmer(session, instant)
    except (OperationalError, ProgrammingError):
        raise _Impossible(
            f"{fichier} est écrite et entière, mais la base n'a pas pu le noter : les téléphones gardent leurs copies."
        ) from None
    finally:
        moteur.dispose()
    click.echo(f"Sauvegarde écrite et vérifiée : {fichier} ({megaoctets(fichier.stat().st_size)}).")
    click.echo("Gardez-la ailleurs que sur cette machine, avec instance/secret. Voir docs/sauvegarde.md.")


def photographier(adresse: str, fichier: Path, instant: dt.datetime) -> None:
    """La copie vérifiée d'une base, qui tient tout jusqu'à `instant`. Lève `SauvegardeImpossible` ; rien ne porte alors
    ce nom.
    """
    if fichier.exists():
        raise SauvegardeImpossible(f"{fichier} existe déjà : donnez un autre nom.")
    if not fichier.parent.is_dir():
        raise SauvegardeImpossible(f"le dossier {fichier.parent} n'existe pas.")
    # Un nom n'est donné qu'à ce qui est entier : une copie interrompue ne passe pas pour une sauvegarde.
    en_cours = fichier.with_name(f".{fichier.name}.en-cours")
    en_cours.unlink(missing_ok=True)
    try:
        if make_url(adresse).get_backend_name() == "sqlite":
            sqlite.photographier(Path(make_url(adresse).database or ""), en_cours)
            sqlite.dater(en_cours, instant)
            sqlite.verifier(en_cours)
        else:
            postgresql.photographier(adresse, en_cours)
            postgresql.verifier(en_cours)
        en_cours.rename(fichier)
        sqlite.affermir(fichier)
    finally:
        en_cours.unlink(missing_ok=True)


class _Impossible(click.ClickException):
    exit_code = Issue.REFUSEE
