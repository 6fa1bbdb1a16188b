"""`jalon import` : reprend les fichiers d'un dossier."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise
from app.commandes.structures import choisir_structure
from app.config import configuration
from app.domain.roles import IMPORTATEURS
from app.importation import Compte, Importation
from app.importation.ecriture import Avancer
from app.models import Structure, Utilisateur
from app.moteur import lire, ouvrir_moteur

ANOMALIES_MONTREES: Final = 100


@click.command(
    "import",
    cls=CommandeFrancaise,
    help=(
        "Importe les fichiers d'un dossier : personnes, mesures, rendez_vous, entretiens, demarches, en .csv ou .xlsx "
        "(voir docs/import.md).\n\nRien n'est enregistré si une seule ligne est fausse, sauf avec --lignes-valides. "
        "Une ligne dont la référence est déjà connue est laissée telle quelle.\n\nCodes de sortie : 0 tout est "
        "enregistré ; 1 des lignes sont fausses ; 2 la commande est mal écrite."
    ),
)
@click.argument(
    "dossier", metavar="DOSSIER", type=click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
)
@click.option("--lignes-valides", is_flag=True, help="Enregistre les lignes justes même s'il y en a de fausses.")
@click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs dans la base.")
@click.option("--utilisateur", metavar="COURRIEL", help="Le compte au nom duquel l'import est journalisé.")
def commande(dossier: Path, lignes_valides: bool, structure: str | None, utilisateur: str | None) -> int:
    moteur = ouvrir_moteur(configuration()["DATABASE_URL"])
    try:
        return _importer(moteur, dossier, lignes_valides, structure, utilisateur)
    finally:
        moteur.dispose()


def _importer(moteur: Engine, dossier: Path, lignes_valides: bool, structure: str | None, courriel: str | None) -> int:
    with lire(moteur) as session:
        choisie = choisir_structure(session, structure)
        compte = _compte(session, choisie, courriel)
    import_ = Importation(
        moteur,
        choisie.id,
        compte.id,
        compte.role,
        datetime.now(UTC),
        lignes_valides,
        _Barres(),
    )
    try:
        resultat = import_.importer(dossier)
    except IntegrityError as erreur:
        raise click.ClickException(
            "les mêmes références viennent d'être enregistrées par ailleurs ; rien n'a été importé, recommencez"
        ) from erreur
    _dire(resultat, choisie)
    return Issue.REFUSEE if resultat.anomalies else Issue.REUSSIE


def _compte(session: Session, structure: Structure, courriel: str | None) -> Utilisateur:
    comptes = session.scalars(
        select(Utilisateur).where(Utilisateur.structure_id == structure.id, Utilisateur.actif.is_(True))
    ).all()
    if courriel is not None:
        for compte in comptes:
            if compte.courriel == courriel.lower():
                return compte
        raise click.BadParameter("aucun compte actif n'a ce courriel", param_hint="--utilisateur")
    for role in IMPORTATEURS:
        for compte in sorted(comptes, key=lambda c: c.courriel):
            if compte.role == role:
                return compte
    raise click.UsageError("la structure n'a pas de compte pour cet import : dites lequel avec --utilisateur")


def _dire(resultat: Compte, structure: Structure) -> None:
    for rang, anomalie in enumerate(resultat.anomalies):
        if rang == ANOMALIES_MONTREES:
            break
        click.echo(str(anomalie), err=True)
    if (autres := resultat.anomalies.nombre - ANOMALIES_MONTREES) > 0:
        click.echo(f"… et {autres} autre{'s' if autres > 1 else ''} anomalie{'s' if autres > 1 else ''}.", err=True)
    click.echo(f"{structure.nom}")
    for nom in dict.fromkeys((*resultat.ecrites, *resultat.deja)):
        enregistrees, connues = resultat.ecrites.get(nom, 0), resultat.deja.get(nom, 0)
        if enregistrees or connues:
            s = "s" if enregistrees > 1 else ""
            deja = f", {connues} déjà là" if connues else ""
            click.echo(f"  {nom} : {enregistrees} ligne{s} enregistrée{s}{deja}")
    if not resultat.ecrites:
        click.echo("Rien n'a été enregistré." if resultat.anomalies else "Rien de nouveau à enregistrer.")
    elif resultat.anomalies:
        click.echo("Les lignes fausses n'ont pas été enregistrées.")


class _Barres:
    """Les barres de progression, sur la sortie d'erreur : la sortie ordinaire garde le résultat."""

    @contextmanager
    def etape(self, nom: str, total: int | None) -> Iterator[Avancer]:
        if total is None:
            with _compteur(nom) as avancer:
                yield avancer
            return
        with click.progressbar(length=total, label=nom, file=sys.stderr) as barre:
            yield barre.update


@contextmanager
def _compteur(nom: str) -> Iterator[Avancer]:
    """On ne sait pas combien de lignes un fichier contient avant de l'avoir lu : on les compte à mesure."""
    lues = 0
    anime = sys.stderr.isatty()

    def avancer(nombre: int) -> None:
        nonlocal lues
        lues += nombre
        if anime:
            click.echo(f"\r{nom} : {lues} lignes", err=True, nl=False)

    yield avancer
    click.echo(f"{chr(13) if anime else ''}{nom} : {lues} lignes", err=True)
