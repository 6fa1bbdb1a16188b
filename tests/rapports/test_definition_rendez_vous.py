"""La définition des rendez-vous : un cas et un seul, à l'année civile de Paris."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.indicateurs import rendez_vous
from app.domain.indicateurs.annee import Annee

MAINTENANT = datetime(2023, 2, 1, 12, tzinfo=UTC)
STATUTS = ("propose", "honore", "absence_excusee", "absence_non_excusee", "annule_service")


@dataclass(frozen=True)
class RendezVous:
    statut: str
    debut: datetime


def un_rendez_vous(statut: str = "honore", debut: datetime = datetime(2022, 5, 3, 8, tzinfo=UTC)) -> RendezVous:
    return RendezVous(statut, debut)


def test_the_year_is_the_one_of_the_calendar_in_paris() -> None:
    la_veille_au_soir = un_rendez_vous(debut=datetime(2021, 12, 31, 23, 30, tzinfo=UTC))
    le_soir_du_31 = un_rendez_vous(debut=datetime(2022, 12, 31, 22, 59, tzinfo=UTC))
    apres_minuit = un_rendez_vous(debut=datetime(2022, 12, 31, 23, 0, tzinfo=UTC))
    faits = [la_veille_au_soir, le_soir_du_31, apres_minuit]
    assert rendez_vous.retenir(faits, Annee(2022), MAINTENANT, "realise") == [la_veille_au_soir, le_soir_du_31]


def test_an_unsettled_past_appointment_is_shown_beside_and_not_counted() -> None:
    faits = [un_rendez_vous("propose"), un_rendez_vous("honore")]
    comptes = rendez_vous.bilan(faits, Annee(2022), MAINTENANT).comptes
    assert (comptes["a_preciser"], comptes["proposes"]) == (1, 1)


def test_a_future_appointment_is_neither_proposed_nor_to_settle() -> None:
    faits = [un_rendez_vous("propose", datetime(2023, 6, 1, tzinfo=UTC))]
    comptes = rendez_vous.bilan(faits, Annee(2023), MAINTENANT).comptes
    assert (comptes["a_venir"], comptes["a_preciser"], comptes["proposes"]) == (1, 0, 0)


def test_cancelled_by_the_service_is_left_out_unless_the_convention_counts_it() -> None:
    faits = [un_rendez_vous("honore"), un_rendez_vous("annule_service")]
    sans = rendez_vous.bilan(faits, Annee(2022), MAINTENANT)
    avec = rendez_vous.bilan(faits, Annee(2022), MAINTENANT, annules_comptes=True)
    assert sans.comptes["proposes"] == 1
    assert sans.taux("taux_presence", 0) == "100\u202f%"
    assert avec.comptes["proposes"] == 2
    assert avec.taux("taux_presence", 0) == "50\u202f%"


def test_the_published_rates_come_out() -> None:
    faits = [un_rendez_vous()] * 372 + [un_rendez_vous("absence_excusee")] * 141
    bilan = rendez_vous.bilan(faits, Annee(2022), MAINTENANT)
    assert bilan.comptes["proposes"] == 513
    assert bilan.taux("taux_presence", 1) == "72,5\u202f%"


def test_an_unknown_status_is_an_error_and_not_a_silent_omission() -> None:
    with pytest.raises(KeyError):
        rendez_vous.cas(un_rendez_vous("perdu"), MAINTENANT)


@given(
    st.lists(
        st.builds(
            RendezVous,
            st.sampled_from(STATUTS),
            st.integers(-40 * 24, 700 * 24).map(lambda h: datetime(2022, 1, 1, tzinfo=UTC) + timedelta(hours=h)),
        )
    )
)
def test_every_appointment_of_the_year_is_in_exactly_one_case(faits: list[RendezVous]) -> None:
    annee = Annee(2022)
    de_lannee = [f for f in faits if annee.debut <= f.debut < annee.fin]
    comptes = rendez_vous.bilan(faits, annee, MAINTENANT).comptes
    assert sum(comptes[c] for c in rendez_vous.CAS) == len(de_lannee)
    assert comptes["proposes"] == comptes["realise"] + comptes["absences"]
    assert comptes["absences"] == comptes["absence_excusee"] + comptes["absence_non_excusee"]


@pytest.mark.parametrize("numero", [1989, 2101, 0, -1])
def test_a_year_out_of_bounds_is_refused(numero: int) -> None:
    with pytest.raises(ValueError, match="année"):
        Annee(numero)
