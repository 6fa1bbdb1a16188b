"""Délais, médiane, places, saisines, freins : les règles, au jour près."""

from datetime import date
from fractions import Fraction

import pytest

from app.domain.indicateurs import conformite, demarches, freins, saisines
from app.domain.indicateurs.periode import Periode

LE_1 = date(2022, 3, 1)


@pytest.mark.parametrize(
    ("fait_le", "aujourd_hui", "tenu"),
    [
        (date(2022, 3, 16), date(2022, 6, 1), True),
        (date(2022, 3, 17), date(2022, 6, 1), False),
        (None, date(2022, 3, 16), None),
        (None, date(2022, 3, 17), False),
    ],
)
def test_a_delay_is_missed_the_day_after_and_not_judged_before(
    fait_le: date | None, aujourd_hui: date, tenu: bool | None
) -> None:
    assert conformite.dans_le_delai(LE_1, fait_le, 15, aujourd_hui) is tenu


@pytest.mark.parametrize(("valeurs", "milieu"), [([], None), ([5], 5), ([9, 1, 4], 4), ([1, 2, 9, 4], 3)])
def test_the_median_is_the_middle(valeurs: list[int], milieu: int | None) -> None:
    assert conformite.mediane(valeurs) == (None if milieu is None else Fraction(milieu))


def test_a_referral_counts_in_its_year_and_the_day_itself_is_not_before() -> None:
    annee = Periode.annee(2022)
    assert saisines.premiere([date(2021, 5, 1), date(2022, 9, 1), LE_1], annee) == LE_1
    assert saisines.premiere([date(2021, 5, 1)], annee) is None
    assert saisines.avant_rencontre(LE_1, None)
    assert saisines.avant_rencontre(LE_1, date(2022, 3, 2))
    assert not saisines.avant_rencontre(LE_1, LE_1)


def test_a_hurdle_lifted_was_worked_on_and_one_that_comes_back_is_not_lifted() -> None:
    def diagnostic(**etats: str) -> dict[str, list[dict[str, str]]]:
        return {"freins": [{"cle": cle, "etat": etat} for cle, etat in etats.items()]}

    dits = freins.etats(
        [diagnostic(mobilite="releve", logement="releve", budget="leve"), diagnostic(mobilite="leve", budget="releve")]
    )
    assert dits == {
        "mobilite": {"freins_releves", "freins_travailles", "freins_leves"},
        "logement": {"freins_releves"},
        "budget": {"freins_releves", "freins_travailles"},
    }


def test_a_family_without_a_group_is_an_error_and_not_a_silent_omission() -> None:
    familles = {"social": ("logement", "sante"), "emploi": ("offres",)}
    assert demarches.par_groupe(familles, {"logement": 2, "sante": 3}) == {"social": 5, "emploi": 0}
    with pytest.raises(KeyError):
        demarches.par_groupe(familles, {"inconnue": 1})
