"""`jalon demo` : une association inventée dans une base à part, prête à essayer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select

from app.commandes.francais import CommandeFrancaise
from app.config import configuration
from app.demonstration.associations import MOT_DE_PASSE, comptes_montres
from app.demonstration.chargement import charger, completer
from app.domain.indicateurs.periode import PARIS
from app.equipe.files_actives import collegues
from app.migrations import migrer
from app.models import Structure, Utilisateur
from app.moteur import lire, ouvrir_moteur

BASE: Final = "demo.db"
# De quoi dessiner la barre : le nombre de lignes écrites varie un peu avec le jour.
LIGNES_ENVIRON: Final = 13_700
LIGNES_COMPLETES: Final = 42_800


@click.command(
    "demo",
    cls=CommandeFrancaise,
    help=(
        "Sert une démonstration : une association, des lieux et des gens inventés, autour de la date du jour. "
        "Sa base (instance/demo.db) est créée au premier lancement et gardée ensuite ; elle ne touche pas à la vôtre."
    ),
)
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default="8000", metavar="N")
@click.option("--https", is_flag=True, envvar="HTTPS", help="Sert aussi le réseau local, pour essayer un téléphone.")
@click.option("--neuve", is_flag=True, help="Refait la base autour d'aujourd'hui ; ce qui y a été essayé est perdu.")
@click.option(
    "--complet",
    is_flag=True,
    help="Ajoute les années d'avant : 2015 à 2017, et les 3 987 personnes de l'accompagnement global en Moselle.",
)
@click.option("--preparer", is_flag=True, help="Prépare la base sans rien servir.")
def commande(port: int, https: bool, neuve: bool, complet: bool, preparer: bool) -> None:
    base = Path(configuration()["INSTANCE"]) / BASE
    preparer_base(base, neuve=neuve)
    if complet:
        completer_base(base)
    if preparer:
        return
    comptes = comptes_de(base)
    _annoncer_comptes(comptes)
    # Le serveur n'est chargé que s'il sert.
    from app.commandes.serve import servir

    servir(
        port,
        https,
        DATABASE_URL=f"sqlite:///{base}",
        DEMONSTRATION=True,
        HSTS=False,
        COMPTES_DEMONSTRATION=comptes,
    )


def preparer_base(base: Path, *, neuve: bool = False) -> None:
    """Crée la base si elle manque, ou la met au goût du jour. Interrompue, la création est à refaire en entier."""
    if base.exists() and not neuve:
        _reprendre(base)
        return
    base.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    brouillon = base.with_suffix(".nouvelle")
    _effacer(brouillon)
    moteur = ouvrir_moteur(f"sqlite:///{brouillon}")
    migrer(moteur)
    with click.progressbar(length=LIGNES_ENVIRON, label="Création de la démonstration") as barre:
        charger(moteur, datetime.now(UTC), barre.update)
        barre.update(LIGNES_ENVIRON)
    # Fermée, la base tient dans un seul fichier : on peut la renommer.
    moteur.dispose()
    _effacer(base)
    brouillon.replace(base)


def completer_base(base: Path) -> None:
    """Ajoute les années d'avant à une base déjà là ; ce qui y a été essayé reste."""
    moteur = ouvrir_moteur(f"sqlite:///{base}")
    with click.progressbar(length=LIGNES_COMPLETES, label="Les années d'avant") as barre:
        ajoutees = completer(moteur, datetime.now(UTC), barre.update)
        barre.update(LIGNES_COMPLETES)
    moteur.dispose()
    if not ajoutees:
        click.echo("Les années d'avant y étaient déjà.")


def _reprendre(base: Path) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{base}")
    migrer(moteur)
    moteur.dispose()
    click.echo(f"Démonstration déjà créée ({base}). Pour la refaire autour d'aujourd'hui : jalon demo --neuve")


def _effacer(base: Path) -> None:
    for suffixe in ("", "-wal", "-shm"):
        base.with_name(base.name + suffixe).unlink(missing_ok=True)


def comptes_de(base: Path) -> list[dict[str, str]]:
    """Ceux de cette base : une démonstration d'avant n'a pas les comptes ajoutés depuis."""
    suivis = _dossiers_suivis(base)
    return [compte for compte in comptes_montres(suivis) if compte["courriel"] in suivis]


def _dossiers_suivis(base: Path) -> dict[str, int]:
    """Combien de dossiers suit chacun, par courriel : le nombre que montre Équipe ; zéro, s'il n'en suit pas."""
    moteur = ouvrir_moteur(f"sqlite:///{base}")
    aujourd_hui = datetime.now(PARIS).date()
    with lire(moteur) as session:
        courriels = {
            ligne.id: ligne.courriel for ligne in session.execute(select(Utilisateur.id, Utilisateur.courriel))
        }
        structures = session.scalars(select(Structure.id)).all()
        suivis = dict.fromkeys(courriels.values(), 0) | {
            courriels[collegue.id]: collegue.dossiers
            for structure_id in structures
            for collegue in collegues(session, structure_id, aujourd_hui)
            if collegue.id in courriels
        }
    moteur.dispose()
    return suivis


def _annoncer_comptes(comptes: Sequence[dict[str, str]]) -> None:
    largeur = max(len(c["courriel"]) for c in comptes)
    click.echo(f"\n  Comptes de la démonstration (mot de passe : « {MOT_DE_PASSE} »)")
    for compte in comptes:
        click.echo(f"    {compte['courriel'].ljust(largeur)}  {compte['role']}")
