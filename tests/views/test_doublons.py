"""Doublons possibles : comparer, réunir, retrouver tout sous un nom, séparer."""

from __future__ import annotations

import re

import pytest

from app.base import db
from app.models import Desaccord, Personne
from tests.views.faits import Cas, dans, un_cas, un_id


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


@pytest.fixture
def autre(app, cas):
    """La même, notée une seconde fois par une collègue, avec son propre rendez-vous."""
    autre = Cas(app, cas.equipe, role="maraude")
    autre.faire("creer_personne", autre.personne, {"nom": "Zinsou", "prenom": "Awa", "courriel": "awa@exemple.test"})
    autre.faire("ouvrir_mesure", autre.mesure, {"convention": "DSP-TDL"})
    autre.faire("proposer_rendez_vous", autre.futur, {"mesure_id": autre.mesure, "debut": dans(5)})
    return autre


def caches(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page[page.index("<form") :]))


def test_two_files_that_look_alike_are_listed_united_and_separated(cas, autre, connecte):
    chef = connecte("chef_de_service")
    liste = chef.get("/supervision/doublons").text
    assert "Une partie du même nom" in liste
    adresse = f"/supervision/doublons/{cas.personne}/{autre.personne}"
    page = chef.get(adresse).text
    assert "Ils ne disent pas la même chose" in page
    assert chef.post(adresse, caches(page) | {"nom": "autre"}).status_code == 303
    dossier = chef.get(f"/dossiers/{cas.personne}").text
    assert "Awa Zinsou" in dossier
    assert chef.get(f"/dossiers/{autre.personne}").status_code == 200, "l’ancienne adresse mène au dossier qui reste"
    assert chef.get(f"/rendez-vous/{autre.futur}/deplacer").status_code == 200
    assert "Une partie du même nom" not in chef.get("/supervision/doublons").text

    historique = chef.get(f"/supervision/historique/{cas.personne}").text
    assert "Dossiers réunis" in historique
    assert "awa@exemple.test" in historique, "ce que l’autre disait se lit encore"
    envoi = caches(historique[historique.index('id="reunis"') :])
    assert chef.post(f"/supervision/doublons/{cas.personne}/separer", envoi).status_code == 303
    with cas.app.app_context():
        noms = {p.id: (p.nom, p.fusionnee_dans) for p in db.session.query(Personne)}
    assert noms == {cas.personne: ("Zinsou-Fictive", None), autre.personne: ("Zinsou", None)}
    assert "Dossiers séparés" in chef.get(f"/supervision/historique/{autre.personne}").text


def test_what_a_colleague_changed_since_the_page_was_shown_is_not_silently_lost(cas, autre, connecte):
    chef = connecte("chef_de_service")
    adresse = f"/supervision/doublons/{cas.personne}/{autre.personne}"
    page = chef.get(adresse).text
    cas.faire("modifier_personne", cas.personne, {"nom": "Zinsou-Inventée"})
    chef.post(adresse, caches(page) | {"nom": "autre"})
    with cas.app.app_context():
        (desaccord,) = db.session.query(Desaccord)
        assert {desaccord.vigueur_valeur, desaccord.propose_valeur} == {"Zinsou-Inventée", "Zinsou"}


def test_only_the_chef_unites(cas, autre, connecte):
    for role in ("conseiller", "secretariat", "administrateur"):
        nav = connecte(role)
        assert nav.get("/supervision/doublons").status_code == 403
        assert nav.get(f"/supervision/doublons/{cas.personne}/{autre.personne}").status_code in (403, 404)
        envoi = nav.post(f"/supervision/doublons/{cas.personne}/{autre.personne}", {"op_id": un_id()})
        assert envoi.status_code in (403, 404)
    chef = connecte("chef_de_service")
    assert chef.get(f"/supervision/doublons/{cas.personne}/{cas.personne}").status_code == 404
    assert chef.get(f"/supervision/doublons/{cas.personne}/{un_id()}").status_code == 404


def test_two_people_who_look_alike_are_told_apart_once_and_for_all(cas, autre, connecte):
    chef = connecte("chef_de_service")
    adresse = f"/supervision/doublons/{cas.personne}/{autre.personne}"
    page = chef.get(adresse).text
    assert "Ce sont deux personnes différentes" in page
    jeton = {"csrf_token": caches(page)["csrf_token"]}
    for _ in range(2):
        assert chef.post(f"{adresse}/distinguer", jeton).status_code == 303
    liste = chef.get("/supervision/doublons").text
    assert "Aucun doublon en vue" in liste
    assert "1 paire de deux personnes différentes" in liste

    # Un numéro commun les rapproche autrement : la paire est à regarder de nouveau.
    for dossier in (cas, autre):
        dossier.faire("modifier_personne", dossier.personne, {"telephones": [{"numero": "+33639980001"}]})
    assert "Aucun doublon en vue" not in chef.get("/supervision/doublons").text
    chef.post(f"{adresse}/distinguer", jeton)
    assert "Aucun doublon en vue" in chef.get("/supervision/doublons").text

    a_l_envers = f"/supervision/doublons/{autre.personne}/{cas.personne}"
    assert "Vous avez dit que ce sont deux personnes" in chef.get(a_l_envers).text
    chef.post(f"{a_l_envers}/distinguer", jeton | {"geste": "remettre"})
    assert "Aucun doublon en vue" not in chef.get("/supervision/doublons").text
    assert connecte("secretariat").post(f"{adresse}/distinguer").status_code == 404
