"""La preuve d'ouverture : un téléphone verrouillé ne montre rien et ne reçoit rien, par aucune adresse."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.views.faits import un_cas, un_id
from tests.views.parcours import adresses
from tests.views.test_echange import echanger, enroler


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


@pytest.fixture
def telephone(cas, connecte):
    nav = connecte()
    nav.appareil = enroler(nav).json["appareil"]
    return nav


def _verrouiller(nav):
    """Ce que fait la page en verrouillant, sans réseau : le cookie disparaît."""
    nav.client.delete_cookie("__Host-ouvert", domain="localhost")


def test_a_locked_device_is_shown_nothing_personal_by_any_address(app, cas, telephone):
    assert telephone.get("/").status_code == 200
    _verrouiller(telephone)
    for adresse in adresses(app, id=cas.personne):
        if adresse.methode != "GET" or adresse.endpoint == "technique.icone":
            continue
        reponse = telephone.get(adresse.chemin)
        assert "Zinsou" not in reponse.text, adresse
    accueil = telephone.get("/dossiers")
    assert accueil.status_code == 303
    assert accueil.headers["Location"] == "/verrou?suite=/dossiers"
    assert "Carnet fermé" in telephone.get("/verrou?suite=/dossiers").text


def test_htmx_is_asked_for_a_real_navigation_so_that_the_worker_sees_it(telephone):
    _verrouiller(telephone)
    reponse = telephone.get("/dossiers", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert (reponse.status_code, reponse.headers["HX-Redirect"]) == (204, "/verrou?suite=/dossiers")


def test_a_form_sent_from_a_locked_device_is_refused_and_changes_nothing(cas, telephone):
    _verrouiller(telephone)
    avant = cas.dossier()
    reponse = telephone.post(f"/rendez-vous/{cas.passe}/constat", {"statut": "honore", "op_id": un_id()})
    assert reponse.status_code == 401
    assert reponse.headers["X-Jalon-Erreur"] == "verrou"
    assert cas.dossier() == avant


def test_the_proof_fades_in_minutes_and_an_exchange_renews_it(telephone):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6), tick=False):
        assert telephone.get("/").status_code == 303
        assert echanger(telephone, telephone.appareil).status_code == 200
        assert telephone.get("/").status_code == 200


def test_the_proof_of_another_person_or_a_forged_one_is_worth_nothing(telephone):
    telephone.client.set_cookie("__Host-ouvert", "WyJ4IiwieSJd.aaaa.bbbb", domain="localhost", secure=True)
    assert telephone.get("/").status_code == 303


def test_the_password_opens_too(equipes, telephone):
    _verrouiller(telephone)
    assert telephone.post("/deconnexion").status_code == 303
    assert telephone.entrer(equipes[0].courriel("conseiller")).status_code == 303
    assert telephone.get("/").status_code == 200
