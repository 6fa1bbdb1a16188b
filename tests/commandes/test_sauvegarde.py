"""`jalon sauvegarde` et `jalon restaurer`, tels qu'on les tape."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from app.cloison import EXPLOITATION
from app.models import Lieu, Structure
from app.moteur import lire, ouvrir_moteur
from tests.commandes.test_structure import jalon


def test_what_was_lost_comes_back_and_the_backup_is_said_confirmed(tmp_path: Path) -> None:
    adresse, fichier = f"sqlite:///{tmp_path / 'jalon.sqlite'}", tmp_path / "minuit"
    assert jalon(adresse, "structure", "creer", "Les Bornes Fictives").returncode == 0
    faite = jalon(adresse, "sauvegarde", str(fichier))
    assert faite.returncode == 0, faite.stderr
    assert re.search(r"Sauvegarde écrite et vérifiée : .* \(\d+,\d Mo\)", faite.stdout)
    encore = jalon(adresse, "sauvegarde", str(fichier))
    assert (encore.returncode, "existe déjà" in encore.stderr) == (1, True)
    assert jalon(adresse, "structure", "lieu", "Annexe").returncode == 0
    # Sans attendre : un autre serveur de cette machine peut tenir le verrou de l'installation.
    revenue = jalon(adresse, "restaurer", str(fichier), "--forcer")
    assert revenue.returncode == 0, revenue.stderr
    assert "Les téléphones renverront d'eux-mêmes" in revenue.stdout
    moteur = ouvrir_moteur(adresse)
    with lire(moteur, EXPLOITATION) as session:
        structure = session.scalars(select(Structure)).one()
        assert structure.sauvegarde_le is not None
        assert structure.restauree_le is not None
        assert session.scalars(select(Lieu)).all() == []
    moteur.dispose()


def test_a_backup_that_is_none_changes_nothing(tmp_path: Path) -> None:
    adresse = f"sqlite:///{tmp_path / 'jalon.sqlite'}"
    assert jalon(adresse, "structure", "creer", "Les Bornes Fictives").returncode == 0
    (tmp_path / "note.txt").write_text("rien d'une base")
    refus = jalon(adresse, "restaurer", str(tmp_path / "note.txt"), "--forcer")
    assert (refus.returncode, "n'est pas une base de Jalon" in refus.stderr) == (1, True)
    assert "existe déjà" in jalon(adresse, "structure", "creer", "Les Bornes Fictives").stderr
