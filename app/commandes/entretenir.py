"""`jalon entretenir` : ce que le temps efface, et ce que la base sait d'elle-même. À lancer chaque jour ; `jalon serve`
le fait aussi en démarrant.
"""

from __future__ import annotations

import datetime as dt

import click
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.annuaire import carnet
from app.cloison import ANNUAIRE, RIEN
from app.commandes.francais import CommandeFrancaise
from app.config import configuration
from app.models import Structure
from app.moteur import ecrire, lire, ouvrir_moteur
from app.orientations.magasin import perimer
from app.reunions.comites import effacer_les_resumes
from sync.oubli import oublier_les_cahiers
from sync.positions import oublier_les_positions
from sync.regles.notes import echoir


@click.command(
    "entretenir",
    cls=CommandeFrancaise,
    help="Efface ce qui arrive à son terme : les notes personnelles, les rencontres de la rue, le nom de qui n'a pas "
    "de dossier dans une action ou un comité (douze mois), la position d'une rencontre (huit jours), les lignes d'une "
    "liste d'orientations restées sans suite (sept jours), les résumés d'un comité passé. À lancer chaque jour.",
)
def entretenir() -> None:
    moteur = ouvrir_moteur(configuration()["DATABASE_URL"])
    try:
        effacees = tout_entretenir(moteur, dt.datetime.now(dt.UTC))
    except (OperationalError, ProgrammingError) as erreur:
        raise click.ClickException(
            "la base n'est pas prête : lancez d'abord « jalon serve » ou « jalon demo »"
        ) from erreur
    finally:
        moteur.dispose()
    s = "s" if effacees > 1 else ""
    quoi = f"{effacees} note{s}, page{s} de cahier, ligne{s} de listes ou résumé{s} de comité effacé{s} à leur terme."
    click.echo(quoi if effacees else "Rien à effacer.")


def tout_entretenir(moteur: Engine, maintenant: dt.datetime) -> int:
    """Chaque structure derrière sa cloison, dans sa transaction ; rend combien de choses ont été effacées."""
    with lire(moteur, ANNUAIRE) as session:
        structures = list(session.scalars(select(Structure.id).order_by(Structure.id)))
    effacees = 0
    for structure_id in structures:
        with ecrire(moteur, structure_id) as session:
            for effacer in (echoir, perimer, effacer_les_resumes, oublier_les_positions, oublier_les_cahiers):
                effacees += effacer(session, structure_id, maintenant)
            carnet.ouvrir(session, structure_id, maintenant)
    with ecrire(moteur, RIEN) as session:
        # PostgreSQL le refait de lui-même, SQLite jamais : il croit alors une structure faite de dix lignes, et relit
        # tous ses entretiens pour en trouver vingt.
        session.execute(text("ANALYZE"))
    return effacees
