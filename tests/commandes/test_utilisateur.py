"""`jalon` : son aide, ses codes de sortie, ses comptes."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from uuid6 import uuid7

from app.models import SessionWeb, Structure, Utilisateur
from app.moteur import ouvrir_moteur
from app.securite.mot_de_passe import verifier
from tests.bases import ecrire, lire


@pytest.fixture
def base(adresse: str) -> str:
    moteur = ouvrir_moteur(adresse)
    with ecrire(moteur) as session:
        session.add(
            Structure(id=str(uuid7()), nom="Les Bornes", generation=str(uuid7()), cree_le=dt.datetime.now(dt.UTC))
        )
    moteur.dispose()
    return adresse


@pytest.fixture
def sans_base(tmp_path: Path) -> str:
    """Ce qui se dit avant d'ouvrir la base ne dépend pas d'elle."""
    return f"sqlite:///{tmp_path / 'jalon.sqlite'}"


def jalon(base: str, *arguments: str, entree: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("jalon"), *arguments],
        env={**os.environ, "DATABASE_URL": base, "SECRET_KEY": "0123456789abcdef" * 4, "NO_COLOR": "1"},
        input=entree,
        capture_output=True,
        text=True,
        check=False,
    )


def compte(base: str) -> Utilisateur | None:
    moteur = ouvrir_moteur(base)
    with lire(moteur) as session:
        trouve = session.scalar(select(Utilisateur))
    moteur.dispose()
    return trouve


CREER = (
    "utilisateur",
    "creer",
    "Camille@Exemple.test",
    "--prenom",
    "Camille",
    "--nom",
    "Fictive",
    "--role",
    "conseiller",
)


def test_an_account_is_created_with_a_password_shown_once(base: str) -> None:
    fait = jalon(base, *CREER)
    assert fait.returncode == 0, fait.stderr
    mot = fait.stdout.strip().rsplit(" ", 1)[-1]
    cree = compte(base)
    assert cree is not None
    assert cree.courriel == "camille@exemple.test"
    assert verifier(cree.mot_de_passe, mot)
    assert mot not in (cree.mot_de_passe or "")


def test_the_same_account_twice_is_refused(base: str) -> None:
    jalon(base, *CREER)
    fait = jalon(base, *CREER)
    assert fait.returncode == 1
    assert "a déjà un compte" in fait.stderr


def test_a_chosen_password_must_be_good(base: str) -> None:
    faible = jalon(base, *CREER, "--demander", entree="motdepasse123\n")
    assert faible.returncode == 1
    assert "trop connu" in faible.stderr
    assert compte(base) is None
    assert jalon(base, *CREER, "--demander", entree="lanterne sous la pluie\n").returncode == 0


def test_closing_an_account_or_changing_its_password_ends_its_sessions(base: str) -> None:
    jalon(base, *CREER)
    for commande in ("mot-de-passe", "desactiver"):
        moteur = ouvrir_moteur(base)
        with ecrire(moteur) as session:
            qui = session.scalar(select(Utilisateur))
            assert qui is not None
            instant = dt.datetime.now(dt.UTC)
            session.add(
                SessionWeb(
                    structure_id=qui.structure_id,
                    id="empreinte",
                    utilisateur_id=qui.id,
                    donnees={},
                    cree_le=instant,
                    vue_le=instant,
                    expire_le=instant,
                )
            )
        assert jalon(base, "utilisateur", commande, "camille@exemple.test").returncode == 0
        with lire(moteur) as session:
            assert session.scalars(select(SessionWeb)).all() == []
        moteur.dispose()
    ferme = compte(base)
    assert ferme is not None
    assert not ferme.actif


def test_an_unknown_account_is_refused(base: str) -> None:
    fait = jalon(base, "utilisateur", "desactiver", "personne@exemple.test")
    assert fait.returncode == 1
    assert "n'a pas de compte" in fait.stderr


def test_the_help_is_in_french(sans_base: str) -> None:
    for arguments in ([], ["serve"], ["utilisateur"], ["utilisateur", "creer"], ["import"], ["rapport"], ["demo"]):
        fait = jalon(sans_base, *arguments, "--help")
        assert fait.returncode == 0, fait.stderr
        assert fait.stdout.startswith("Usage : jalon")
        assert "Affiche cette aide." in fait.stdout
        for anglais in ("Show this message", "Commands:", "required]", "default:"):
            assert anglais not in fait.stdout, arguments


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["inconnue"], "n'existe pas"),
        (["serve", "--bidule"], "n'existe pas"),
        (["serve", "--port", "0"], "de 1 à 65535"),
        (["utilisateur", "creer"], "il manque"),
        (["utilisateur", "creer", "a@b.c", "--prenom", "a", "--nom", "b", "--role", "roi"], "choisissez parmi"),
        (["utilisateur", "creer", "pas-un-courriel", "--prenom", "a", "--nom", "b", "--role", "maraude"], "courriel"),
    ],
)
def test_a_badly_written_command_exits_with_two_and_says_why_in_french(
    sans_base: str, arguments: list[str], phrase: str
) -> None:
    fait = jalon(sans_base, *arguments)
    assert fait.returncode == 2
    assert phrase in fait.stderr
    assert "Traceback" not in fait.stderr


def test_a_weak_secret_stops_everything_with_its_own_code(sans_base: str) -> None:
    fait = subprocess.run(
        [Path(sys.executable).with_name("jalon"), *CREER],
        env={**os.environ, "DATABASE_URL": sans_base, "SECRET_KEY": "dev"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 3
    assert "SECRET_KEY" in fait.stderr
