"""`jalon structure` : accueillir une association, et ses lieux de rendez-vous."""

from __future__ import annotations

import datetime as dt

import click
from sqlalchemy import func, select
from uuid6 import uuid7

from app import create_app
from app.base import ecriture
from app.cloison import ANNUAIRE, changer
from app.commandes.conventions import choisir_livrees
from app.commandes.francais import CommandeFrancaise, GroupeFrancais
from app.commandes.serve import preparer_base
from app.commandes.structures import choisir_structure
from app.config import configuration
from app.models import Lieu, Structure
from sync.conventions import enregistrer

_structure = click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs.")


@click.group("structure", cls=GroupeFrancais, help="Les associations : en créer, ajouter leurs lieux.")
def structure() -> None:
    pass


@structure.command("creer", cls=CommandeFrancaise, help="Crée une association et prépare la base.")
@click.argument("nom", metavar="NOM")
@click.option("--convention", "codes", metavar="CODE", multiple=True, help="Une convention livrée ; répétable.")
def creer(nom: str, codes: tuple[str, ...]) -> None:
    nom = " ".join(nom.split())
    if not nom:
        raise click.BadParameter("donnez le nom de l'association", param_hint="NOM")
    voulues = choisir_livrees(codes)
    preparer_base(configuration()["DATABASE_URL"])
    with create_app().app_context(), ecriture(ANNUAIRE) as base:
        if base.scalar(select(Structure.id).where(func.lower(Structure.nom) == nom.lower())):
            raise click.ClickException(f"« {nom} » existe déjà.")
        identifiant = str(uuid7())
        changer(base, identifiant)
        base.add(Structure(id=identifiant, nom=nom, generation=str(uuid7()), cree_le=dt.datetime.now(dt.UTC)))
        base.flush()
        bilan = enregistrer(base, identifiant, voulues)
    nombre = len({code for code, _ in bilan.nouvelles})
    click.echo(f"« {nom} » est créée, {f'avec {nombre} convention(s)' if nombre else 'sans convention'}.")
    if not nombre:
        click.echo("Ses conventions : jalon conventions livrees, puis jalon conventions charger CODE ou FICHIER")
    click.echo("Ensuite : jalon utilisateur creer COURRIEL --prenom … --nom … --role administrateur")


@structure.command("lieu", cls=CommandeFrancaise, help="Ajoute un lieu de rendez-vous.")
@click.argument("nom", metavar="NOM")
@click.option("--commune", metavar="COMMUNE", help="Sa commune.")
@_structure
def lieu(nom: str, commune: str | None, structure: str | None) -> None:
    with create_app().app_context(), ecriture() as base:
        maison = choisir_structure(base, structure)
        if base.scalar(select(Lieu.id).where(Lieu.structure_id == maison.id, Lieu.nom == nom.strip())):
            raise click.ClickException(f"« {nom} » existe déjà dans « {maison.nom} ».")
        base.add(Lieu(structure_id=maison.id, id=str(uuid7()), nom=nom.strip(), commune=commune))
    click.echo(f"Lieu ajouté : {nom}.")
