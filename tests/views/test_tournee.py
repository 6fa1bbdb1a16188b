"""Tournée : la journée lieu par lieu, sa clôture, et qui arrive sans rendez-vous."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from uuid6 import uuid7

from app.base import db
from app.domain.dates import instant, jour_paris
from app.models import Lieu
from tests.bases import ecrire
from tests.views.faits import dans, un_cas

CLOSE = "La journée est close\u202f: chaque rendez-vous a son issue"


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def _lieu(cas, **champs) -> str:
    identifiant = str(uuid7())
    with cas.app.app_context(), ecrire(db.engine) as session:
        session.add(Lieu(structure_id=cas.equipe.structure_id, id=identifiant, nom="CMS Toul", **champs))
    return identifiant


def test_the_round_shows_the_day_asked_for_and_leads_to_its_neighbours(cas, connecte):
    conseillere, veille = connecte("conseiller"), jour_paris(dans(-1))
    page = conseillere.get(f"/tournee?jour={veille}").text
    assert "CMS Toul" in page
    assert "Awa Zinsou-Fictive" in page
    assert f"/tournee/cloture?jour={veille}" in page
    assert "Awa Zinsou-Fictive" not in conseillere.get("/tournee").text


def test_a_day_is_closed_once_every_appointment_has_its_outcome_and_never_before(cas, connecte):
    conseillere, veille = connecte("conseiller"), jour_paris(dans(-1))
    adresse = f"/tournee/cloture?jour={veille}"
    page = conseillere.get(adresse).text
    assert CLOSE not in page
    constat = page[page.index(f"/rendez-vous/{cas.passe}/constat") :]
    champs = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', constat))
    reponse = conseillere.post(f"/rendez-vous/{cas.passe}/constat", champs | {"statut": "absence_excusee"})
    assert reponse.headers["Location"] == adresse
    assert CLOSE in conseillere.get(adresse).text


def test_a_visitor_without_appointment_is_noted_at_the_place_she_came_to(cas, connecte):
    conseillere, lieu = connecte("conseiller"), _lieu(cas)
    cas.faire(
        "proposer_rendez_vous",
        str(uuid7()),
        {"mesure_id": cas.mesure, "debut": instant(dt.datetime.now(dt.UTC)), "duree": 45, "lieu": "CMS Toul"},
    )
    assert f"/entretiens/nouveau?lieu={lieu}" in conseillere.get("/tournee").text
    choix = conseillere.get(f"/entretiens/nouveau?lieu={lieu}").text
    suite = f"/entretiens/nouveau?dossier={cas.personne}&amp;lieu={lieu}"
    assert suite in choix
    formulaire = conseillere.get(suite.replace("&amp;", "&")).text
    assert 'name="lieu" value="CMS Toul" checked' in formulaire
    assert conseillere.get("/entretiens/nouveau?lieu=CMS").status_code == 404


def test_who_writes_no_contact_is_offered_none_on_the_round(cas, connecte):
    assert "/entretiens/" not in connecte("secretariat").get("/tournee").text


def test_a_day_without_its_room_is_moved_in_one_gesture_and_each_is_told(cas, connecte):
    conseillere, lieu, jour = connecte("conseiller"), _lieu(cas), jour_paris(dans(8))
    autre = str(uuid7())
    champs = {"mesure_id": cas.mesure, "debut": dans(8, 14), "duree": 45, "lieu": "CMS Toul"}
    cas.faire("proposer_rendez_vous", autre, champs)
    adresse = f"/tournee/salle?jour={jour}&lieu={lieu}"
    assert adresse.replace("&", "&amp;") in conseillere.get(f"/tournee?jour={jour}").text
    page = conseillere.get(adresse).text
    deplaces = re.findall(r'name="deplace" value="([^"]+)"', page)
    assert [ligne.split(" ")[0] for ligne in deplaces] == [cas.futur, autre]

    refus = conseillere.post(adresse, {"date": jour, "lieu": "CMS Toul", "deplace": deplaces})
    assert refus.status_code == 422
    assert "Rien ne change" in refus.text
    assert re.findall(r'name="deplace" value="([^"]+)"', refus.text) == deplaces

    nouveau = {"date": jour_paris(dans(9)), "lieu": "", "lieu_autre": "Salle du Modèle", "deplace": deplaces}
    for _ in range(2):
        fait = conseillere.post(adresse, nouveau)
    assert fait.status_code == 303
    suite = conseillere.get(f"/tournee/prevenir?r={cas.futur}&r={autre}").text
    assert "sans numéro, à prévenir autrement" in suite
    rendez_vous = {r["id"]: r for r in cas.dossier()["rendez_vous"]}
    assert {rendez_vous[i]["lieu"] for i in (cas.futur, autre)} == {"Salle du Modèle"}
    assert [rendez_vous[i]["debut"] for i in (cas.futur, autre)] == [dans(9), dans(9, 14)]
