"""Les listes telles qu'elles arrivent : encodages, lignes de titre, dates, classeurs, fichiers qui n'en sont pas."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from app.importation.illisible import FichierIllisible
from app.importation.valeurs import ValeurRefusee
from app.orientations import valeurs
from app.orientations.champs import JAMAIS, ligne_des_titres, proposer
from app.orientations.lecture import LIGNES_MAX, OCTETS_MAX, lire

MODELE = Path(__file__).parents[2] / "docs" / "modeles-import" / "liste-orientations.csv"
JOUR = dt.date(2026, 11, 23)


def un_classeur(*feuilles: list[list[object]]) -> bytes:
    octets = io.BytesIO()
    classeur = xlsxwriter.Workbook(octets, {"in_memory": True})
    jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
    for rangees in feuilles:
        feuille = classeur.add_worksheet()
        for rang, cellules in enumerate(rangees):
            for colonne, cellule in enumerate(cellules):
                if isinstance(cellule, dt.date):
                    feuille.write_datetime(rang, colonne, dt.datetime.combine(cellule, dt.time()), jour)
                else:
                    feuille.write(rang, colonne, cellule)
    classeur.close()
    return octets.getvalue()


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_the_titles_are_found_under_the_letterhead(encodage: str, separateur: str) -> None:
    texte = MODELE.read_text(encoding="utf-8").replace("7, chemin", "7 chemin").replace(";", separateur)
    (lignes,) = lire(texte.encode(encodage))
    numero, connus = ligne_des_titres(lignes, {})
    titres = next(ligne.cellules for ligne in lignes if ligne.numero == numero)
    assert (numero, connus) == (4, 10)
    champs = ["sexe", "nom", "prenom", "date_naissance", JAMAIS, "telephones", "adresse", "code_postal", "commune"]
    assert proposer(titres, {}) == [*champs, "orientee_le"]


def test_a_workbook_gives_its_dates_its_eaten_zeros_and_its_best_sheet() -> None:
    octets = un_classeur(
        [["Mode d’emploi"], ["Remplir l’onglet suivant"]],
        [
            ["NOM Prénom", "DDN", "Téléphone", "Reçu le"],
            ["ZINSOU Awa", dt.date(1988, 7, 14), 639980001, dt.date(2026, 11, 3)],
        ],
    )
    feuilles = lire(octets)
    assert [ligne_des_titres(feuille, {}) for feuille in feuilles] == [(1, 0), (1, 3)]
    assert feuilles[1][1].cellules == ["ZINSOU Awa", "14/07/1988", "639980001", "03/11/2026"]


def test_what_the_structure_said_of_a_title_wins_and_what_is_never_kept_stays_so() -> None:
    titres = ["Nom", "Secteur d’intervention", "NIR", "Nom"]
    assert proposer(titres, {}) == ["nom", None, JAMAIS, None]
    retenus = {"secteur d intervention": "lieu", "nir": "nom_usage", "nom": ""}
    assert proposer(titres, retenus) == [None, "lieu", JAMAIS, None]


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "vide"),
        (b" \n ;; \n", "vide|aucune ligne"),
        (b";;\n;\n", "aucune ligne"),
        (b"x" * (OCTETS_MAX + 1), "Mio"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1ancien", "ancien Excel"),
        (b"%PDF-1.7 etc", "PDF"),
        (b"{\\rtf1 bonjour}", "traitement de texte"),
        (b"PK\x03\x04abime", "XLSX lisible"),
        (b"GIF89a\x00\x01\x00", "ni un CSV ni un classeur"),
        (b'nom;prenom\n"' + b"x" * 140_000 + b'";a\n', "trop longue"),
        (b"nom;prenom\n" + b"a;b\n" * (LIGNES_MAX + 1), f"Plus de {LIGNES_MAX} lignes"),
        (b";".join([b"c"] * 200), "colonnes"),
    ],
)
def test_what_is_not_a_list_says_what_to_do(octets: bytes, dit: str) -> None:
    with pytest.raises(FichierIllisible, match=dit):
        lire(octets)


def test_a_workbook_that_would_fill_the_memory_is_refused() -> None:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    assert len(octets.getvalue()) < 100_000
    with pytest.raises(FichierIllisible, match="trop gros"):
        lire(octets.getvalue())
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(FichierIllisible, match="pas un classeur XLSX"):
        lire(document.getvalue())


def en_changeant(octets: bytes, changer: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    refait = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as avant, zipfile.ZipFile(refait, "w", zipfile.ZIP_DEFLATED) as apres:
        for membre in avant.infolist():
            apres.writestr(*changer(membre.filename, avant.read(membre)))
    return refait.getvalue()


@pytest.mark.parametrize(
    ("ligne", "dit"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "XFD1048576"),
        (b'<row r="60000"><c><v>1</v></c></row>', "A60000"),
        (b'<row><c r = "A60000" ><v>1</v></c></row>', "A60000"),
        (b"<row><c r='a60000'><v>1</v></c></row>", "A60000"),
        (b'<row><c r="A6&#48;000"><v>1</v></c></row>', "A60000"),
        (b'<row><c r="A60000"><!-- ici --><v>1</v></c></row>', "A60000"),
        (b'<x:row xmlns:x="x" r="60000"><x:c><x:v>1</x:v></x:c></x:row>', "A60000"),
        (b"<row>" + b"<c><v>1</v></c>" * 500 + b"</row>", "OK3"),
        (b'<row><c r="60000A"><v>1</v></c></row>', "XLSX lisible"),
        (b'<row r="-1"><c><v>1</v></c></row>', "XLSX lisible"),
        (b'<row><c r="NV30000"><v>1</v></c></row>', "trop de cases"),
        (b"<row>", "XLSX lisible"),
    ],
)
@pytest.mark.parametrize("rangee", ["xl/worksheets/sheet1.xml", "xl/ailleurs/image.png"])
def test_a_cell_far_from_the_table_is_found_however_it_is_written(ligne: bytes, dit: str, rangee: str) -> None:
    def changer(nom: str, contenu: bytes) -> tuple[str, bytes]:
        if nom == "xl/worksheets/sheet1.xml":
            return rangee, contenu.replace(b"</sheetData>", ligne + b"</sheetData>")
        return nom, contenu.replace(b"worksheets/sheet1.xml", rangee.removeprefix("xl/").encode())

    saine = un_classeur([["Nom", "Prénom"], ["Zinsou", "Awa"]])
    assert len(lire(saine)[0]) == 2
    with pytest.raises(FichierIllisible, match=dit):
        lire(en_changeant(saine, changer))


def test_a_text_quoted_a_thousand_times_or_a_sheet_shown_a_hundred_is_refused() -> None:
    citee = un_classeur([["x" * 30_000] * 70 for _ in range(20)])
    assert len(citee) < 20_000
    with pytest.raises(FichierIllisible, match="trop de texte"):
        lire(citee)

    def montrer(nom: str, contenu: bytes) -> tuple[str, bytes]:
        debut, fin = contenu.find(b"<sheet "), contenu.find(b"</sheets>")
        if nom != "xl/workbook.xml":
            return nom, contenu
        feuille = contenu[debut:fin]
        autres = (
            feuille.replace(b"Sheet1", b"F%d" % n).replace(b'sheetId="1"', b'sheetId="%d"' % n) for n in range(2, 90)
        )
        return nom, contenu[:fin] + b"".join(autres) + contenu[fin:]

    with pytest.raises(FichierIllisible, match="feuilles"):
        lire(en_changeant(un_classeur([["Nom"]]), montrer))


def test_what_calls_on_outside_definitions_is_not_a_workbook() -> None:
    def definir(nom: str, contenu: bytes) -> tuple[str, bytes]:
        return nom, contenu.replace(b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet')

    with pytest.raises(FichierIllisible, match="XLSX lisible"):
        lire(en_changeant(un_classeur([["Nom"]]), definir))


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("03/11/2026", dt.date(2026, 11, 3)),
        ("3/11/26", dt.date(2026, 11, 3)),
        ("03.11.2026", dt.date(2026, 11, 3)),
        ("3-11-2026", dt.date(2026, 11, 3)),
        ("2026-11-03", dt.date(2026, 11, 3)),
        ("2026-11-03T00:00:00", dt.date(2026, 11, 3)),
        ("03/11/2026 14:32", dt.date(2026, 11, 3)),
        ("20261103", dt.date(2026, 11, 3)),
        ("03112026", dt.date(2026, 11, 3)),
        ("20112025", dt.date(2025, 11, 20)),
        ("3 novembre 2026", dt.date(2026, 11, 3)),
        ("mardi 3 nov. 2026", dt.date(2026, 11, 3)),
        ("1er déc. 2025", dt.date(2025, 12, 1)),
        ("15 août 26", dt.date(2026, 8, 15)),
        ("46329", dt.date(2026, 11, 3)),
    ],
)
def test_a_date_is_read_however_it_was_written(texte: str, attendu: dt.date) -> None:
    assert valeurs.jour(texte, JOUR) == attendu


@pytest.mark.parametrize("texte", ["31/02/2026", "11/23/2026", "bientôt", "13", "3/11", "2026", "00/01/2026", "²/1/26"])
def test_a_date_that_cannot_be_told_is_not_guessed(texte: str) -> None:
    with pytest.raises(ValeurRefusee):
        valeurs.jour(texte, JOUR)


def test_a_birth_is_never_to_come_and_a_year_alone_says_so() -> None:
    assert valeurs.naissance("3/2/79", JOUR) == (dt.date(1979, 2, 3), "jour")
    assert valeurs.naissance("3/2/20", JOUR) == (dt.date(1920, 2, 3), "jour")
    assert valeurs.naissance("1991", JOUR) == (dt.date(1991, 1, 1), "annee")
    for texte in ("24/11/2026", "01/01/1850"):
        with pytest.raises(ValeurRefusee):
            valeurs.naissance(texte, JOUR)
    with pytest.raises(ValeurRefusee, match="à venir"):
        valeurs.orientation("24/11/2026", JOUR)
    with pytest.raises(ValeurRefusee, match="trois ans"):
        valeurs.orientation("03/11/2016", JOUR)


@pytest.mark.parametrize(
    ("texte", "numeros"),
    [
        ("06 39 98 00 01", ["0639980001"]),
        ("639980001", ["0639980001"]),
        ("33639980001", ["0639980001"]),
        ("+33 (0)6 39 98 00 01", ["0639980001"]),
        ("06.39.98.00.01 / 03-39-98-00-02", ["0639980001", "0339980002"]),
        ("Port : 06 39 98 00 01 ou 0639980001", ["0639980001"]),
        ("+352 621 000 000", ["+352621000000"]),
    ],
)
def test_a_number_finds_its_zero_and_its_neighbours(texte: str, numeros: list[str]) -> None:
    assert [lu["numero"] for lu in valeurs.telephones(texte)] == numeros


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("ZINSOU-FICTIVE Awa", ("Zinsou-Fictive", "Awa")),
        ("Mme Awa ZINSOU FICTIVE", ("Zinsou Fictive", "Awa")),
        ("D'ALMEIDA Jean-Marc", ("D'Almeida", "Jean-Marc")),
        ("Zinsou Awa Marie", ("Zinsou", "Awa Marie")),
        ("ZINSOU AWA", ("Zinsou", "Awa")),
        ("Zinsou, Awa", ("Zinsou", "Awa")),
    ],
)
def test_a_name_and_a_first_name_together_are_told_apart(texte: str, attendu: tuple[str, str]) -> None:
    assert valeurs.nom_et_prenom(texte) == attendu


def test_a_town_gives_its_postcode_apart() -> None:
    assert valeurs.commune("54200 TOUL") == ("54200", "Toul")
    assert valeurs.commune("Toul (54200)") == ("54200", "Toul")
    assert valeurs.commune("NEUVES-MAISONS") == (None, "Neuves-Maisons")
    assert valeurs.code_postal("1200") == "01200"
