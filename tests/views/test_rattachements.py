"""Rattacher à un dossier quelqu'un que l'on connaît de la rue : au bureau, comme au téléphone."""

from __future__ import annotations

import re

import pytest
from uuid6 import uuid7

from app.base import ecriture
from app.domain.convention import livrees
from sync.conventions import enregistrer
from tests.views.faits import Cas, dans
from tests.views.test_maraudes import Secteur, caches, un_secteur


@pytest.fixture
def secteur(app, equipes) -> Secteur:
    return un_secteur(app, equipes[0])


@pytest.fixture
def dossier(app, equipes) -> str:
    cas = Cas(app, equipes[0])
    cas.faire("creer_personne", cas.personne, {"nom": "Fictive", "prenom": "Maude"}, "conseiller")
    return cas.personne


def test_the_next_day_a_known_name_is_attached_to_a_file_then_detached(secteur, dossier, connecte):
    nav, connu = connecte("conseiller"), secteur.connu()
    secteur.faire("noter_rencontre", str(uuid7()), {"maraude_id": secteur.maraude(), "connu_id": connu})
    assert f"/connus/{connu}/rattacher" in nav.get(f"/connus/{connu}").text
    choix = nav.get(f"/connus/{connu}/rattacher").text
    adresse = f"/connus/{connu}/rattacher?dossier={dossier}"
    assert adresse in choix
    assert "À quel dossier" in choix
    cherchee = nav.post(f"/connus/{connu}/rattacher/choisir", {"q": "fictive"}).text
    assert adresse in cherchee
    assert f'hx-post="/connus/{connu}/rattacher/choisir"' in cherchee
    champs = caches(nav.get(adresse).text) | {"accord_le": dans(0)[:10]}
    refus = nav.post(f"/connus/{connu}/rattacher", champs)
    assert refus.status_code == 422
    assert "sans son accord, rien ne se rattache" in refus.text

    dits = champs | {"accord": "oui", "etendue": "jours"}
    fait = nav.post(f"/connus/{connu}/rattacher", dits)
    assert fait.headers["Location"] == f"/connus/{connu}"
    page = nav.get(f"/connus/{connu}").text
    assert "Rattachée au dossier de Maude Fictive" in page
    assert "Rattachée à ce dossier." in page
    lu = nav.get(f"/dossiers/{dossier}").text
    assert "Rencontrée le" in lu
    assert "Momo" not in lu
    # Le même formulaire, envoyé deux fois, n'en fait qu'un.
    assert nav.post(f"/connus/{connu}/rattacher", dits).status_code == 303
    assert nav.get(f"/dossiers/{dossier}").text.count("Rencontrée le") == 1

    (detacher,) = re.findall(r'action="(/dossiers/[^"]+/detacher)"', lu)
    (op_id,) = re.findall(rf'action="{detacher}".*?name="op_id" value="([^"]+)"', lu, re.DOTALL)
    assert nav.post(detacher, {"op_id": op_id}).headers["Location"] == f"/dossiers/{dossier}"
    apres = nav.get(f"/dossiers/{dossier}").text
    assert "ses rencontres restent au cahier" in apres
    assert "Rencontrée le" not in apres
    assert "Ses rencontres" in nav.get(f"/connus/{connu}").text
    assert len(secteur.feuilles("rencontre")) == 1


def test_the_team_leader_neither_attaches_nor_reads(secteur, dossier, connecte):
    connu = secteur.connu()
    nav = connecte("conseiller")
    secteur.faire("noter_rencontre", str(uuid7()), {"maraude_id": secteur.maraude(), "connu_id": connu})
    adresse = f"/connus/{connu}/rattacher?dossier={dossier}"
    champs = caches(nav.get(adresse).text) | {"accord_le": dans(0)[:10], "accord": "oui", "etendue": "aide"}
    assert nav.post(f"/connus/{connu}/rattacher", champs).status_code == 303
    chef = connecte("chef_de_service")
    del champs["csrf_token"]
    assert chef.get(adresse).status_code == 404
    assert chef.post(f"/connus/{connu}/rattacher", champs).status_code == 404
    assert "Rencontrée le" not in chef.get(f"/dossiers/{dossier}").text
    # L'historique, que le secrétariat lit aussi, ne dit pas que l'équipe la connaît de la rue.
    for role in ("chef_de_service", "secretariat"):
        lu = connecte(role).get(f"/supervision/historique/{dossier}").text
        assert "Nouvelle personne" in lu
        assert [mot for mot in ("Rencontres de la rue", connu, "accord_le") if mot in lu] == []
    # La maraude tient le cahier, pas ce dossier.
    assert connecte("maraude").get(adresse).status_code == 404


def test_a_first_meeting_becomes_an_orientation_and_the_name_is_not_typed_again(secteur, connecte, app, equipes):
    with app.app_context(), ecriture() as session:
        enregistrer(session, equipes[0].structure_id, livrees("ASP-NC", "ASP-DOM"))
    nav, connu = connecte("conseiller"), secteur.connu()
    secteur.faire("noter_rencontre", str(uuid7()), {"maraude_id": secteur.maraude(), "connu_id": connu})
    adresse = f"/personnes/nouvelle?connu={connu}"
    assert adresse in nav.get(f"/connus/{connu}").text
    page = nav.get(adresse).text
    assert 'value="Momo"' in page
    assert 'name="convention" value="ASP-DOM" checked' in page
    champs = caches(page) | {"pseudonymes": "Momo", "convention": "ASP-DOM", "orientee_le": dans(0)[:10]}
    champs |= {"accord_rue": "oui", "confirme": "oui"}
    fait = nav.post("/personnes/nouvelle", champs)
    assert fait.status_code == 303, fait.text
    dossier = nav.get(fait.headers["Location"]).text
    for dit in ("Momo", "en cours d’intégration", "Rencontrée le", "orientation reçue le"):
        assert dit in dossier
    # Sans son accord, le dossier s'ouvre et ne dit rien de la rue.
    secteur.faire("noter_connu", autre := str(uuid7()), {"pseudonyme": "Lila", "informe_le": dans(0)[:10]})
    champs = caches(nav.get(f"/personnes/nouvelle?connu={autre}").text)
    champs |= {"pseudonymes": "Lila", "convention": "ASP-NC", "orientee_le": dans(0)[:10]}
    fait = nav.post("/personnes/nouvelle", champs)
    assert "Dans la rue" not in nav.get(fait.headers["Location"]).text
    assert "Rattacher à un de mes dossiers" in nav.get(f"/connus/{autre}").text
    # D'un cahier que l'on ne tient pas, ce nom n'existe pas.
    assert connecte("secretariat").get(adresse).status_code == 404
