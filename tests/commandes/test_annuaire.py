"""`jalon annuaire importer` : le même import qu'au bureau, pour un fichier trop gros."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from app.models import ServicePartenaire, Structure
from app.moteur import ouvrir_moteur
from tests.annuaire.test_lecture import SERVICE, STRUCTURE
from tests.bases import lire
from tests.commandes.test_structure import jalon


def test_a_directory_comes_in_by_the_command_line_and_remembers_its_territory(adresse: str, tmp_path: Path) -> None:
    assert jalon(adresse, "structure", "creer", "Les Bornes").returncode == 0
    structures, services = tmp_path / "structures.json", tmp_path / "services.json"
    structures.write_text(json.dumps([STRUCTURE | {"code_insee": "54395"}]), encoding="utf-8")
    services.write_text(json.dumps([SERVICE, SERVICE | {"id": "inventee--s2", "nom": "AB"}]), encoding="utf-8")
    recu = jalon(adresse, "annuaire", "importer", str(structures), str(services), "--territoire", "54")
    assert recu.returncode == 1
    assert "Les Bornes : 2 fiches nouvelles" in recu.stdout
    assert "services, ligne 2" in recu.stderr
    moteur = ouvrir_moteur(adresse)
    with lire(moteur) as session:
        assert session.scalars(select(ServicePartenaire.nom)).all() == ["Cours de français"]
        assert session.scalar(select(Structure.territoire)) == "54"
    moteur.dispose()


def test_a_file_that_is_not_a_directory_is_refused_in_french(adresse: str, tmp_path: Path) -> None:
    assert jalon(adresse, "structure", "creer", "Les Bornes").returncode == 0
    fichier = tmp_path / "a.json"
    fichier.write_text("{}", encoding="utf-8")
    refus = jalon(adresse, "annuaire", "importer", str(fichier))
    assert refus.returncode == 1
    assert "ni structures ni services" in refus.stderr
