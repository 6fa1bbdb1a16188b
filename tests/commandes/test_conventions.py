"""`jalon conventions` : ce qu'elle dit à qui écrit une convention, et ce qu'elle refuse de récrire."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.commandes.codes import Issue
from app.commandes.conventions import _dire
from sync.conventions import Bilan
from tests.commandes.test_structure import jalon

UNE = """code = "MOI"
version = "{version}"
libelle = {{ valeur = "La nôtre", source = "Convention 2026, article 1" }}
debut = {{ valeur = {debut}, source = "Convention 2026, article 1" }}
premier_contact_jours = {{ valeur = {jours}, source = "Convention 2026, article 3" }}
"""


@pytest.fixture
def ecrite(tmp_path: Path) -> Path:
    return tmp_path / "moi.toml"


def ecrire_une(fichier: Path, version: str = "2025", debut: str = "2025-01-01", jours: str = "10") -> str:
    fichier.write_text(UNE.format(version=version, debut=debut, jours=jours), encoding="utf-8")
    return str(fichier)


@pytest.fixture
def structure(adresse: str) -> str:
    assert jalon(adresse, "structure", "creer", "Les Bornes").returncode == 0
    return adresse


def test_a_wrong_file_is_told_line_by_line_and_the_command_fails(adresse: str, ecrite: Path) -> None:
    fautive = jalon(adresse, "conventions", "verifier", ecrire_une(ecrite, jours="'dix'"))
    assert fautive.returncode == 1
    assert "moi.toml : ligne 5, [premier_contact_jours] il faut un nombre entier" in fautive.stderr
    juste = jalon(adresse, "conventions", "verifier", ecrire_une(ecrite))
    assert (juste.returncode, juste.stdout) == (0, "MOI 2025 : juste, 3 règles.\n")


def test_a_structure_loads_its_own_and_those_shipped_and_lists_them(structure: str, ecrite: Path) -> None:
    chargees = jalon(structure, "conventions", "charger", ecrire_une(ecrite), "PDC-ASP")
    assert chargees.returncode == 0, chargees.stderr
    assert "MOI 2025 : ajoutée." in chargees.stdout
    liste = jalon(structure, "conventions").stdout
    assert "La nôtre · en vigueur" in liste
    assert "Pas-de-Calais · finie, règle encore les mesures ouvertes" in liste
    assert "rien de nouveau" in jalon(structure, "conventions", "charger", str(ecrite), "PDC-ASP").stdout
    inconnue = jalon(structure, "conventions", "charger", "ASP-XX")
    assert inconnue.returncode == 1
    assert "ASP-NC" in inconnue.stderr


def test_a_past_version_that_served_is_refused_and_the_command_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert _dire(Bilan(refusees={("MOI", "2025"): ["premier_contact_jours"]})) == Issue.REFUSEE
    assert "MOI 2025 : refusée. Cette version passée a réglé des mesures (premier_contact_jours)" in (
        capsys.readouterr().err
    )
