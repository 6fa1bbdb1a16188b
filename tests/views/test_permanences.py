"""Les permanences : qui les tient, et les créneaux libres qu'un rendez-vous propose."""

from __future__ import annotations

import re

import pytest

from app.base import db
from app.domain.dates import instant_de, jour_de_semaine
from app.domain.jours_ouvres import ouvre_au_plus_tot
from app.models import Lieu
from sync.reference import reference
from tests.bases import ecrire
from tests.jours import dans_jours
from tests.views.faits import un_cas, un_id

LIEU = "CMS Toul"


@pytest.fixture
def cas(app, equipes):
    cas = un_cas(app, equipes[0])
    cas.lieu = un_id()
    with app.app_context(), ecrire(db.engine) as session:
        session.add(Lieu(structure_id=cas.equipe.structure_id, id=cas.lieu, nom=LIEU))
    return cas


def _jour(jours: int = 3) -> str:
    return ouvre_au_plus_tot(dans_jours(jours))


def _champs(cas, **autres: str) -> dict[str, str]:
    jour = _jour()
    connus = {"id": un_id(), "lieu": cas.lieu, "jour": str(jour_de_semaine(jour)), "semaines": "1", "de": "09:00"}
    return connus | {"a": "10:30", "pas": "45", "du": jour, "au": jour} | autres


def _recues(cas, role: str = "conseiller") -> list[dict[str, object]]:
    with cas.app.app_context():
        return reference(db.session(), cas.acteur(role)).get("permanences", [])


def _creneaux(page: str) -> list[str]:
    return re.findall(r'name="creneau" value="([^"]+)"', page)


def test_a_counsellor_keeps_her_own_and_the_free_slots_are_offered(cas, connecte):
    conseillere, formulaire = connecte("conseiller"), f"/rendez-vous/nouveau?dossier={cas.personne}"
    assert _creneaux(conseillere.get(formulaire).text) == []
    assert conseillere.post("/permanences/nouvelle", _champs(cas)).status_code == 303
    assert [p["lieu"] for p in _recues(cas)] == [cas.lieu]
    assert _recues(cas, "maraude") == []
    assert _creneaux(conseillere.get(formulaire).text) == [f"{_jour()} 09:00", f"{_jour()} 09:45"]
    champs = {"mesure_id": cas.mesure, "debut": instant_de(_jour(), "09:00"), "duree": 45, "lieu": LIEU}
    cas.faire("proposer_rendez_vous", un_id(), champs)
    assert _creneaux(conseillere.get(formulaire).text) == [f"{_jour()} 09:45"]


def test_the_office_keeps_everyone_s_and_a_counsellor_never_another_s(cas, connecte):
    secretariat, elle = connecte("secretariat"), cas.equipe.comptes["conseiller"]
    identifiant = un_id()
    for _ in range(2):
        champs = _champs(cas, id=identifiant, utilisateur=elle)
        assert secretariat.post("/permanences/nouvelle", champs).status_code == 303
    assert len(_recues(cas)) == 1
    assert LIEU in secretariat.get("/permanences").text
    autre = connecte("maraude")
    assert autre.get(f"/permanences/{identifiant}").status_code == 404
    assert autre.post(f"/permanences/{identifiant}/retirer", {}).status_code == 404
    assert autre.post("/permanences/nouvelle", _champs(cas, id=identifiant)).status_code == 400
    autre.post("/permanences/nouvelle", _champs(cas, utilisateur=elle))
    assert len(_recues(cas)) == 1
    assert len(_recues(cas, "maraude")) == 1


def test_a_permanence_is_corrected_then_withdrawn(cas, connecte):
    conseillere, champs = connecte("conseiller"), _champs(cas)
    conseillere.post("/permanences/nouvelle", champs)
    adresse = f"/permanences/{champs['id']}"
    assert 'value="09:00"' in conseillere.get(adresse).text
    assert conseillere.post(adresse, champs | {"de": "14:00", "a": "15:30", "semaines": "2"}).status_code == 303
    (recue,) = _recues(cas)
    assert (recue["de"], recue["a"], recue["semaines"]) == ("14:00", "15:30", 2)
    conseillere.post(f"{adresse}/retirer", {})
    assert _recues(cas) == []


@pytest.mark.parametrize(
    ("tape", "message"),
    [
        ({"a": "09:30"}, "La plage est plus courte qu’un créneau."),
        ({"au": "2020-01-01"}, "Le dernier jour vient avant le premier."),
        ({"lieu": "ailleurs"}, "Choisissez un lieu."),
        ({"jour": "7"}, "Choisissez le jour."),
        ({"pas": "7"}, "Choisissez la durée d’un créneau."),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(cas, connecte, tape, message):
    reponse = connecte("conseiller").post("/permanences/nouvelle", _champs(cas, **tape))
    assert reponse.status_code == 422
    assert message in reponse.text
    assert _recues(cas) == []
