"""Les trois écritures d'un rapport disent les mêmes chiffres."""

import csv
import io
import json
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from app.domain.indicateurs.periode import Periode
from app.rapports import formats
from app.rapports.demande import Demande
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau, addition

DEMANDE = Demande("s", ("ASP-NC",), Periode.annee(2022), datetime(2023, 1, 5, tzinfo=UTC))
TABLEAU = Tableau(
    "rendez_vous",
    "Rendez-vous",
    "événements",
    (
        Ligne("proposes", "Rendez-vous proposés", (Cellule("1\u202f084", 1084),)),
        Ligne(
            "taux_presence", "Taux de présence", (Cellule("59,5\u202f%", exact=Fraction(595, 10), decimales=1),), "taux"
        ),
        Ligne("femme", "=FEMME()", (Cellule("53", 53, "29,78\u202f%", Fraction(5300, 178), 2),)),
    ),
    notes=("Une note.",),
    controles=(addition(10, [4, 6]), addition(10, [4, 5], "absences")),
)
DEUX_COLONNES = Tableau(
    "sorties",
    "Sorties",
    "mesures",
    (Ligne("total", "Total", (Cellule("54", 54), Cellule("34", 34)), "total"),),
    colonnes=(Colonne("nombre", "Nombre"), Colonne("brsa", "dont BRSA")),
)


def test_json_keeps_numbers_as_numbers_and_a_rate_without_one() -> None:
    lu = json.loads(formats.en_json(DEMANDE, [TABLEAU, DEUX_COLONNES]))
    assert (lu["rapport"], lu["convention"], lu["annee"]) == ("jalon/1", "ASP-NC", 2022)
    assert lu["periode"] == {"du": "2022-01-01", "au": "2022-12-31"}
    tableau, deux = lu["tableaux"]
    assert [li["nombre"] for li in tableau["lignes"]] == [1084, None, 53]
    assert {"code", "libelle", "nombre", "part", "texte"} <= set(tableau["lignes"][0])
    assert tableau["notes"] == ["Une note."]
    assert [c["juste"] for c in tableau["controles"]] == [True, False]
    assert [c["code"] for c in deux["colonnes"]] == ["nombre", "brsa"]
    assert [c["nombre"] for c in deux["lignes"][0]["cellules"]] == [54, 34]


def test_csv_gives_one_line_per_figure_and_runs_no_formula() -> None:
    lignes = list(csv.DictReader(io.StringIO(formats.en_csv(DEMANDE, [TABLEAU, DEUX_COLONNES])), delimiter=";"))
    assert [(li["code"], li["colonne"], li["nombre"]) for li in lignes] == [
        ("proposes", "nombre", "1084"),
        ("taux_presence", "nombre", ""),
        ("femme", "nombre", "53"),
        ("total", "nombre", "54"),
        ("total", "brsa", "34"),
    ]
    # Une part, un taux : des nombres à virgule, que le tableur additionne.
    assert [li["part"] for li in lignes] == ["", "59,5", "29,78", "", ""]
    assert lignes[2]["libelle"] == "'=FEMME()"
    assert {li["periode"] for li in lignes} == {"2022"}


@pytest.mark.parametrize("amorce", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_would_start_a_formula_is_neutralised(amorce: str) -> None:
    assert formats.neutraliser(f"{amorce}1+1") == f"'{amorce}1+1"
    assert formats.neutraliser("Vézelise = 1") == "Vézelise = 1"


def test_text_is_aligned_and_says_the_unit_and_what_does_not_add_up() -> None:
    texte = formats.en_texte(DEMANDE, [TABLEAU, DEUX_COLONNES])
    assert "Rendez-vous (événements)" in texte
    assert "  Rendez-vous proposés         1\u202f084\n" in texte
    assert "  Une note.\n" in texte
    assert "  À vérifier\u202f: absences\u202f: 10 = 4 + 5\n" in texte
    assert "10 = 4 + 6" not in texte
    assert texte.endswith("  Total      54         34\n")
