"""Préparer de nouveau un téléphone : le mot de passe d'abord, le même appareil ensuite, et jamais celui d'un autre."""

from __future__ import annotations

import datetime as dt

import time_machine

from app.base import db
from app.models import Appareil
from tests.views.conftest import ADRESSE, en_tetes

TELEPHONE = "01930000-0000-7000-8000-0000000000d1"
DEBUT = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)


def enroler(nav, identifiant=TELEPHONE):
    return nav.client.post(
        "/appareils",
        json={"id": identifiant, "nom": "Téléphone prêté"},
        base_url=ADRESSE,
        headers={**en_tetes(), "X-CSRFToken": nav.jeton(), "Accept": "application/json"},
    )


def test_a_phone_found_locked_is_not_prepared_again_without_the_password(equipes, navigateur):
    nav = navigateur()
    with time_machine.travel(DEBUT, tick=False) as horloge:
        nav.entrer(equipes[0].courriel("conseiller"))
        assert enroler(nav).status_code == 200
        horloge.move_to(DEBUT + dt.timedelta(hours=2))
        refus = enroler(nav)
        assert (refus.status_code, refus.json["erreur"]) == (401, "mot_de_passe")
        assert enroler(nav, "01930000-0000-7000-8000-0000000000d2").status_code == 401, "ni sous un autre identifiant"
        assert "redonnez d’abord votre mot de passe" in nav.get("/installer").text

        retour = nav.post("/installer/reconnexion")
        assert retour.headers["Location"] == "/connexion?suite=/installer/remplacer"
        nav.entrer(equipes[0].courriel("conseiller"))
        page = nav.get("/installer/remplacer").text
        assert 'data-appareil="' + TELEPHONE in page
        assert 'value="Téléphone prêté"' in page
        assert enroler(nav).status_code == 200


def test_an_ordinary_desk_prepares_without_giving_the_password_twice(equipes, navigateur):
    nav = navigateur()
    with time_machine.travel(DEBUT, tick=False) as horloge:
        nav.entrer(equipes[0].courriel("conseiller"))
        horloge.move_to(DEBUT + dt.timedelta(hours=1))
        assert enroler(nav).status_code == 200


def test_logging_in_on_a_colleague_s_phone_asks_what_to_do_with_it_and_names_nobody(equipes, navigateur):
    nav = navigateur()
    nav.entrer(equipes[0].courriel("conseiller"))
    enroler(nav)
    nav.post("/deconnexion")
    entree = nav.entrer(equipes[0].courriel("chef_de_service"))
    assert entree.headers["Location"] == "/installer/remplacer"
    page = nav.get("/installer/remplacer").text
    assert TELEPHONE not in page
    assert "Téléphone prêté" not in page


def test_a_browser_that_wants_no_notebook_any_more_becomes_an_ordinary_desk(app, equipes, navigateur):
    nav = navigateur()
    nav.entrer(equipes[0].courriel("conseiller"))
    enroler(nav)
    assert "data-carnet-attendu" in nav.get("/").text
    assert nav.post("/appareils/oublier").status_code == 303
    assert nav.client.get_cookie("__Host-appareil", domain="localhost") is None
    assert "data-carnet-attendu" not in nav.get("/").text
    with app.app_context():
        assert db.session.get(Appareil, (equipes[0].structure_id, TELEPHONE)).revoque_le is None


def test_an_account_without_a_notebook_prepares_no_device(app, equipes, navigateur):
    nav = navigateur()
    nav.entrer(equipes[0].courriel("administrateur"))
    assert enroler(nav).status_code == 403
    with app.app_context():
        assert db.session().get(Appareil, (equipes[0].structure_id, TELEPHONE)) is None
