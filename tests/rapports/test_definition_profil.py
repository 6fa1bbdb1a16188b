"""Qui est accompagné : chaque valeur dans une ligne et une seule, à la date que la définition dit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import nomenclatures
from app.domain.indicateurs import profil

LE_31 = date(2022, 12, 31)


@pytest.mark.parametrize(
    ("naissance", "tranche"),
    [
        (date(1997, 1, 1), "moins_26"),
        (date(1996, 12, 31), "de_26_a_49"),
        (date(1973, 1, 1), "de_26_a_49"),
        (date(1972, 12, 31), "50_et_plus"),
        (None, "non_renseigne"),
        (date(2023, 5, 1), "non_renseigne"),
    ],
)
def test_the_age_is_the_one_of_the_last_day(naissance: date | None, tranche: str) -> None:
    assert profil.age(naissance, LE_31) == tranche


def test_every_level_of_the_list_has_its_line() -> None:
    assert {profil.niveau(code) for code in nomenclatures.codes("niveau_formation")} == set(profil.NIVEAUX) - {
        profil.NON_RENSEIGNE
    }
    assert profil.niveau(None) == profil.NON_RENSEIGNE


@pytest.mark.parametrize(
    ("rsa", "ressources", "ligne"),
    [
        ("beneficiaire", None, "rsa"),
        ("suspendu", ["aah"], "rsa"),
        ("non_beneficiaire", ["are", "ass"], "ass"),
        ("clos", ["aah"], "aah"),
        (None, ["ata_ada"], "ata_ada"),
        ("non_beneficiaire", None, "non_concerne"),
        (None, ["salaire"], "non_concerne"),
        (None, None, "non_renseigne"),
        (None, [], "non_renseigne"),
    ],
)
def test_knowing_nothing_is_not_being_without_income(rsa: str | None, ressources: list[str] | None, ligne: str) -> None:
    assert profil.minima(rsa, ressources) == ligne


def test_a_value_learnt_later_does_not_change_the_past() -> None:
    historique = [(date(2021, 1, 1), "beneficiaire"), (date(2022, 6, 1), "clos")]
    assert profil.brsa(profil.valeur_au(historique, date(2022, 5, 31))) == "oui"
    assert profil.brsa(profil.valeur_au(historique, date(2022, 6, 1))) == "non"
    assert profil.brsa(profil.valeur_au(historique, date(2020, 12, 31))) == "non_renseigne"


@pytest.mark.parametrize(
    ("historique", "a_l_entree"),
    [
        ([(date(2022, 3, 1), "beneficiaire"), (date(2022, 6, 1), "clos")], "beneficiaire"),
        ([(date(2022, 3, 2), "beneficiaire"), (date(2022, 6, 1), "clos")], "beneficiaire"),
        ([(date(2021, 1, 1), "beneficiaire"), (date(2022, 1, 1), None), (date(2022, 3, 9), "clos")], "clos"),
        ([(date(2022, 4, 1), None), (date(2022, 5, 1), "suspendu")], "suspendu"),
        ([(date(2022, 1, 1), None)], None),
        ([], None),
    ],
)
def test_what_is_noted_after_the_entry_is_what_held_at_the_entry_when_nothing_did(
    historique: list[tuple[date, str | None]], a_l_entree: str | None
) -> None:
    assert profil.valeur_a_l_entree(historique, date(2022, 3, 1)) == a_l_entree
    assert profil.valeur_a_l_entree(historique, None) is None


@pytest.mark.parametrize(
    ("derniere", "ligne"),
    [
        (date(2022, 3, 2), "moins_1_an"),
        (date(2023, 1, 1), "moins_1_an"),
        (date(2021, 3, 1), "de_1_a_2_ans"),
        (date(2020, 3, 1), "de_2_a_5_ans"),
        (date(2017, 3, 1), "plus_5_ans"),
        (None, "non_renseigne"),
    ],
)
def test_the_time_without_work_is_counted_to_the_entry(derniere: date | None, ligne: str) -> None:
    assert profil.inactivite(derniere, date(2022, 3, 1)) == ligne


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_whatever_the_dates_an_age_and_an_idle_time_have_a_line(naissance: date, jour: date) -> None:
    assert profil.age(naissance, jour) in profil.AGES
    assert profil.inactivite(naissance, jour) in profil.INACTIVITES
