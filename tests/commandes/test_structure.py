"""`jalon structure` : une association réelle se met en place sans démonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from app.models import Convention, Lieu, Structure
from app.moteur import ouvrir_moteur
from tests.bases import lire


def jalon(adresse: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("jalon"), *arguments],
        env={**os.environ, "DATABASE_URL": adresse, "SECRET_KEY": "0123456789abcdef" * 4, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_association_starts_from_an_empty_disk_with_its_conventions_and_places(adresse_nue: str) -> None:
    adresse = adresse_nue.replace("nue.sqlite", "neuf/jalon.sqlite")  # le dossier non plus n'existe pas
    choix = ("--convention", "ASP-NC", "--convention", "DSP-TDL")
    creee = jalon(adresse, "structure", "creer", "Les Bornes  Fictives", *choix)
    assert creee.returncode == 0, creee.stderr
    assert "« Les Bornes Fictives » est créée, avec 2 convention(s)." in creee.stdout
    assert jalon(adresse, "structure", "lieu", "Annexe de la mairie", "--commune", "Fabliau").returncode == 0
    compte = jalon(
        adresse, "utilisateur", "creer", "admin@bornes.test", "--prenom", "Ada", "--nom", "Fictive",
        "--role", "administrateur",
    )  # fmt: skip
    assert compte.returncode == 0, compte.stderr
    moteur = ouvrir_moteur(adresse)
    with lire(moteur) as session:
        assert session.scalar(select(Structure.nom)) == "Les Bornes Fictives"
        assert set(session.scalars(select(Convention.code))) == {"DSP-TDL", "ASP-NC"}
        assert session.scalar(select(Lieu.commune)) == "Fabliau"
    moteur.dispose()


def test_the_same_association_is_not_created_twice(adresse: str) -> None:
    assert jalon(adresse, "structure", "creer", "Les Bornes").returncode == 0
    encore = jalon(adresse, "structure", "creer", "les bornes")
    assert encore.returncode == 1
    assert "existe déjà" in encore.stderr
