"""Une session ouverte depuis longtemps ne suffit pas à emporter un fichier : le mot de passe se redonne."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.base import db, ecrire
from app.models import EvenementRapport, SessionWeb
from tests.jours import aujourdhui
from tests.views.conftest import MOT_DE_PASSE
from tests.views.faits import un_cas, un_id

pytestmark = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)

SORTIR = "/rapports/DSP-TDL/2022/sortir"
CONFIRMER = "/compte/confirmer"
DEMANDE = {"format": "csv", "motif": "dialogue", "precision": "Comité de mars"}


@pytest.fixture
def chef(app, equipes, connecte):
    un_cas(app, equipes[0])
    return connecte("chef_de_service")


def vieillir(app, minutes: int) -> None:
    """Comme si tout ce que retiennent les sessions datait d'autant."""
    avant = dt.timedelta(minutes=minutes)
    with app.app_context(), ecrire(db.engine) as session:
        for ouverte in session.scalars(select(SessionWeb)):
            ouverte.cree_le -= avant
            donne = ouverte.donnees.get("mot_de_passe_le")
            if donne:
                plus_tot = dt.datetime.fromisoformat(donne) - avant
                ouverte.donnees = ouverte.donnees | {"mot_de_passe_le": plus_tot.isoformat()}


def sortis(app) -> int:
    with app.app_context():
        return len(list(db.session.scalars(select(EvenementRapport))))


def test_a_file_leaves_once_the_password_is_given_again_and_for_ten_minutes(app, chef):
    assert 'name="mot_de_passe"' not in chef.get(SORTIR).text
    vieillir(app, 11)
    assert 'name="mot_de_passe"' in chef.get(SORTIR).text
    for propose, dit in (("", "Tapez votre mot de passe."), ("pas le bon mot", "Ce n’est pas votre mot de passe.")):
        refus = chef.post(SORTIR, {**DEMANDE, "masquer": "oui", "mot_de_passe": propose})
        assert refus.status_code == 422
        assert re.search(rf'id="erreur-mot_de_passe">[^\n]*{dit}', refus.text)
        assert 'value="Comité de mars"' in refus.text
        for nom, valeur in (("format", "csv"), ("motif", "dialogue"), ("masquer", "oui")):
            assert re.search(rf'name="{nom}" value="{valeur}" checked', refus.text)
        assert "pas le bon mot" not in refus.text
    assert sortis(app) == 0
    assert chef.post(SORTIR, {**DEMANDE, "mot_de_passe": MOT_DE_PASSE}).status_code == 200
    vieillir(app, 9)
    assert chef.post(SORTIR, DEMANDE).status_code == 200
    vieillir(app, 2)
    assert chef.post(SORTIR, DEMANDE).status_code == 422
    assert sortis(app) == 2


def test_a_right_password_is_not_asked_twice_because_the_reason_was_missing(app, chef):
    vieillir(app, 11)
    refus = chef.post(SORTIR, {"format": "csv", "mot_de_passe": MOT_DE_PASSE})
    assert "Dites pourquoi ce fichier sort." in refus.text
    assert 'name="mot_de_passe"' not in refus.text
    assert chef.post(SORTIR, DEMANDE).status_code == 200


def test_it_is_not_guessed_faster_than_at_the_door(app, chef):
    vieillir(app, 11)
    statuts = [chef.post(SORTIR, {**DEMANDE, "mot_de_passe": "pas le bon"}).status_code for _ in range(6)]
    assert statuts == [422] * 5 + [429]
    freine = chef.post(CONFIRMER, {"suite": "/", "mot_de_passe": MOT_DE_PASSE})
    assert freine.status_code == 429
    assert int(freine.headers["Retry-After"]) > 0
    assert "Trop d’essais à la suite." in freine.text
    # Le même compteur que pour le changer.
    champs = {"actuel": MOT_DE_PASSE, "nouveau": "un autre secret bien long", "encore": "un autre secret bien long"}
    assert chef.post("/compte/mot-de-passe", champs).status_code == 429
    assert sortis(app) == 0


def test_the_nominative_list_of_the_fund_asks_for_it_too(app, chef):
    fse = f"/rapports/DSP-TDL/{aujourdhui().year}/fse"
    vieillir(app, 11)
    refus = chef.post(fse, {"motif": "financeur", "mot_de_passe": "pas le bon"})
    assert (refus.status_code, "Ce n’est pas votre mot de passe." in refus.text) == (422, True)
    assert sortis(app) == 0
    assert chef.post(fse, {"motif": "financeur", "mot_de_passe": MOT_DE_PASSE}).status_code == 200


def test_a_sheet_that_names_leads_to_the_password_then_to_its_page(app, chef):
    comite = f"/reunions/comites/{un_id()}"
    bailleur, point = "/reunions/logement/inconnu", "/reunions/point/imprimer"
    gardees = (f"{comite}/imprimer", f"{comite}/decisions", f"{comite}/decisions.pdf", f"{bailleur}/imprimer", point)
    vieillir(app, 11)
    for chemin in (*gardees, f"{bailleur}.pdf", f"{point}.pdf?mois=2026-03"):
        reponse = chef.get(chemin)
        assert reponse.status_code == 303, chemin
        suite = chemin.replace(".pdf", "").replace("?", "%3F").replace("=", "%3D")
        assert reponse.headers["Location"] == f"{CONFIRMER}?suite={suite}"
    page = chef.get(f"{CONFIRMER}?suite={point}").text
    assert f'name="suite" value="{point}"' in page
    assert chef.post(CONFIRMER, {"suite": point, "mot_de_passe": "pas le bon"}).status_code == 422
    confirme = chef.post(CONFIRMER, {"suite": point, "mot_de_passe": MOT_DE_PASSE})
    assert (confirme.status_code, confirme.headers["Location"]) == (303, point)
    assert chef.get(point).status_code == 200
    assert 'name="suite" value="/"' in chef.get(f"{CONFIRMER}?suite=//exemple.test").text
