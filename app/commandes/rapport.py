"""`jalon rapport` : les tableaux d'une convention et d'une année, les mêmes qu'à l'écran."""

import click

from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise
from app.commandes.structures import choisir_structure
from app.config import configuration
from app.moteur import lire, ouvrir_moteur
from app.rapports import formats, rapport
from app.rapports.demande import Demande
from app.rapports.regles import ConventionInconnue


@click.command(
    "rapport",
    cls=CommandeFrancaise,
    help=(
        "Écrit le rapport d'une convention et d'une année : les tableaux de l'écran, sans aucun nom.\n\n"
        "CONVENTION : un code, ou plusieurs reliés par « + ». PERIODE : 2022, 2015-2016 ou "
        "2022-03-01_2022-06-30.\n\n"
        "Exemple : jalon rapport DSP-TDL 2022 --format csv > dsp-2022.csv"
    ),
)
@click.argument("convention", metavar="CONVENTION")
@click.argument("periode", metavar="PERIODE")
@click.option("--format", "format_demande", type=click.Choice(formats.FORMATS), default="texte", show_default="texte")
@click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs dans la base.")
def commande(convention: str, periode: str, format_demande: str, structure: str | None) -> int:
    moteur = ouvrir_moteur(configuration()["DATABASE_URL"])
    try:
        with lire(moteur) as session:
            demande = Demande.lire(choisir_structure(session, structure).id, convention, periode)
            tableaux = rapport.tableaux(session, demande)
    except ConventionInconnue as erreur:
        raise click.BadParameter("la structure n'a pas cette convention", param_hint="CONVENTION") from erreur
    except ValueError as erreur:
        raise click.BadParameter(str(erreur), param_hint="PERIODE") from erreur
    finally:
        moteur.dispose()
    click.echo(formats.ecrire(format_demande, demande, tableaux), nl=False)
    return Issue.REUSSIE
