"""`jalon rapport` : les tableaux d'une convention et d'une année, les mêmes qu'à l'écran."""

import click

from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise
from app.commandes.structures import choisir_structure
from app.config import configuration
from app.moteur import lire, ouvrir_moteur
from app.rapports import formats, rapport
from app.rapports.regles import ConventionInconnue


@click.command(
    "rapport",
    cls=CommandeFrancaise,
    help=(
        "Écrit le rapport d'une convention et d'une année : stock et flux, répartition par sexe, rendez-vous.\n\n"
        "Exemple : jalon rapport DSP-TDL 2022 --format csv > dsp-2022.csv"
    ),
)
@click.argument("convention", metavar="CONVENTION")
@click.argument("annee", metavar="ANNEE", type=int)
@click.option("--format", "format_demande", type=click.Choice(formats.FORMATS), default="texte", show_default="texte")
@click.option("--structure", metavar="NOM", help="La structure, s'il y en a plusieurs dans la base.")
def commande(convention: str, annee: int, format_demande: str, structure: str | None) -> int:
    moteur = ouvrir_moteur(configuration()["DATABASE_URL"])
    try:
        with lire(moteur) as session:
            choisie = choisir_structure(session, structure)
            tableaux = rapport.tableaux(session, choisie.id, convention, annee)
    except ConventionInconnue as erreur:
        raise click.BadParameter("la structure n'a pas cette convention", param_hint="CONVENTION") from erreur
    except ValueError as erreur:
        raise click.BadParameter(str(erreur), param_hint="ANNEE") from erreur
    finally:
        moteur.dispose()
    click.echo(formats.ecrire(format_demande, convention, annee, tableaux), nl=False)
    return Issue.REUSSIE
