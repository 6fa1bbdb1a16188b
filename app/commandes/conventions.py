"""`jalon conventions` : lister celles d'une structure, vérifier un fichier, en charger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy import select

from app import create_app
from app.base import ecriture
from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise, GroupeFrancais
from app.commandes.structures import choisir_structure
from app.domain.convention import Convention, ConventionIllisible, etat, lire, livrees
from app.models import Convention as Gardee
from sync.conventions import Bilan, enregistrer
from sync.fusion import jour_paris

_structure = click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs.")
_ETATS = {
    "a_venir": "à venir",
    "en_vigueur": "en vigueur",
    "prolongee": "finie, règle encore les mesures ouvertes",
    "passee": "remplacée",
}


@click.group(
    "conventions",
    cls=GroupeFrancais,
    invoke_without_command=True,
    help="Les conventions : sans rien de plus, celles de la structure ; ou en vérifier, en charger.",
)
@_structure
@click.pass_context
def conventions(contexte: click.Context, structure: str | None) -> None:
    if contexte.invoked_subcommand is None:
        _lister(structure)


def _lister(structure: str | None) -> None:
    jour = jour_paris(dt.datetime.now(dt.UTC)).isoformat()
    with create_app().app_context(), ecriture() as base:
        maison = choisir_structure(base, structure)
        siennes = base.scalars(
            select(Gardee.donnees).where(Gardee.structure_id == maison.id).order_by(Gardee.code, Gardee.debut)
        ).all()
        click.echo(f"« {maison.nom} » :")
    for version in siennes:
        click.echo(
            _ligne(version["code"], version["version"], version["libelle"], _ETATS[etat(version, siennes, jour)])
        )
    if not siennes:
        click.echo("  aucune convention ; jalon conventions charger CODE ou FICHIER")


@conventions.command(
    "livrees", cls=CommandeFrancaise, help="Les conventions livrées avec Jalon, à charger par leur code."
)
def livrees_() -> None:
    for convention in livrees():
        click.echo(_ligne(convention.code, convention.version, convention.libelle))


@conventions.command(
    "verifier", cls=CommandeFrancaise, help="Lit des fichiers TOML et dit, ligne et règle, ce qui n'y va pas."
)
@click.argument("fichiers", metavar="FICHIER", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
def verifier(fichiers: tuple[str, ...]) -> Issue:
    lues = [_lire(Path(fichier)) for fichier in fichiers]
    for convention in lues:
        if convention is not None:
            click.echo(f"{convention.code} {convention.version} : juste, {len(convention.valeurs)} règles.")
    return Issue.REFUSEE if None in lues else Issue.REUSSIE


@conventions.command(
    "charger",
    cls=CommandeFrancaise,
    help="Met en base des conventions livrées (par leur code) ou les vôtres (par leur fichier), sans récrire le passé.",
)
@click.argument("quoi", metavar="CODE|FICHIER", nargs=-1, required=True)
@_structure
def charger(quoi: tuple[str, ...], structure: str | None) -> Issue:
    voulues: list[Convention] = []
    for nom in quoi:
        if Path(nom).suffix == ".toml":
            if not Path(nom).is_file():
                raise click.ClickException(f"le fichier « {nom} » n'existe pas.")
            lue = _lire(Path(nom))
            if lue is None:
                return Issue.REFUSEE
            voulues.append(lue)
        else:
            voulues += choisir_livrees([nom])
    with create_app().app_context(), ecriture() as base:
        maison = choisir_structure(base, structure)
        bilan = enregistrer(base, maison.id, voulues)
        click.echo(f"« {maison.nom} » :")
    return _dire(bilan)


def choisir_livrees(codes: Iterable[str]) -> list[Convention]:
    """Les conventions livrées de ces codes. Lève une erreur qui dit lesquels existent."""
    connues = livrees()
    existants = sorted({convention.code for convention in connues})
    for code in codes:
        if code not in existants:
            raise click.ClickException(
                f"« {code} » n'est pas livrée ; un fichier finit par .toml, un code est l'un de : "
                f"{', '.join(existants)}."
            )
    return [convention for convention in connues if convention.code in tuple(codes)]


def _lire(fichier: Path) -> Convention | None:
    try:
        return lire(fichier.read_text(encoding="utf-8"), fichier.name)
    except ConventionIllisible as erreur:
        for faute in erreur.fautes:
            click.echo(f"{fichier} : {faute}", err=True)
    except UnicodeDecodeError:
        click.echo(f"{fichier} : ce n'est pas un texte en UTF-8 ; enregistrez-le dans ce codage.", err=True)
    return None


def _dire(bilan: Bilan) -> Issue:
    for code, version in bilan.nouvelles:
        click.echo(f"  {code} {version} : ajoutée.")
    for code, version in bilan.changees:
        click.echo(f"  {code} {version} : corrigée ; l'ancienne valeur est au journal.")
    for (code, version), regles in bilan.refusees.items():
        click.echo(
            f"  {code} {version} : refusée. Cette version passée a réglé des mesures ({', '.join(regles)}) : "
            "écrivez une nouvelle version, avec son début.",
            err=True,
        )
    if not (bilan.nouvelles or bilan.changees or bilan.refusees):
        click.echo("  rien de nouveau.")
    return Issue.REFUSEE if bilan.refusees else Issue.REUSSIE


def _ligne(code: str, version: str, libelle: str, precision: str = "") -> str:
    return f"  {code:<9}{version:<9}{libelle}{f' · {precision}' if precision else ''}"
