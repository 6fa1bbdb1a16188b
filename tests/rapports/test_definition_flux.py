"""Stock et flux : les définitions, sur des mesures choisies puis sur n'importe lesquelles."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.indicateurs import flux
from app.domain.indicateurs.periode import Periode

A2022 = Periode.annee(2022)


@dataclass(frozen=True)
class Mesure:
    orientee_le: date | None = None
    entree_le: date | None = None
    sortie_le: date | None = None
    personne_id: str = ""


def codes_de(mesure: Mesure) -> set[str]:
    return {code for code in flux.REGLES if flux.retenir([mesure], A2022, code)}


@pytest.mark.parametrize(
    ("mesure", "attendus"),
    [
        (Mesure(entree_le=date(2021, 5, 1)), {"accompagnees", "presentes_debut", "suivies_fin"}),
        (Mesure(entree_le=date(2022, 1, 1)), {"accompagnees", "entrees", "suivies_fin"}),
        (
            Mesure(entree_le=date(2021, 5, 1), sortie_le=date(2022, 1, 1)),
            {"accompagnees", "presentes_debut", "sorties"},
        ),
        (Mesure(entree_le=date(2021, 5, 1), sortie_le=date(2021, 12, 31)), set()),
        (Mesure(entree_le=date(2022, 2, 1), sortie_le=date(2022, 12, 31)), {"accompagnees", "entrees", "sorties"}),
        (Mesure(entree_le=date(2022, 2, 1), sortie_le=date(2023, 1, 1)), {"accompagnees", "entrees", "suivies_fin"}),
        (Mesure(orientee_le=date(2022, 12, 31)), {"en_integration"}),
        (Mesure(orientee_le=date(2022, 12, 1), entree_le=date(2023, 1, 3)), {"en_integration"}),
        (Mesure(orientee_le=date(2022, 12, 1), sortie_le=date(2022, 12, 20)), set()),
        (Mesure(orientee_le=date(2023, 1, 1)), set()),
        (Mesure(), set()),
    ],
)
def test_a_mesure_is_counted_where_its_dates_put_it(mesure: Mesure, attendus: set[str]) -> None:
    assert codes_de(mesure) == attendus


def test_the_sex_is_the_one_known_on_the_last_day_of_the_year() -> None:
    historique = ((date(2020, 1, 1), "homme"), (date(2022, 12, 31), "femme"), (date(2023, 1, 1), "autre"))
    assert flux.sexe_au(historique, A2022.dernier_jour) == "femme"
    assert flux.sexe_au(historique, date(2022, 12, 30)) == "homme"
    assert flux.sexe_au(historique, date(2019, 12, 31)) == "non_renseigne"
    assert flux.sexe_au(((date(2020, 1, 1), None),), date(2021, 1, 1)) == "non_renseigne"


@st.composite
def mesures(draw: st.DrawFn) -> Mesure:
    jours = st.dates(date(2020, 1, 1), date(2024, 12, 31))
    orientee = draw(st.none() | jours)
    entree = draw(st.none() | jours)
    sortie = None if entree is None else draw(st.none() | st.integers(0, 900).map(lambda n: entree + timedelta(n)))
    return Mesure(orientee, entree, sortie, draw(st.sampled_from("abcd")))


historiques = st.lists(
    st.tuples(st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.sampled_from(["femme", "homme", "autre"])), max_size=3
).map(sorted)


@given(st.lists(mesures()), st.dictionaries(st.sampled_from("abc"), historiques), st.sampled_from([2021, 2022, 2023]))
def test_stock_and_flow_always_balance(
    faits: list[Mesure], sexes: dict[str, list[tuple[date, str]]], numero: int
) -> None:
    annee, suivante = Periode.annee(numero), Periode.annee(numero + 1)
    n = {code: len(flux.retenir(faits, annee, code)) for code in flux.REGLES}
    assert n["accompagnees"] == n["presentes_debut"] + n["entrees"] == n["sorties"] + n["suivies_fin"]
    assert n["suivies_fin"] == len(flux.retenir(faits, suivante, "presentes_debut"))
    assert sum(len(m) for m in flux.par_sexe(faits, sexes, annee).values()) == n["accompagnees"]


@given(st.lists(mesures()), st.lists(st.dates(date(2020, 1, 1), date(2024, 12, 31)), min_size=4, max_size=4))
def test_a_longer_period_never_counts_fewer(faits: list[Mesure], bornes: list[date]) -> None:
    debut, court_debut, court_fin, fin = sorted(bornes)
    longue, courte = Periode(debut, fin), Periode(court_debut, court_fin)
    for code in ("accompagnees", "entrees", "sorties"):
        assert len(flux.retenir(faits, courte, code)) <= len(flux.retenir(faits, longue, code))
