"""Les trois écritures d'un rapport disent les mêmes chiffres."""

import csv
import io
import json

import pytest

from app.rapports import formats
from app.rapports.tableau import Ligne, Tableau

TABLEAU = Tableau(
    "rendez_vous",
    "Rendez-vous",
    "événements",
    "ASP-NC",
    2022,
    (
        Ligne("proposes", "Rendez-vous proposés", 1084, "1\u202f084", "/rapports/…"),
        Ligne("taux_presence", "Taux de présence", None, "59,5\u202f%"),
        Ligne("femme", "=FEMME()", 53, "53", part="29,78\u202f%"),
    ),
    ("Une note.",),
)


def test_json_keeps_numbers_as_numbers_and_a_rate_without_one() -> None:
    lu = json.loads(formats.ecrire("json", "ASP-NC", 2022, [TABLEAU]))
    assert (lu["rapport"], lu["convention"], lu["annee"]) == ("jalon/1", "ASP-NC", 2022)
    (tableau,) = lu["tableaux"]
    assert [li["nombre"] for li in tableau["lignes"]] == [1084, None, 53]
    assert set(tableau["lignes"][0]) == {"code", "libelle", "nombre", "part", "texte"}
    assert tableau["notes"] == ["Une note."]


def test_csv_gives_one_line_per_figure_and_runs_no_formula() -> None:
    lignes = list(csv.DictReader(io.StringIO(formats.ecrire("csv", "ASP-NC", 2022, [TABLEAU])), delimiter=";"))
    assert [(li["code"], li["nombre"]) for li in lignes] == [
        ("proposes", "1084"),
        ("taux_presence", ""),
        ("femme", "53"),
    ]
    assert lignes[2]["libelle"] == "'=FEMME()"


@pytest.mark.parametrize("amorce", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_would_start_a_formula_is_neutralised(amorce: str) -> None:
    assert formats.neutraliser(f"{amorce}1+1") == f"'{amorce}1+1"
    assert formats.neutraliser("Vézelise = 1") == "Vézelise = 1"


def test_text_is_aligned_and_says_the_unit() -> None:
    texte = formats.ecrire("texte", "ASP-NC", 2022, [TABLEAU])
    assert "Rendez-vous (événements)" in texte
    assert "  Rendez-vous proposés   1\u202f084\n" in texte
    assert texte.endswith("  Une note.\n")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        formats.ecrire("pdf", "ASP-NC", 2022, [TABLEAU])
