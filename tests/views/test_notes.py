"""Les notes personnelles d'un dossier qui change de main, par Flask : à leur auteur, puis au chef de service."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.base import db
from app.models import NotePersonnelle
from sync.acces import donner, retirer
from tests.bases import ecrire
from tests.views.faits import Cas, dans, un_cas
from tests.views.test_desaccords import formulaire, texte

SECRET = "Préfère qu’on lui écrive."


@pytest.fixture
def cas(app, equipes) -> Cas:
    cas = un_cas(app, equipes[0])
    cas.faire("modifier_entretien", cas.entretien, {"note_personnelle": SECRET})
    return cas


def quitter(cas: Cas, jours: int) -> None:
    """La conseillère n'a plus le dossier depuis tant de jours."""
    structure, qui = cas.equipe.structure_id, cas.equipe.comptes["conseiller"]
    with cas.app.app_context(), ecrire(db.engine) as session:
        donner(session, structure, [(qui, cas.personne)])
        retirer(session, structure, qui, [cas.personne], dt.datetime.fromisoformat(dans(-jours)))


def identifiants(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(op-[^"]+)" value="([^"]+)"', page))


def test_the_author_finds_the_note_of_a_dossier_that_left_and_hands_it_over(cas, connecte):
    nav = connecte()
    assert "note personnelle" not in texte(nav.get("/").text)
    quitter(cas, 2)
    assert "1 note personnelle à transmettre ou à effacer" in texte(nav.get("/").text)
    page = nav.get("/notes").text
    assert cas.nom in page
    assert SECRET in page
    assert SECRET not in connecte("chef_de_service").get(f"/dossiers/{cas.personne}").text
    champs = identifiants(page)
    assert nav.post("/notes", champs).status_code == 422
    for _ in range(2):
        choisi = nav.post("/notes", {**champs, f"choix-{cas.entretien}": "transmettre"})
    assert choisi.status_code == 422, "il n'y a plus rien à choisir"
    assert "note personnelle" not in texte(nav.get("/").text)
    lu = texte(connecte("chef_de_service").get(f"/dossiers/{cas.personne}").text)
    assert f"Note transmise. {SECRET}" in lu
    histoire = texte(connecte("chef_de_service").get(f"/supervision/historique/{cas.personne}").text)
    assert "Note personnelle transmise" in histoire
    assert SECRET not in histoire


def test_after_thirty_days_the_head_of_service_chooses(cas, connecte):
    chef, adresse = connecte("chef_de_service"), "/equipe/notes"
    quitter(cas, 29)
    assert SECRET not in chef.get(adresse).text
    assert "sans choix" not in chef.get("/").text
    quitter(cas, 31)
    assert "1 note personnelle sans choix" in texte(chef.get("/").text)
    page = chef.get(adresse).text
    assert "Camille Fictive-cons" in texte(page)
    assert chef.post(adresse, identifiants(page)).status_code == 422
    fait = chef.post(adresse, {**identifiants(page), f"choix-{cas.entretien}": "effacer"})
    assert (fait.status_code, fait.headers["Location"]) == (303, adresse)
    assert cas.dossier()["entretiens"][0]["note_personnelle"] is None
    assert "Rien à choisir" in chef.get(adresse).text


def test_the_head_of_service_reads_it_only_by_leaving_a_trace(cas, connecte):
    chef, adresse = connecte("chef_de_service"), "/equipe/notes"
    lire, historique = f"{adresse}/{cas.entretien}/lire", f"/supervision/historique/{cas.personne}"
    quitter(cas, 29)
    page = chef.get(adresse).text
    assert chef.post(lire, formulaire(chef.get("/equipe").text, "/deconnexion")).status_code == 404
    quitter(cas, 31)
    page = chef.get(adresse).text
    assert SECRET not in page
    assert "Note personnelle lue" not in texte(chef.get(historique).text)
    for _ in range(2):
        lue = chef.post(lire, formulaire(page, lire))
        assert (lue.status_code, lue.headers["Location"]) == (303, f"{adresse}#note-{cas.entretien}")
    page = chef.get(adresse).text
    assert SECRET in page
    assert lire not in page
    histoire = texte(chef.get(historique).text)
    assert histoire.count("Note personnelle lue") == 1
    assert SECRET not in histoire
    with cas.app.app_context(), ecrire(db.engine) as session:
        note = session.get_one(NotePersonnelle, (cas.equipe.structure_id, cas.entretien))
        note.texte, note.modifiee_le = "Autre chose.", dt.datetime.fromisoformat(dans(1))
    assert "Autre chose." not in chef.get(adresse).text, "ce que son auteur récrit n'a pas été lu"


def test_closing_an_account_says_the_notes_it_leaves(cas, equipes, connecte):
    admin, qui = connecte("administrateur"), equipes[0].comptes["conseiller"]
    fermer = f"/administration/utilisateurs/{qui}/desactiver"
    assert admin.post(fermer, formulaire(admin.get("/administration").text, fermer)).status_code == 303
    dit = texte(admin.get("/administration").text)
    assert "1 note personnelle attend encore son choix. Passé trente jours, le chef de service choisira." in dit
    assert "/equipe/notes" not in dit
    autre = f"/administration/utilisateurs/{equipes[0].comptes['maraude']}/desactiver"
    admin.post(autre, formulaire(admin.get("/administration").text, autre))
    assert "attend encore" not in texte(admin.get("/administration").text)


def test_nobody_else_has_these_pages(cas, connecte):
    quitter(cas, 31)
    for role in ("secretariat", "administrateur"):
        assert connecte(role).get("/notes").status_code == 403
    for role in ("conseiller", "secretariat", "administrateur"):
        assert connecte(role).get("/equipe/notes").status_code == 403
    assert SECRET not in connecte("maraude").get("/notes").text
