"""`jalon rapport` : les tableaux d'une convention et d'une année, les mêmes qu'à l'écran."""

import codecs
from pathlib import Path

import click
from sqlalchemy import Engine

from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise
from app.commandes.structures import choisir_structure
from app.config import configuration
from app.domain.saisie.sortie_rapport import MOTIFS
from app.moteur import ecrire, lire, ouvrir_moteur
from app.rapports import formats, journal
from app.rapports.demande import Demande
from app.rapports.edition import Edition, editer
from app.rapports.edition import masquer as edition_masquee
from app.rapports.fichiers import FICHIERS
from app.rapports.regles import ConventionInconnue


@click.command(
    "rapport",
    cls=CommandeFrancaise,
    help=(
        "Écrit le rapport d'une convention et d'une année : les tableaux de l'écran, sans aucun nom.\n\n"
        "CONVENTION : un code, ou plusieurs reliés par « + ». PERIODE : 2022, 2015-2016 ou "
        "2022-03-01_2022-06-30.\n\n"
        "Exemple : jalon rapport DSP-TDL 2022 --format xlsx --sortie dsp-2022.xlsx"
    ),
)
@click.argument("convention", metavar="CONVENTION")
@click.argument("periode", metavar="PERIODE")
@click.option(
    "--format", "format_demande", type=click.Choice(("texte", *FICHIERS)), default="texte", show_default="texte"
)
@click.option(
    "--sortie",
    metavar="FICHIER",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Le fichier à écrire ; sans cela, le rapport s'écrit dans le terminal.",
)
@click.option("--masquer", is_flag=True, help="Tait les comptes de 1 à 4, et ceux qui les feraient deviner.")
@click.option(
    "--motif",
    type=click.Choice(tuple(MOTIFS)),
    default="verification",
    show_default="verification",
    help="Pourquoi ce fichier sort ; le journal le garde, sauf du texte.",
)
@click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs dans la base.")
def commande(
    convention: str,
    periode: str,
    format_demande: str,
    sortie: Path | None,
    masquer: bool,
    motif: str,
    structure: str | None,
) -> int:
    moteur = ouvrir_moteur(configuration()["DATABASE_URL"])
    try:
        with lire(moteur) as session:
            demande = Demande.lire(choisir_structure(session, structure).id, convention, periode)
            edition = editer(session, demande)
        octets = _ecrire(format_demande, edition_masquee(edition) if masquer else edition)
        if format_demande != "texte":
            _noter(moteur, demande, format_demande, masquer, motif)
    except ConventionInconnue as erreur:
        raise click.BadParameter("la structure n'a pas cette convention", param_hint="CONVENTION") from erreur
    except ValueError as erreur:
        raise click.BadParameter(str(erreur), param_hint="PERIODE") from erreur
    finally:
        moteur.dispose()
    if sortie is not None:
        sortie.write_bytes(octets)
    else:
        click.echo(octets.removeprefix(codecs.BOM_UTF8), nl=False)
    return Issue.REUSSIE


def _ecrire(format_demande: str, edition: Edition) -> bytes:
    if format_demande == "texte":
        return formats.en_texte(edition.demande, edition.tableaux).encode()
    return FICHIERS[format_demande].ecrire(edition)


def _noter(moteur: Engine, demande: Demande, format_demande: str, masque: bool, motif: str) -> None:
    with ecrire(moteur, demande.structure_id) as session:
        auteur = journal.Auteur(None, demande.maintenant)
        journal.noter(session, demande, auteur, "sorti", format=format_demande, masque=masque, motif=motif)
