"""`jalon utilisateur` : ouvrir un compte, le fermer, changer son mot de passe."""

from __future__ import annotations

import datetime as dt
import secrets
import sys

import click
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app import create_app
from app.annuaire import carnet
from app.base import ecriture
from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise, GroupeFrancais
from app.commandes.structures import choisir_structure
from app.models import Utilisateur
from app.securite.comptes import changer_mot_de_passe, consigner
from app.securite.mot_de_passe import hacher, reproche
from app.securite.ouverture import fermer_toutes
from app.securite.permissions import ROLES

# Assez de mots pour 80 bits : un mot de passe que l'on peut dicter au téléphone.
_SYLLABES = [consonne + voyelle for consonne in "bcdfghjklmnprstvz" for voyelle in "aeiou"]

_structure = click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs.")


@click.group("utilisateur", cls=GroupeFrancais, help="Les comptes : en créer, en fermer, changer un mot de passe.")
def utilisateur() -> None:
    pass


@utilisateur.command("creer", cls=CommandeFrancaise, help="Crée un compte et affiche son premier mot de passe.")
@click.argument("courriel", metavar="COURRIEL")
@click.option("--prenom", required=True, metavar="PRENOM", help="Prénom.")
@click.option("--nom", required=True, metavar="NOM", help="Nom.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="Ce que la personne peut faire.")
@click.option("--demander", is_flag=True, help="Demande le mot de passe au lieu de le tirer au sort.")
@_structure
def creer(courriel: str, prenom: str, nom: str, role: str, demander: bool, structure: str | None) -> None:
    courriel = courriel.strip().lower()
    if "@" not in courriel or len(courriel) > 254:
        raise click.BadParameter("ce n'est pas un courriel complet", param_hint="COURRIEL")
    with create_app().app_context(), ecriture() as base:
        maison = choisir_structure(base, structure)
        if base.scalar(_compte(maison.id, courriel)) is not None:
            raise click.ClickException(f"{courriel} a déjà un compte dans « {maison.nom} ».")
        mot = _mot_de_passe(demander, (courriel, prenom, nom, maison.nom))
        compte = Utilisateur(
            structure_id=maison.id,
            id=str(uuid7()),
            nom=nom.strip(),
            prenom=prenom.strip(),
            courriel=courriel,
            mot_de_passe=hacher(mot),
            role=role,
            cree_le=dt.datetime.now(dt.UTC),
        )
        base.add(compte)
        base.flush()
        consigner(base, "compte_cree", compte, None)
        carnet.ouvrir(base, maison.id, compte.cree_le)
    click.echo(f"Compte créé pour {prenom} {nom} ({role}) dans « {maison.nom} ».")
    if not demander:
        click.echo(f"Mot de passe, montré une seule fois : {mot}")


@utilisateur.command("desactiver", cls=CommandeFrancaise, help="Ferme un compte : ses sessions s'arrêtent aussitôt.")
@click.argument("courriel", metavar="COURRIEL")
@_structure
def desactiver(courriel: str, structure: str | None) -> None:
    with create_app().app_context(), ecriture() as base:
        compte = _trouver(base, courriel, structure)
        compte.actif = False
        compte.desactive_le = dt.datetime.now(dt.UTC)
        fermer_toutes(base, compte.structure_id, compte.id)
        consigner(base, "compte_ferme", compte, None)
    click.echo(f"Compte fermé : {compte.courriel}. Ce qu'il n'avait pas envoyé peut encore être reçu.")


@utilisateur.command(
    "mot-de-passe", cls=CommandeFrancaise, help="Change le mot de passe et ferme les sessions ouvertes."
)
@click.argument("courriel", metavar="COURRIEL")
@click.option("--demander", is_flag=True, help="Demande le mot de passe au lieu de le tirer au sort.")
@_structure
def changer(courriel: str, demander: bool, structure: str | None) -> None:
    with create_app().app_context(), ecriture() as base:
        compte = _trouver(base, courriel, structure)
        mot = _mot_de_passe(demander, (compte.courriel, compte.prenom, compte.nom))
        changer_mot_de_passe(base, compte, mot)
        consigner(base, "mot_de_passe_change", compte, None)
    click.echo(f"Mot de passe changé pour {compte.courriel}.")
    if not demander:
        click.echo(f"Nouveau mot de passe, montré une seule fois : {mot}")


def tirer_mot_de_passe() -> str:
    """Quatre mots inventés : plus de 80 bits, sans signe difficile à dicter."""
    return "-".join("".join(secrets.choice(_SYLLABES) for _ in range(4)) for _ in range(4))


def _mot_de_passe(demander: bool, contexte: tuple[str, ...]) -> str:
    if not demander:
        return tirer_mot_de_passe()
    if sys.stdin.isatty():
        mot: str = click.prompt("Mot de passe", hide_input=True, confirmation_prompt="Encore une fois")
    else:
        mot = sys.stdin.readline().rstrip("\n")
    defaut = reproche(mot, contexte)
    if defaut:
        raise click.ClickException(defaut)
    return mot


def _trouver(base: Session, courriel: str, structure: str | None) -> Utilisateur:
    maison = choisir_structure(base, structure)
    compte = base.scalar(_compte(maison.id, courriel.strip().lower()))
    if compte is None:
        raise _Introuvable(f"{courriel} n'a pas de compte dans « {maison.nom} ».")
    return compte


def _compte(structure_id: str, courriel: str) -> Select[Utilisateur]:
    return select(Utilisateur).where(Utilisateur.structure_id == structure_id, Utilisateur.courriel == courriel)


class _Introuvable(click.ClickException):
    exit_code = Issue.REFUSEE
