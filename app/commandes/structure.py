"""`jalon structure` : accueillir une association, ses conventions et ses lieux de rendez-vous."""

from __future__ import annotations

import datetime as dt

import click
from sqlalchemy import func, select
from uuid6 import uuid7

from app import create_app
from app.base import ecriture
from app.cloison import ANNUAIRE, changer
from app.commandes.francais import CommandeFrancaise, GroupeFrancais
from app.commandes.serve import preparer_base
from app.commandes.structures import choisir_structure
from app.config import configuration
from app.models import Lieu, Structure
from sync.conventions import enregistrer

_structure = click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs.")


@click.group(
    "structure", cls=GroupeFrancais, help="Les associations : en créer, charger leurs conventions, leurs lieux."
)
def structure() -> None:
    pass


@structure.command(
    "creer", cls=CommandeFrancaise, help="Crée une association, prépare la base et charge ses conventions."
)
@click.argument("nom", metavar="NOM")
def creer(nom: str) -> None:
    nom = " ".join(nom.split())
    if not nom:
        raise click.BadParameter("donnez le nom de l'association", param_hint="NOM")
    preparer_base(configuration()["DATABASE_URL"])
    with create_app().app_context(), ecriture(ANNUAIRE) as base:
        if base.scalar(select(Structure.id).where(func.lower(Structure.nom) == nom.lower())):
            raise click.ClickException(f"« {nom} » existe déjà.")
        identifiant = str(uuid7())
        changer(base, identifiant)
        base.add(Structure(id=identifiant, nom=nom, generation=str(uuid7()), cree_le=dt.datetime.now(dt.UTC)))
        base.flush()
        nombre = enregistrer(base, identifiant)
    click.echo(f"« {nom} » est créée, avec {nombre} conventions.")
    click.echo("Ensuite : jalon utilisateur creer COURRIEL --prenom … --nom … --role administrateur")


@structure.command("conventions", cls=CommandeFrancaise, help="Reporte dans la base les conventions des fichiers.")
@_structure
def conventions(structure: str | None) -> None:
    with create_app().app_context(), ecriture() as base:
        maison = choisir_structure(base, structure)
        nombre = enregistrer(base, maison.id)
        nom = maison.nom
    click.echo(f"« {nom} » : {nombre} conventions nouvelles ou changées.")


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
