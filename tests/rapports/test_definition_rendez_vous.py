"""La définition des rendez-vous : un cas et un seul, et la même règle pour compter et pour ouvrir la liste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.indicateurs import arrondi, rendez_vous

STATUTS = ("propose", "honore", "absence_excusee", "absence_non_excusee", "annule_service")
PASSE, A_VENIR = True, False

rendez_vous_quelconques = st.dictionaries(st.tuples(st.sampled_from(STATUTS), st.booleans()), st.integers(0, 2000))


def test_an_unsettled_past_appointment_is_shown_beside_and_not_counted() -> None:
    comptes = rendez_vous.bilan({("propose", PASSE): 1, ("honore", PASSE): 1}).comptes
    assert (comptes["a_preciser"], comptes["proposes"]) == (1, 1)


def test_a_future_appointment_is_neither_proposed_nor_to_settle() -> None:
    comptes = rendez_vous.bilan({("propose", A_VENIR): 1}).comptes
    assert (comptes["a_venir"], comptes["a_preciser"], comptes["proposes"]) == (1, 0, 0)


def test_cancelled_by_the_service_is_left_out_unless_the_convention_counts_it() -> None:
    faits = {("honore", PASSE): 1, ("annule_service", PASSE): 1}
    sans, avec = rendez_vous.bilan(faits), rendez_vous.bilan(faits, annules_comptes=True)
    assert sans.comptes["proposes"] == 1
    assert sans.exact("taux_presence") == 100
    assert avec.comptes["proposes"] == 2
    assert avec.exact("taux_presence") == 50
    # L'absence est ce qui n'a pas été réalisé : les deux taux font cent, qu'on les compte ou non.
    assert (sans.exact("taux_absence"), avec.exact("taux_absence")) == (0, 50)


def test_the_published_rates_come_out() -> None:
    bilan = rendez_vous.bilan({("honore", PASSE): 372, ("absence_excusee", PASSE): 141})
    assert bilan.comptes["proposes"] == 513
    assert arrondi.decimal(bilan.exact("taux_presence"), 1) == "72,5"


def test_an_unknown_status_is_an_error_and_not_a_silent_omission() -> None:
    with pytest.raises(KeyError):
        rendez_vous.cas(("perdu", PASSE))


@given(rendez_vous_quelconques)
def test_every_appointment_is_in_exactly_one_case(faits: dict[rendez_vous.Etat, int]) -> None:
    comptes = rendez_vous.bilan(faits).comptes
    assert sum(comptes[c] for c in rendez_vous.CAS) == sum(faits.values())
    assert comptes["proposes"] == comptes["realise"] + comptes["absences"]
    assert comptes["absences"] == comptes["absence_excusee"] + comptes["absence_non_excusee"]


@given(rendez_vous_quelconques, st.booleans())
def test_presence_and_absence_are_all_that_was_proposed(faits: dict[rendez_vous.Etat, int], annules: bool) -> None:
    bilan = rendez_vous.bilan(faits, annules)
    presence, absence = bilan.exact("taux_presence"), bilan.exact("taux_absence")
    assert (presence is None) == (absence is None)
    assert presence is None or absence is None or presence + absence == 100


@given(rendez_vous_quelconques, st.booleans())
def test_the_list_behind_a_count_holds_what_was_counted(faits: dict[rendez_vous.Etat, int], annules: bool) -> None:
    comptes = rendez_vous.bilan(faits, annules).comptes
    for code, nombre in comptes.items():
        assert sum(faits.get(etat, 0) for etat in rendez_vous.etats(code, annules)) == nombre
