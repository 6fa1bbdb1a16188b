"""Le bilan au financeur : la structure le doit, aucun dossier ne le porte."""

from typing import Any

import pytest

from app.domain.convention import charger
from app.domain.echeance.structure import echeances_de_structure

CONVENTIONS = [lue.en_json() for lue in charger()]


def titres(jour: str, **suite: Any) -> list[str]:
    return [due["titre"] for due in echeances_de_structure(CONVENTIONS, f"{jour}T08:00:00Z", **suite)]


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        ("2026-01-30", []),
        ("2026-01-31", ["Bilan 2025 à remettre au financeur d’ici mardi 31 mars"]),
        ("2026-03-30", ["Bilan 2025 à remettre au financeur d’ici demain"]),
        ("2026-03-31", ["Bilan 2025 à remettre au financeur aujourd’hui"]),
        ("2026-04-01", ["Bilan 2025 à remettre au financeur, 1 jour de retard"]),
    ],
)
def test_the_report_of_the_past_year_is_due_on_march_31(jour: str, attendu: list[str]) -> None:
    assert titres(jour) == attendu


def test_a_report_handed_in_is_not_asked_again() -> None:
    assert titres("2026-04-01", remis=[("PDC-ASP", 2025)]) == []


def test_no_report_for_a_year_the_convention_did_not_run() -> None:
    assert titres("2025-03-31") == []
    assert titres("2027-03-31") == []


def test_the_line_says_its_rule_and_source() -> None:
    [due] = echeances_de_structure(CONVENTIONS, "2026-03-31T08:00:00Z")
    assert due["pourquoi"] == "Au plus tard le 31 mars (ASP Pas-de-Calais)."
    assert due["citation"].startswith("Fiche 1.3 Pas-de-Calais 2025")
    assert (due["convention"], due["annee"], due["etat"]) == ("PDC-ASP", 2025, "proche")
