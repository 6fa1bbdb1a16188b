"""`jalon annuaire` : recevoir l'annuaire des partenaires au format data·inclusion v1."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import click

from app import create_app
from app.annuaire import territoire as lieux
from app.annuaire.ecriture import importer as ecrire
from app.annuaire.lecture import Lu, lire
from app.base import ecriture
from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise, GroupeFrancais
from app.commandes.structures import choisir_structure
from app.domain.dates import instant, jour_paris
from app.importation.illisible import FichierIllisible

MONTREES: Final = 100


@click.group("annuaire", cls=GroupeFrancais, help="L'annuaire des partenaires : le recevoir, le mettre à jour.")
def annuaire() -> None:
    pass


@annuaire.command(
    "importer",
    cls=CommandeFrancaise,
    help=(
        "Importe des fichiers JSON au format data·inclusion v1 : structures, services, ou les deux (docs/annuaire.md)."
        "\n\nCe qui est déjà là est mis à jour, ce qui n'y est plus est signalé, rien n'est effacé. Les lignes fausses "
        "sont dites et laissées de côté.\n\nCodes de sortie : 0 tout est lu ; 1 des lignes ne le sont pas."
    ),
)
@click.argument(
    "fichiers",
    metavar="FICHIER…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option("--territoire", metavar="CODES", help="Départements et communes gardés : « 54 57463 ».")
@click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs dans la base.")
def importer(fichiers: tuple[Path, ...], territoire: str | None, structure: str | None) -> int:
    maintenant = dt.datetime.now(dt.UTC)
    jour = dt.date.fromisoformat(jour_paris(instant(maintenant)))
    lu = Lu()
    for fichier in fichiers:
        try:
            sien = lire(fichier.read_bytes(), jour)
        except FichierIllisible as erreur:
            raise click.ClickException(f"{fichier.name} : {erreur.message}") from None
        lu.joindre(sien)
    with create_app().app_context(), ecriture() as base:
        maison = choisir_structure(base, structure)
        codes = lieux.lire(maison.territoire or "" if territoire is None else territoire)
        if codes is None:
            raise click.BadParameter(lieux.DEMANDE, param_hint="--territoire")
        bilan = ecrire(base, maison.id, lu, codes, maintenant)
        nom = maison.nom
    for anomalie in bilan.anomalies[:MONTREES]:
        click.echo(str(anomalie), err=True)
    if (autres := len(bilan.anomalies) - MONTREES) > 0:
        click.echo(f"… et {autres} autre(s).", err=True)
    click.echo(f"{nom} : {bilan}")
    for disparu in bilan.disparus[:MONTREES]:
        click.echo(f"  n'y est plus : {disparu}")
    return Issue.REFUSEE if bilan.anomalies else Issue.REUSSIE
