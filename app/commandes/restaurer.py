"""`jalon restaurer` : remettre une sauvegarde en place, sous une génération nouvelle."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import click
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DatabaseError

from app.cloison import EXPLOITATION
from app.commandes.codes import Issue
from app.commandes.francais import CommandeFrancaise
from app.config import configuration
from app.domain.indicateurs.periode import PARIS
from app.migrations import migrer
from app.moteur import ecrire, lire, ouvrir_moteur
from app.sauvegarde import SauvegardeImpossible, postgresql, sqlite
from app.sauvegarde.en_service import est_en_service
from app.sauvegarde.epoque import Fermetures, derniere_confirmee, lire_fermetures, renouveler, reporter


@click.command(
    "restaurer",
    cls=CommandeFrancaise,
    help="Remplace la base par la sauvegarde FICHIER. Les téléphones s'en aperçoivent et renvoient ce qui manque.",
)
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--forcer", is_flag=True, help="Même si un serveur tourne, ou si une sauvegarde plus récente a été vérifiée."
)
def restaurer(fichier: Path, forcer: bool) -> None:
    config = configuration()
    try:
        gardee = remettre(config["DATABASE_URL"], Path(config["INSTANCE"]), fichier, forcer)
    except SauvegardeImpossible as erreur:
        raise _Impossible(str(erreur)) from None
    click.echo(f"La base est revenue à {fichier}.")
    if gardee is not None:
        click.echo(f"Celle d'avant est gardée : {gardee}")
    click.echo("Les téléphones renverront d'eux-mêmes, à leur prochain échange, ce qu'ils ont noté depuis.")
    click.echo("Ce qui a été fait au bureau depuis est à refaire. Voir docs/sauvegarde.md.")


def remettre(adresse: str, instance: Path, fichier: Path, forcer: bool) -> Path | None:
    """Remplace la base d'un seul tenant ; rend où est gardée celle d'avant. Lève `SauvegardeImpossible`, sans rien
    avoir changé.
    """
    en_sqlite = make_url(adresse).get_backend_name() == "sqlite"
    if not fichier.is_file():
        raise SauvegardeImpossible(f"{fichier} n'existe pas.")
    (sqlite if en_sqlite else postgresql).verifier(fichier)
    if not forcer and est_en_service(instance):
        raise SauvegardeImpossible("un serveur tourne : arrêtez-le d'abord, ou ajoutez --forcer.")
    moteur = ouvrir_moteur(adresse)
    try:
        if not en_sqlite and not forcer and postgresql.autres_connexions(moteur):
            raise SauvegardeImpossible("d'autres programmes ont la base ouverte : arrêtez-les, ou ajoutez --forcer.")
        fermetures, confirmee = _ce_qui_s_en_va(moteur)
        if en_sqlite:
            return _remettre_sqlite(Path(make_url(adresse).database or ""), fichier, fermetures, confirmee, forcer)
        return _remettre_postgresql(adresse, moteur, fichier, fermetures)
    finally:
        moteur.dispose()


def _ce_qui_s_en_va(moteur: Engine) -> tuple[Fermetures, dt.datetime | None]:
    try:
        with lire(moteur, EXPLOITATION) as session:
            return lire_fermetures(session), derniere_confirmee(session)
    except DatabaseError:
        # Perdue ou abîmée : c'est pour cela qu'on restaure.
        return Fermetures(), None


def _remettre_sqlite(
    base: Path, fichier: Path, fermetures: Fermetures, confirmee: dt.datetime | None, forcer: bool
) -> Path | None:
    base.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base.parent, prefix=".restauration-") as dossier:
        neuve = Path(dossier) / "base.sqlite"
        sqlite.photographier(fichier, neuve)
        moteur = ouvrir_moteur(f"sqlite:///{neuve}")
        try:
            migrer(moteur)
            with ecrire(moteur, EXPLOITATION) as session:
                if not forcer:
                    _verifier_la_plus_recente(confirmee, derniere_confirmee(session))
                reporter(session, fermetures)
                renouveler(session, dt.datetime.now(dt.UTC))
        finally:
            moteur.dispose()
        sqlite.verifier(neuve)
        gardee = _garder(base)
        if base.exists():
            # Par-dessus l'ancienne, en une transaction : un programme qui l'aurait ouverte voit l'une ou l'autre.
            sqlite.copier(neuve, base)
        else:
            neuve.rename(base)
        sqlite.affermir(base)
    return gardee


def _remettre_postgresql(adresse: str, moteur: Engine, fichier: Path, fermetures: Fermetures) -> Path | None:
    dossier = fichier.parent
    gardee: Path | None = dossier / f"avant-restauration-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}.dump"
    try:
        postgresql.photographier(adresse, gardee)  # type: ignore[arg-type]  # un nom vient d'être donné
    except SauvegardeImpossible:
        gardee = None
    moteur.dispose()
    postgresql.remettre(adresse, fichier)
    migrer(moteur)
    with ecrire(moteur, EXPLOITATION) as session:
        reporter(session, fermetures)
        renouveler(session, dt.datetime.now(dt.UTC))
    return gardee


def _verifier_la_plus_recente(confirmee: dt.datetime | None, revenue: dt.datetime | None) -> None:
    """Les téléphones ont oublié ce qu'une sauvegarde vérifiée tenait : revenir plus loin le perdrait."""
    if confirmee is not None and (revenue is None or revenue < confirmee):
        jour = confirmee.astimezone(PARIS).strftime("%d/%m/%Y à %Hh%M")
        raise SauvegardeImpossible(
            f"une sauvegarde plus récente a été vérifiée, qui tient tout jusqu'au {jour} : ce qui a été noté entre les "
            "deux ne reviendrait pas des téléphones. Restaurez celle-là, ou ajoutez --forcer."
        )


def _garder(base: Path) -> Path | None:
    """La base qui s'en va, à côté ; abîmée, elle est seulement renommée."""
    if not base.exists():
        return None
    gardee = base.with_name(f"{base.name}.avant-restauration-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}")
    try:
        sqlite.photographier(base, gardee)
        sqlite.verifier(base)
    except SauvegardeImpossible:
        gardee.unlink(missing_ok=True)
        base.rename(gardee)
        for suite in ("-wal", "-shm"):
            base.with_name(base.name + suite).unlink(missing_ok=True)
    return gardee


class _Impossible(click.ClickException):
    exit_code = Issue.REFUSEE
