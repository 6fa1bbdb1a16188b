"""La période d'un rapport : l'année civile de Paris, plusieurs années, ou deux jours choisis."""

from datetime import UTC, date, datetime

import pytest

from app.domain.indicateurs.periode import Periode


def test_the_year_is_the_one_of_the_calendar_in_paris() -> None:
    annee = Periode.annee(2022)
    la_veille_au_soir = datetime(2021, 12, 31, 23, 30, tzinfo=UTC)
    le_soir_du_31, apres_minuit = datetime(2022, 12, 31, 22, 59, tzinfo=UTC), datetime(2022, 12, 31, 23, tzinfo=UTC)
    assert [annee.debut <= i < annee.fin for i in (la_veille_au_soir, le_soir_du_31, apres_minuit)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("texte", "du", "au", "libelle"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31), "2022"),
        ("2015-2016", date(2015, 1, 1), date(2016, 12, 31), "2015-2016"),
        ("2022-03-01_2022-06-30", date(2022, 3, 1), date(2022, 6, 30), "du 01/03/2022 au 30/06/2022"),
    ],
)
def test_a_period_is_read_and_written_the_same(texte: str, du: date, au: date, libelle: str) -> None:
    periode = Periode.lire(texte)
    assert (periode.premier_jour, periode.dernier_jour, periode.libelle) == (du, au, libelle)
    assert periode.code == texte
    assert periode.contient(du)
    assert periode.contient(au)
    assert not periode.contient(None)


@pytest.mark.parametrize(
    "texte",
    ["1989", "2101", "0", "-1", "", "22", "2016-2015", "2022-02-30_2022-03-01", "２０２２", "2022/1", "2022-03-01"],
)
def test_what_is_not_a_period_is_refused(texte: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Periode.lire(texte)


def test_a_period_goes_back_by_years_even_from_a_leap_day() -> None:
    assert Periode(date(2024, 2, 29), date(2024, 12, 31)).reculee(1) == Periode(date(2023, 2, 28), date(2023, 12, 31))
    assert Periode.annee(1990).reculee(2) == Periode.annee(1988)
