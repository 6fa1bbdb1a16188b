"""Les fichiers tels que les tableurs les écrivent : encodages, séparateurs, guillemets, classeurs."""

import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from app.importation import lecture
from app.importation.illisible import FichierIllisible
from app.importation.lecture import lire


def ecrire(dossier: Path, octets: bytes) -> Path:
    chemin = dossier / "personnes.csv"
    chemin.write_bytes(octets)
    return chemin


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_a_csv_is_read_whatever_wrote_it(tmp_path: Path, encodage: str, separateur: str, fin: str) -> None:
    texte = fin.join((f"reference{separateur}Nom", f"P1{separateur}Œuvré", ""))
    feuille = lire(ecrire(tmp_path, texte.encode(encodage)))
    assert feuille.titres == ["reference", "nom"]
    assert [(li.numero, li.cellules) for li in feuille.lignes] == [(2, ["P1", "Œuvré"])]


def test_quotes_hold_separators_quotes_and_line_ends_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    feuille = lire(ecrire(tmp_path, b'a;b\n"un;deux";"dit ""oui"""\n"sur\ndeux";x\n\n;\nfin;y\n'))
    assert [(li.numero, li.cellules) for li in feuille.lignes] == [
        (2, ["un;deux", 'dit "oui"']),
        (3, ["sur\ndeux", "x"]),
        (7, ["fin", "y"]),
    ]


@pytest.mark.parametrize(
    ("octets", "message", "ligne"),
    [
        ("a;b\nÉ;x\n".encode("utf-16"), "CSV", None),
        (b"a;b\n\x00\x00;x\n", "CSV", None),
        (b'a;b\n"ouvert;x\n', "guillemets", 2),
        (b'a;b\nok;x\n"mal"pose;x\n', "guillemets", 3),
        (b"\xef\xbb\xbfa;b\nok;x\n\xe9;x\n", "UTF-8", 3),
        (b"a;b\nok;x\n\x81\xe9;x\n", "illisible", 3),
        (b"a;b\n" + b"x" * 140_000 + b";y\n", "trop longue", 2),
        (b";".join([b"c"] * 300) + b"\n", "colonnes", 1),
    ],
)
def test_an_unreadable_csv_says_why_and_where(tmp_path: Path, octets: bytes, message: str, ligne: int | None) -> None:
    chemin = ecrire(tmp_path, octets)
    with pytest.raises(FichierIllisible, match=message) as erreur:
        list(lire(chemin).lignes)
    assert erreur.value.ligne == ligne


def test_an_empty_file_has_no_title_and_no_line(tmp_path: Path) -> None:
    feuille = lire(ecrire(tmp_path, b""))
    assert (feuille.titres, list(feuille.lignes)) == ([], [])


def classeur(chemin: Path) -> Path:
    document = xlsxwriter.Workbook(chemin)
    feuille = document.add_worksheet()
    jour = document.add_format({"num_format": "dd/mm/yyyy"})
    heure = document.add_format({"num_format": "hh:mm"})
    feuille.write_row(0, 0, ["Reference", "date", "heure", "nombre"])
    feuille.write(1, 0, "R1")
    feuille.write_datetime(1, 1, datetime(2022, 12, 31), jour)  # noqa: DTZ001  # un jour de tableur n'a pas de fuseau
    feuille.write_datetime(1, 2, time(9, 30), heure)
    feuille.write_number(1, 3, 639980001)
    feuille.write(3, 0, "R2")
    document.close()
    return chemin


def test_a_workbook_gives_real_dates_and_keeps_its_line_numbers(tmp_path: Path) -> None:
    feuille = lire(classeur(tmp_path / "rendez_vous.xlsx"))
    assert feuille.titres == ["reference", "date", "heure", "nombre"]
    premiere, seconde = feuille.lignes
    assert premiere.numero == 2
    assert premiere.cellules == ["R1", date(2022, 12, 31), time(9, 30), 639980001.0]
    assert (seconde.numero, seconde.cellules[0]) == (4, "R2")


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04 pas une archive", b"<html>connexion</html>"])
def test_what_is_not_a_workbook_is_said(tmp_path: Path, octets: bytes) -> None:
    chemin = tmp_path / "personnes.xlsx"
    chemin.write_bytes(octets)
    with pytest.raises(FichierIllisible, match="XLSX"):
        lire(chemin)


def test_an_archive_that_is_not_a_workbook_is_said(tmp_path: Path) -> None:
    chemin = tmp_path / "personnes.xlsx"
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("rien.txt", "rien")
    with pytest.raises(FichierIllisible, match="XLSX"):
        lire(chemin)


def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lecture, "BORNES", replace(lecture.BORNES, octets=1000))
    with pytest.raises(FichierIllisible, match="trop gros"):
        lire(classeur(tmp_path / "rendez_vous.xlsx"))


def test_two_cells_far_apart_are_not_a_table(tmp_path: Path) -> None:
    chemin = tmp_path / "rendez_vous.xlsx"
    document = xlsxwriter.Workbook(chemin)
    feuille = document.add_worksheet()
    feuille.write(0, 0, "Reference")
    feuille.write(60_000, 900, "loin")
    document.close()
    with pytest.raises(FichierIllisible, match="trop de cases"):
        lire(chemin)
