"""Les lieux où l'on reçoit : qui les tient, ce qu'en reçoit le téléphone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.base import db
from app.domain.francais import SEMAINE
from app.models import Lieu
from sync.reference import reference
from tests.bases import lire
from tests.views.faits import un_cas, un_id

TOUL = {
    "nom": "CMS Toul",
    "commune": "Toul",
    "adresse": "2, rue du Modèle",
    "lundi": "9h – 12h",
    "mardi": "9 h – 12 h",
    "preteur": "Mme Accueil-Inventée",
    "preteur_telephone": "06 39 98 00 14",
}


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def _recus(cas) -> list[dict[str, Any]]:
    with cas.app.app_context():
        lieux: list[dict[str, Any]] = reference(db.session(), cas.acteur())["lieux"]
        return lieux


def _ajouter(nav, **champs: str):
    return nav.post("/lieux/nouveau", {"id": un_id(), **TOUL, **champs})


@pytest.mark.parametrize("role", ["chef_de_service", "secretariat"])
def test_a_place_is_written_at_the_desk_and_reaches_the_phones(cas, connecte, role):
    nav = connecte(role)
    assert _ajouter(nav).status_code == 303
    (lieu,) = _recus(cas)
    assert lieu == {
        "id": lieu["id"],
        "nom": "CMS Toul",
        "commune": "Toul",
        "adresse": "2, rue du Modèle",
        "horaires": ["9\u00a0h – 12\u00a0h", "9\u00a0h – 12\u00a0h", "", "", "", "", ""],
        "preteur": "Mme Accueil-Inventée",
        "preteur_telephone": "0639980014",
    }
    assert "du lundi au mardi 9\u00a0h – 12\u00a0h" in nav.get("/lieux").text


def test_what_is_not_known_of_a_place_does_not_travel(cas, connecte):
    _ajouter(connecte("secretariat"), **dict.fromkeys([*SEMAINE, "adresse", "preteur", "preteur_telephone"], ""))
    (lieu,) = _recus(cas)
    assert set(lieu) == {"id", "nom", "commune"}


def test_the_form_sent_twice_makes_one_place(cas, connecte):
    nav, identifiant = connecte("chef_de_service"), un_id()
    for _ in range(2):
        assert nav.post("/lieux/nouveau", {"id": identifiant, **TOUL}).status_code == 303
    assert len(_recus(cas)) == 1


def test_two_places_cannot_be_mistaken_and_a_number_must_be_whole(cas, connecte):
    nav = connecte("chef_de_service")
    _ajouter(nav)
    reponse = _ajouter(nav, nom="cms toul", preteur_telephone="06 39")
    assert reponse.status_code == 422
    assert "Un lieu porte déjà ce nom." in reponse.text
    assert "Ce numéro n’est pas complet." in reponse.text
    assert _ajouter(nav, nom=" ").status_code == 422


def test_a_name_written_in_appointments_stays_and_the_place_can_be_withdrawn(cas, connecte):
    nav = connecte("chef_de_service")
    _ajouter(nav)
    adresse = re.search(r'href="(/lieux/[0-9a-f-]{36})"', nav.get("/lieux").text).group(1)
    assert "il ne change plus" in nav.get(adresse).text
    assert nav.post(adresse, TOUL | {"nom": "Autre", "jeudi": "14 h – 17 h"}).status_code == 303
    with cas.app.app_context(), lire(db.engine) as session:
        (lieu,) = session.query(Lieu).all()
        assert (lieu.nom, lieu.horaires[3], lieu.actif) == ("CMS Toul", "14\u00a0h – 17\u00a0h", False)
    assert _recus(cas) == []


def test_a_place_nobody_has_written_down_can_be_renamed(cas, connecte):
    nav = connecte("secretariat")
    _ajouter(nav, nom="Maire annexe")
    adresse = re.search(r'href="(/lieux/[0-9a-f-]{36})"', nav.get("/lieux").text).group(1)
    nav.post(adresse, TOUL | {"nom": "Mairie annexe", "actif": "oui"})
    assert [lieu["nom"] for lieu in _recus(cas)] == ["Mairie annexe"]


def test_a_counsellor_reads_places_and_does_not_write_them(equipes, connecte):
    assert connecte("conseiller").get("/lieux").status_code == 403
