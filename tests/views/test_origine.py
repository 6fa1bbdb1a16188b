"""Ce qui vient d'un autre site n'entre pas, ce qui vient sans jeton non plus."""

from __future__ import annotations

import pytest

from app.securite.permissions import ROLES
from app.securite.portier import _TYPE_DE_MEDIA
from tests.views.conftest import en_tetes
from tests.views.parcours import adresses


def _formulaires(app):
    for adresse in adresses(app):
        if adresse.methode == "POST" and not getattr(app.view_functions[adresse.endpoint], _TYPE_DE_MEDIA, None):
            yield adresse


@pytest.mark.parametrize("role", ROLES)
def test_no_form_is_accepted_without_its_token(app, connecte, role):
    nav = connecte(role)
    for adresse in _formulaires(app):
        if adresse.endpoint == "connexion.sortir":
            continue
        statut = nav.client.post(adresse.chemin, data={"a": "b"}, base_url="https://localhost", headers=en_tetes())
        assert statut.status_code in (400, 403, 404), (adresse, statut.status_code)


def test_logging_out_needs_the_token_too(connecte):
    nav = connecte()
    assert nav.client.post("/deconnexion", base_url="https://localhost", headers=en_tetes()).status_code == 400
    assert nav.get("/appareils").status_code == 200


@pytest.mark.parametrize(
    "entetes",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://ailleurs.exemple"},
        {"Origin": "https://localhost:444"},
        {"Origin": "null"},
    ],
)
def test_a_request_from_elsewhere_is_refused_even_with_the_token(app, connecte, entetes):
    nav = connecte()
    jeton = nav.jeton()
    for adresse in adresses(app):
        if adresse.methode != "POST":
            continue
        reponse = nav.client.post(
            adresse.chemin,
            data={"csrf_token": jeton},
            base_url="https://localhost",
            headers={"Referer": "https://localhost/", **entetes},
        )
        assert reponse.status_code == 403, (adresse, reponse.status_code)
    assert nav.get("/appareils").status_code == 200


def test_a_token_of_another_session_is_refused(connecte):
    autre = connecte("chef_de_service").jeton()
    nav = connecte()
    reponse = nav.client.post(
        "/deconnexion", data={"csrf_token": autre}, base_url="https://localhost", headers=en_tetes()
    )
    assert reponse.status_code == 400
    assert nav.get("/appareils").status_code == 200


def test_the_token_outlives_an_afternoon_without_network(connecte):
    import datetime as dt

    import time_machine

    nav = connecte()
    jeton = nav.jeton()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=110)):
        reponse = nav.client.post(
            "/deconnexion", data={"csrf_token": jeton}, base_url="https://localhost", headers=en_tetes()
        )
    assert reponse.status_code == 303
