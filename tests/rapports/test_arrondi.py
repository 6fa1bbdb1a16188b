"""L'arrondi des rapports : au plus proche, la moitié vers le haut, virgule et espace fine."""

from fractions import Fraction

import pytest

from app.domain.indicateurs import arrondi


@pytest.mark.parametrize(
    ("nombre", "base", "decimales", "attendu"),
    [
        (53, 178, 2, "29,78"),
        (125, 178, 2, "70,22"),
        (372, 513, 1, "72,5"),
        (645, 1084, 1, "59,5"),
        (439, 1084, 0, "40"),
        (439, 1084, 1, "40,5"),
        (20, 565, 1, "3,5"),
        (22, 54, 2, "40,74"),
        (1, 40, 0, "3"),
        (1, 8, 1, "12,5"),
        (1, 3, 0, "33"),
        (2, 3, 0, "67"),
        (0, 7, 2, "0,00"),
        (1, 1, 0, "100"),
    ],
)
def test_a_share_is_rounded_half_up_on_the_exact_quotient(nombre: int, base: int, decimales: int, attendu: str) -> None:
    assert arrondi.pourcentage(nombre, base, decimales) == f"{attendu}\u202f%"


def test_a_share_of_nothing_is_a_dash() -> None:
    assert arrondi.pourcentage(0, 0, 1) == "—"


def test_thousands_are_separated_by_a_narrow_no_break_space() -> None:
    assert arrondi.entier(1084) == "1\u202f084"
    assert arrondi.entier(999) == "999"
    assert arrondi.entier(1234567) == "1\u202f234\u202f567"
    assert arrondi.decimal(Fraction(12345, 10), 1) == "1\u202f234,5"


def test_a_half_moves_away_from_zero_and_keeps_its_sign() -> None:
    assert arrondi.decimal(Fraction(-5, 2), 0) == "-3"
    assert arrondi.decimal(Fraction(1, 20), 1) == "0,1"


def test_a_negative_number_of_decimals_is_refused() -> None:
    with pytest.raises(ValueError, match="décimales"):
        arrondi.arrondir(Fraction(1), -1)
