"""La sauvegarde prise pendant les écritures est un instant entier ; la remettre renouvelle l'époque."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.commandes.restaurer import remettre
from app.commandes.sauvegarde import photographier
from app.models import Appareil, Entretien, Operation, Personne, Structure, Utilisateur
from app.moteur import ouvrir_moteur
from app.sauvegarde import SauvegardeImpossible
from app.sauvegarde.en_service import en_service
from app.sauvegarde.epoque import confirmer
from tests.bases import congedier_les_temoins, ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde, Telephone, creer_personne, noter, un_id
from tests.sync.test_pannes import ECRIVAIN

Adresse = str


@pytest.fixture
def sauvegarder(adresse: Adresse, tmp_path: Path) -> Callable[..., Path]:
    def prendre(nom: str = "sauvegarde", instant: dt.datetime = MAINTENANT) -> Path:
        fichier = tmp_path / nom
        photographier(adresse, fichier, instant)
        return fichier

    return prendre


@pytest.fixture
def restaurer(moteur: Engine, adresse: Adresse, tmp_path: Path) -> Callable[..., Path | None]:
    def remettre_en_place(fichier: Path, forcer: bool = False) -> Path | None:
        moteur.dispose()
        congedier_les_temoins()
        return remettre(adresse, tmp_path / "instance", fichier, forcer)

    return remettre_en_place


@pytest.fixture
def ecrivains(monde: Monde, adresse: Adresse) -> Iterator[list[subprocess.Popen[str]]]:
    """Deux processus qui écrivent sans s'arrêter, et disent chaque lot acquitté."""
    lances = []
    for _ in range(2):
        acteur = monde.acteur()
        processus = subprocess.Popen(
            [sys.executable, "-c", ECRIVAIN, adresse, monde.structure, acteur.utilisateur_id],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        lances.append(processus)
    yield lances
    for processus in lances:
        processus.kill()
        assert processus.stdout is not None
        processus.stdout.close()
        processus.wait()


def _generations(session: Session) -> dict[str, str]:
    return {ligne.id: ligne.generation for ligne in session.execute(select(Structure.id, Structure.generation))}


def _lignes(processus: subprocess.Popen[str], nombre: int) -> list[str]:
    assert processus.stdout is not None
    return [entite for _ in range(nombre) for entite in processus.stdout.readline().split()]


def test_a_backup_taken_during_writes_restores_a_consistent_prefix(
    monde: Monde,
    ecrivains: list[subprocess.Popen[str]],
    sauvegarder: Callable[..., Path],
    restaurer: Callable[..., Path | None],
) -> None:
    for processus in ecrivains:
        assert _lignes(processus, 1) == ["pret"]
    acquittees = {entite for processus in ecrivains for entite in _lignes(processus, 6)}
    fichier = sauvegarder()
    # Les écritures n'ont pas cessé pendant ce temps : chacun en acquitte d'autres, qui n'y sont pas.
    apres = {entite for processus in ecrivains for entite in _lignes(processus, 6)}
    for processus in ecrivains:
        processus.kill()
        processus.wait()
    restaurer(fichier, forcer=True)
    with lire(monde.moteur) as session:
        ecrites = set(session.scalars(select(Personne.id))) | set(session.scalars(select(Entretien.id)))
        journal = session.scalar(select(func.count()).select_from(Operation))
        derniere = session.scalar(select(func.max(Operation.sequence)))
        tete = session.scalar(select(Structure.sequence).where(Structure.id == monde.structure))
    assert acquittees <= ecrites
    assert apres or ecrites
    # Un lot est entier ou absent, et rien ne porte un numéro que la base n'a pas encore donné.
    assert len(ecrites) == journal == derniere == tete


def test_a_backup_is_never_written_over_nor_left_half_done(
    monde: Monde, adresse: Adresse, sauvegarder: Callable[..., Path], tmp_path: Path
) -> None:
    fichier = sauvegarder()
    avant = fichier.read_bytes()
    with pytest.raises(SauvegardeImpossible, match="existe déjà"):
        photographier(adresse, fichier, MAINTENANT)
    assert fichier.read_bytes() == avant
    assert fichier.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SauvegardeImpossible):
        photographier(adresse.rpartition("/")[0] + "/base_absente", tmp_path / "autre", MAINTENANT)
    assert {chemin.name for chemin in tmp_path.iterdir()} >= {"sauvegarde"}
    assert not [chemin.name for chemin in tmp_path.iterdir() if "autre" in chemin.name]


def test_a_restored_base_has_a_new_generation_and_every_phone_starts_again(
    monde: Monde, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None]
) -> None:
    telephone = Telephone(monde, monde.acteur())
    monde.pousser(telephone.acteur, creer_personne())
    telephone.tirer()
    fichier = sauvegarder()
    with lire(monde.moteur) as session:
        avant = _generations(session)
    restaurer(fichier)
    with lire(monde.moteur) as session:
        apres = _generations(session)
    assert avant.keys() == apres.keys()
    assert not set(avant.values()) & set(apres.values())
    recue = monde.page(telephone.acteur, telephone.curseur)
    assert (recue.repartir, recue.restauree) == (True, True)
    assert len(recue.fiches) == 2


def test_a_running_server_is_not_restored_under_its_feet(
    monde: Monde, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None], tmp_path: Path
) -> None:
    fichier = sauvegarder()
    acteur = monde.acteur()
    with en_service(tmp_path / "instance"):
        with pytest.raises(SauvegardeImpossible, match="un serveur tourne"):
            restaurer(fichier)
        assert monde.compter(Utilisateur) == 1
        restaurer(fichier, forcer=True)
    assert monde.compter(Utilisateur) == 0
    assert acteur.utilisateur_id


def test_what_was_closed_since_the_backup_stays_closed(
    monde: Monde, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None]
) -> None:
    acteur, appareil = monde.acteur(), un_id()
    with ecrire(monde.moteur) as session:
        session.add(
            Appareil(
                structure_id=monde.structure,
                id=appareil,
                utilisateur_id=acteur.utilisateur_id,
                nom="Téléphone d'essai",
                enrole_le=MAINTENANT,
            )
        )
    fichier = sauvegarder()
    with ecrire(monde.moteur) as session:
        session.get_one(Appareil, (monde.structure, appareil)).revoque_le = MAINTENANT
        parti = session.get_one(Utilisateur, (monde.structure, acteur.utilisateur_id))
        parti.actif, parti.desactive_le = False, MAINTENANT
    restaurer(fichier)
    with lire(monde.moteur) as session:
        assert session.get_one(Appareil, (monde.structure, appareil)).revoque_le == MAINTENANT
        compte = session.get_one(Utilisateur, (monde.structure, acteur.utilisateur_id))
        assert (compte.actif, compte.desactive_le) == (False, MAINTENANT)


def test_a_phone_enrolled_and_revoked_since_the_backup_stays_closed(
    monde: Monde, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None]
) -> None:
    """La base revenue ne le connaît pas : sans sa ligne, il s'y enrôlerait de nouveau."""
    acteur, appareil = monde.acteur(), un_id()
    fichier = sauvegarder()
    perdu = {"id": appareil, "utilisateur_id": acteur.utilisateur_id, "nom": "Téléphone perdu", "enrole_le": MAINTENANT}
    with ecrire(monde.moteur) as session:
        session.add(Appareil(structure_id=monde.structure, revoque_le=MAINTENANT, **perdu))
    restaurer(fichier)
    with lire(monde.moteur) as session:
        assert session.get_one(Appareil, (monde.structure, appareil)).revoque_le == MAINTENANT


def test_the_base_that_goes_away_is_kept_aside(
    monde: Monde, adresse: Adresse, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None]
) -> None:
    acteur, fichier = monde.acteur(), sauvegarder()
    creation = creer_personne()
    monde.pousser(acteur, creation)
    gardee = restaurer(fichier)
    assert gardee is not None
    assert monde.compter(Personne) == 0
    restaurer(gardee, forcer=True)
    assert monde.compter(Personne) == 1


def test_an_older_backup_than_the_last_confirmed_one_needs_a_second_thought(
    monde: Monde, moteur: Engine, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None]
) -> None:
    """Les téléphones ont oublié ce que la plus récente tenait."""
    if moteur.dialect.name != "sqlite":
        pytest.skip("une archive de pg_dump ne porte pas la date où elle a été prise")
    vieille, neuve = sauvegarder("vieille"), sauvegarder("neuve", MAINTENANT + dt.timedelta(days=1))
    with ecrire(monde.moteur) as session:
        confirmer(session, MAINTENANT + dt.timedelta(days=1))
    with pytest.raises(SauvegardeImpossible, match="plus récente"):
        restaurer(vieille)
    restaurer(neuve)
    restaurer(vieille, forcer=True)


def test_what_is_not_a_backup_is_not_restored(
    monde: Monde, sauvegarder: Callable[..., Path], restaurer: Callable[..., Path | None], tmp_path: Path
) -> None:
    fichier = sauvegarder()
    octets = bytearray(fichier.read_bytes())
    octets[len(octets) // 2 : len(octets) // 2 + 4000] = b"\xff" * 4000
    (tmp_path / "abimee").write_bytes(octets)
    (tmp_path / "autre-chose").write_text("Ceci n'est pas une base.")
    acteur = monde.acteur()
    for nom in ("abimee", "autre-chose", "absente"):
        with pytest.raises(SauvegardeImpossible):
            restaurer(tmp_path / nom, forcer=True)
    assert monde.statuts(acteur, creer_personne()) == ["applied"]


def test_a_damaged_base_is_put_aside_and_replaced(
    monde: Monde,
    moteur: Engine,
    sauvegarder: Callable[..., Path],
    restaurer: Callable[..., Path | None],
    tmp_path: Path,
) -> None:
    if moteur.dialect.name != "sqlite":
        pytest.skip("le fichier d'une base PostgreSQL n'est pas à nous")
    acteur = monde.acteur()
    monde.pousser(acteur, creer_personne())
    fichier = sauvegarder()
    moteur.dispose()
    (tmp_path / "jalon.sqlite").write_bytes(b"plus rien de lisible" * 500)
    gardee = restaurer(fichier)
    assert gardee is not None
    assert gardee.read_bytes().startswith(b"plus rien")
    assert monde.compter(Personne) == 1


def test_a_backup_that_would_miss_rows_is_refused(
    monde: Monde, moteur: Engine, sauvegarder: Callable[..., Path], tmp_path: Path
) -> None:
    if moteur.dialect.name == "sqlite":
        pytest.skip("les cloisons sont celles de PostgreSQL")
    assert monde.acteur()
    with moteur.execution_options(ecriture=True).begin() as connexion:
        connexion.exec_driver_sql("DROP POLICY passage_exploitation ON operation")
    with pytest.raises(SauvegardeImpossible, match="operation"):
        sauvegarder()
    assert not (tmp_path / "sauvegarde").exists()


def test_a_confirmation_never_goes_back(monde: Monde) -> None:
    for jours in (0, 2, 1):
        with ecrire(monde.moteur) as session:
            confirmer(session, MAINTENANT + dt.timedelta(days=jours))
    with lire(monde.moteur) as session:
        assert session.get_one(Structure, monde.structure).sauvegarde_le == MAINTENANT + dt.timedelta(days=2)


def test_a_copy_put_back_by_hand_is_noticed_even_after_it_overtook_the_old_numbers(
    monde: Monde, moteur: Engine, adresse: Adresse, sauvegarder: Callable[..., Path]
) -> None:
    """Sans `jalon restaurer` : la génération est la même, et les numéros d'autrefois ont été repris."""
    if moteur.dialect.name != "sqlite":
        pytest.skip("une copie de fichier ne se fait que de SQLite")
    telephone = Telephone(monde, monde.acteur())
    premiere = creer_personne()
    monde.pousser(telephone.acteur, premiere)
    fichier = sauvegarder()
    monde.pousser(telephone.acteur, noter(premiere.entite), noter(premiere.entite))
    telephone.tirer()
    moteur.dispose()
    base = Path(moteur.url.database or "")
    for suite in ("-wal", "-shm"):
        base.with_name(base.name + suite).unlink(missing_ok=True)
    base.write_bytes(fichier.read_bytes())
    autre = monde.acteur()
    monde.pousser(autre, *(creer_personne() for _ in range(6)))
    recue = monde.page(telephone.acteur, telephone.curseur)
    assert (recue.repartir, recue.restauree) == (True, True)
    # Un curseur donné depuis vaut, lui, et n'est pas pris pour un autre.
    assert not monde.page(telephone.acteur, recue.curseur).repartir
    assert not monde.page(replace(telephone.acteur, maintenant=MAINTENANT), recue.curseur).restauree
    assert ouvrir_moteur(adresse).url == moteur.url
