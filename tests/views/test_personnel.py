"""Le personnel : fonction, temps de travail daté, diplôme, validation du financeur ; au chef de service seul."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from app.base import db
from app.models import Agent, TempsDeTravail
from tests.views.faits import avec_convention, dans, un_id

FICHE = {
    "prenom": "Lou",
    "nom": "Fictive-Paie",
    "fonction": "Conseillère",
    "diplome": "DEASS",
    "valide_le": "2025-09-01",
}


@pytest.fixture
def chef(app, equipes, connecte):
    avec_convention(app, equipes[0])
    return connecte("chef_de_service")


def ajouter(chef, **champs: str) -> str:
    identifiant = un_id()
    reponse = chef.post("/equipe/personnel/nouveau", {"id": identifiant, **FICHE, **champs})
    assert reponse.headers["Location"] == f"/equipe/personnel/{identifiant}", reponse.text
    return identifiant


def dater(chef, qui: str, jours: int, etp: str, convention: str = "DSP-TDL"):
    champs = {"convention": convention, "jour": dans(jours)[:10], "etp": etp}
    return chef.post(f"/equipe/personnel/{qui}/temps", champs)


def test_someone_is_added_once_with_what_the_funder_asks(app, chef):
    qui = ajouter(chef)
    assert chef.post("/equipe/personnel/nouveau", {"id": qui, **FICHE}).status_code == 303
    page = chef.get("/equipe/personnel").text
    for dit in ("Lou Fictive-Paie", "Conseillère", "DEASS", "le 01/09/2025"):
        assert dit in page
    chef.post(f"/equipe/personnel/{qui}", {**FICHE, "fonction": "Coordinatrice", "valide_le": ""})
    page = chef.get("/equipe/personnel").text
    assert "Coordinatrice" in page
    assert "à valider" in page
    with app.app_context():
        assert db.session.query(Agent).count() == 1


def test_working_time_is_dated_and_the_past_keeps_what_it_was(app, chef):
    qui = ajouter(chef)
    for jours, etp in ((-200, "0,8"), (-10, "1"), (40, "0,5"), (80, "0")):
        assert dater(chef, qui, jours, etp).status_code == 303
    assert dater(chef, qui, -10, "0.6").status_code == 303
    assert dater(chef, qui, -10, "0,2", "").status_code == 303
    with app.app_context():
        assert sorted(t.etp for t in db.session.query(TempsDeTravail)) == [
            *map(Decimal, ("0", "0.2", "0.5", "0.6", "0.8"))
        ]
    page = chef.get("/equipe/personnel").text
    assert "0,8\u202fETP" in page  # 0,6 et 0,2 aujourd’hui
    assert re.search(r"Hors convention 0,2\u202fETP · [^<]+ 0,6\u202fETP", page)
    assert "n’y est plus" in chef.get(f"/equipe/personnel/{qui}").text
    assert re.search(r'"Temps de suivi">0,6\u202fETP', chef.get("/equipe/charge").text)
    # Partie, son temps ne compte plus.
    chef.post(f"/equipe/personnel/{qui}", {**FICHE, "parti_le": dans(-1)[:10]})
    assert "0,6\u202fETP" not in chef.get("/equipe/charge").text


@pytest.mark.parametrize("etp", ["", "2", "-0,5", "nan", "0,333", "beaucoup"])
def test_a_time_that_is_not_one_is_asked_again(chef, etp):
    qui = ajouter(chef)
    reponse = dater(chef, qui, 0, etp)
    assert (reponse.status_code, "Un nombre de 0 à 1, comme 0,8." in reponse.text) == (422, True)


def test_an_incomplete_sheet_comes_back_as_it_was_typed(app, equipes, chef):
    reponse = chef.post("/equipe/personnel/nouveau", {"id": un_id(), "prenom": "Lou", "valide_le": "31/02/2025"})
    assert reponse.status_code == 422
    for message in ("Écrivez le nom.", "Écrivez la fonction", "Cette date n’existe pas au calendrier."):
        assert message in reponse.text
    # Un compte donne son nom, et n’est porté que par une fiche.
    compte = equipes[0].comptes["conseiller"]
    ajouter(chef, prenom="", nom="", utilisateur_id=compte)
    assert "Camille Fictive-cons" in chef.get("/equipe/personnel").text
    assert f'value="{compte}"' not in chef.get("/equipe/personnel/nouveau").text
    etrangere = equipes[1].comptes["conseiller"]
    refus = chef.post("/equipe/personnel/nouveau", {"id": un_id(), **FICHE, "utilisateur_id": etrangere})
    assert refus.status_code == 422


def test_nobody_else_reads_or_writes_it(chef, connecte):
    qui = ajouter(chef)
    for role in ("conseiller", "secretariat", "administrateur"):
        nav = connecte(role)
        assert nav.get("/equipe/personnel").status_code == 403
        assert nav.get(f"/equipe/personnel/{qui}").status_code == 404
        assert nav.post(f"/equipe/personnel/{qui}/temps", {"etp": "1"}).status_code == 404
    ailleurs = connecte("chef_de_service", 1)
    assert ailleurs.get(f"/equipe/personnel/{qui}").status_code == 404
    assert "Lou" not in ailleurs.get("/equipe/personnel").text
