"""Les commandes `demo`, `rapport` et `import` telles qu'on les tape, dans un autre processus."""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.commandes.demo import completer_base, comptes_de, preparer_base

RACINE = Path(__file__).parents[2]
AMANDIERS = "Association Les Amandiers-sur-Fiction"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chemin = tmp_path_factory.mktemp("instance") / "demo.db"
    preparer_base(chemin)
    return chemin


def jalon(base: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from app.commandes import main; main()", *map(str, arguments)],
        cwd=RACINE,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{base}", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_base_is_one_file_made_whole_and_kept_by_the_next_run(base: Path) -> None:
    assert [f.name for f in base.parent.iterdir()] == ["demo.db"]
    avant = base.stat().st_ino
    preparer_base(base)
    assert base.stat().st_ino == avant
    preparer_base(base, neuve=True)
    assert base.stat().st_ino != avant


def test_an_older_demonstration_shows_no_account_it_does_not_have(base: Path, tmp_path: Path) -> None:
    maraude, copie = "maraude@amandiers.example", Path(shutil.copy(base, tmp_path / "demo.db"))
    assert maraude in [compte["courriel"] for compte in comptes_de(copie)]
    with closing(sqlite3.connect(copie)) as ouverte:
        ouverte.execute("UPDATE utilisateur SET courriel = 'autrefois@amandiers.example' WHERE courriel = ?", [maraude])
        ouverte.commit()
    montres = {compte["courriel"]: compte["role"] for compte in comptes_de(copie)}
    assert maraude not in montres
    assert re.fullmatch(r"Conseillère, \d+ dossiers", montres["camille@amandiers.example"])
    assert montres["secretariat@amandiers.example"] == "Secrétariat"


def test_the_years_before_are_added_once_to_what_is_already_there(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copie = Path(shutil.copy(base, tmp_path / "demo.db"))
    completer_base(copie)
    completer_base(copie)
    assert "y étaient déjà" in capsys.readouterr().out
    fait = jalon(copie, "rapport", "MOS-AG", "2015-06-01_2017-05-31", "--structure", AMANDIERS)
    assert fait.returncode == 0, fait.stderr
    assert re.search(r"^  Personnes accompagnées +3\u202f987$", fait.stdout, re.MULTILINE)


def test_the_three_formats_print_the_same_figures(base: Path) -> None:
    def rapport(forme: str) -> str:
        fait = jalon(base, "rapport", "DSP-TDL", "2022", "--structure", AMANDIERS, "--format", forme)
        assert fait.returncode == 0, fait.stderr
        return fait.stdout

    lu = json.loads(rapport("json"))
    chiffres = {
        (t["code"], li["code"], colonne["code"]): cellule["texte"]
        for t in lu["tableaux"]
        for li in t["lignes"]
        for colonne, cellule in zip(t["colonnes"], li["cellules"], strict=True)
    }
    assert chiffres["rendez_vous", "proposes", "nombre"] == "513"
    assert chiffres["rendez_vous", "taux_presence", "nombre"] == "72,5\u202f%"
    lignes = csv.DictReader(io.StringIO(rapport("csv")), delimiter=";")
    assert {(li["tableau"], li["code"], li["colonne"]): li["texte"] for li in lignes} == chiffres
    texte = rapport("texte")
    assert all(valeur in texte for valeur in chiffres.values())


def test_the_workbook_is_written_to_the_file_it_is_told(base: Path, tmp_path: Path) -> None:
    fichier = tmp_path / "dsp.xlsx"
    fait = jalon(
        *(base, "rapport", "DSP-TDL", "2022", "--structure", AMANDIERS, "--masquer", "--motif", "financeur"),
        *("--format", "xlsx", "--sortie", str(fichier)),
    )
    assert (fait.returncode, fait.stdout) == (0, ""), fait.stderr
    classeur = CalamineWorkbook.from_path(fichier)
    assert ["Personnes accompagnées", 100] in classeur.get_sheet_by_name("Stock et flux").to_python()
    assert ["Oui", "<\u202f5"] in classeur.get_sheet_by_name("Travailleurs handicapés").to_python()
    with sqlite3.connect(base) as lue:
        journal = lue.execute("SELECT format, masque, motif, auteur_id FROM evenement_rapport").fetchall()
    assert ("xlsx", 1, "financeur", None) in journal


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rapport", "INCONNUE", "2022", "--structure", AMANDIERS), "convention"),
        (("rapport", "DSP-TDL", "1066", "--structure", AMANDIERS), "année"),
        (("rapport", "DSP-TDL", "2022"), "--structure"),
        (("rapport", "DSP-TDL", "2022", "--structure", "Ailleurs"), "structure"),
        (("rapport", "DSP-TDL", "deux mille", "--structure", AMANDIERS), "PERIODE"),
        (("import", "/nulle/part"), "DOSSIER"),
        (("import", ".", "--structure", AMANDIERS, "--utilisateur", "personne@ici.example"), "courriel"),
    ],
)
def test_a_command_badly_written_says_so_and_ends_with_two(
    base: Path, arguments: tuple[str, ...], message: str
) -> None:
    fait = jalon(base, *arguments)
    assert fait.returncode == 2, fait.stderr
    assert message in fait.stderr
    assert "Traceback" not in fait.stderr


def test_a_base_that_is_not_ready_is_said(tmp_path: Path) -> None:
    fait = jalon(tmp_path / "vide.db", "rapport", "DSP-TDL", "2022")
    assert fait.returncode not in (0, 2)
    assert "la base n'est pas prête" in fait.stderr


def test_an_import_ends_with_zero_then_finds_nothing_new_and_a_wrong_one_ends_with_one(
    base: Path, tmp_path: Path
) -> None:
    copie = shutil.copy(base, tmp_path / "copie.db")
    dossier = tmp_path / "reprise"
    dossier.mkdir()
    (dossier / "personnes.csv").write_text("reference;nom;prenom\nX1;Clairefable;Zoé\n", encoding="cp1252")
    commande = ("import", dossier, "--structure", AMANDIERS)
    premier, second = jalon(copie, *commande), jalon(copie, *commande)
    assert (premier.returncode, second.returncode) == (0, 0), premier.stderr
    assert "personnes : 1 ligne enregistrée\n" in premier.stdout
    assert "Rien de nouveau" in second.stdout
    (dossier / "personnes.csv").write_text("reference;nom;sexe\nX2;Clairefable;chat\n", encoding="utf-8")
    faux = jalon(copie, *commande)
    assert faux.returncode == 1
    assert "personnes.csv, ligne 2, colonne sexe" in faux.stderr
    assert "Rien n'a été enregistré." in faux.stdout
