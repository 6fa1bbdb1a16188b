"""Le guichet : chacun entre, attend un peu, ou repart avec un rendez-vous."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from app.affluence import RENDEZ_VOUS_MAX, Guichet


def un_guichet(
    places: int = 2, salle: int = 0, patience: float = 10.0, heure: Callable[[], float] = lambda: 0.0
) -> Guichet:
    return Guichet(places, salle, patience, heure, lambda: 0.0)


def test_as_many_enter_as_there_are_places_and_one_more_when_one_leaves() -> None:
    guichet = un_guichet()
    assert [guichet.entrer(), guichet.entrer()] == [None, None]
    assert guichet.entrer() is not None
    guichet.sortir(0.1)
    assert guichet.entrer() is None


def test_appointments_are_spread_over_the_time_it_takes_to_serve_those_before() -> None:
    guichet = un_guichet(places=1)
    for _ in range(100):
        guichet.entrer()
        guichet.sortir(0.5)
    guichet.entrer()
    rendez_vous = [guichet.entrer() or 0 for _ in range(100)]
    assert rendez_vous == sorted(rendez_vous)
    assert (rendez_vous[0], rendez_vous[-1]) == (1, 51)
    assert max(rendez_vous.count(seconde) for seconde in rendez_vous) <= 3


def test_a_calm_hour_forgets_the_appointments_of_the_rush() -> None:
    heures = [0.0]
    guichet = un_guichet(places=1, heure=lambda: heures[0])
    guichet.entrer()
    assert max(guichet.entrer() or 0 for _ in range(10_000)) == RENDEZ_VOUS_MAX
    heures[0] = 3600.0
    assert guichet.entrer() == 1


def test_who_waits_in_the_room_is_served_when_a_place_is_left() -> None:
    guichet, part = un_guichet(places=1, salle=8), Event()
    faits: list[int] = []

    def venir(rang: int) -> int | None:
        attendre = guichet.entrer()
        if attendre is None:
            part.wait(10)
            faits.append(rang)
            guichet.sortir(0.0)
        return attendre

    with ThreadPoolExecutor(9) as fils:
        venus = [fils.submit(venir, rang) for rang in range(9)]
        part.set()
        assert [venu.result(20) for venu in venus] == [None] * 9
    assert sorted(faits) == list(range(9))


def test_who_waited_too_long_is_given_an_appointment() -> None:
    guichet = un_guichet(places=1, salle=1, patience=0.01)
    guichet.entrer()
    assert guichet.entrer() == 1
    guichet.sortir(0.0)
    assert guichet.entrer() is None
