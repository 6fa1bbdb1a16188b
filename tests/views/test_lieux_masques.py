"""Les lieux masqués : le chef de service les tient à jour, aucune liste ne les écrit, le dossier les dit."""

from __future__ import annotations

import pytest

from tests.views.faits import Cas, dans, un_cas, un_id
from tests.views.test_desaccords import formulaire, texte
from tests.views.test_echange import echanger, enroler

ADRESSE = "/equipe/lieux-masques"
LIEU = "Hôpital de l’Exemple"


@pytest.fixture
def cas(app, equipes) -> Cas:
    """Un rendez-vous du jour, un d'hier, une étape et un entretien dans un lieu qui en dit trop."""
    cas = un_cas(app, equipes[0])
    for jours in (0, -1):
        prevu = {"mesure_id": cas.mesure, "debut": dans(jours, 21 if jours == 0 else 10), "lieu": LIEU}
        cas.faire("proposer_rendez_vous", un_id(), prevu)
    cas.faire("deplacer_rendez_vous", cas.futur, {"lieu": LIEU})
    cas.faire("constater_rendez_vous", cas.passe, {"statut": "absence_excusee"})
    cas.faire("modifier_entretien", cas.entretien, {"lieu": LIEU})
    etape = {"mesure_id": cas.mesure, "nature": "cdd", "debut": dans(-20)[:10], "employeur": f"Cuisine, {LIEU}"}
    cas.faire("noter_etape", un_id(), etape)
    return cas


def masquer(nav, nom: str):
    return nav.post(ADRESSE, formulaire(nav.get(ADRESSE).text, ADRESSE) | {"nom": nom})


def test_no_list_writes_the_name_and_the_dossier_does(cas, connecte):
    chef, conseillere = connecte("chef_de_service"), connecte()
    rapport = f"/rapports/DSP-TDL/{dans(-1)[:4]}/rendez_vous/"
    listes = [(conseillere, "/"), (conseillere, "/entretiens/nouveau"), (chef, "/supervision/fiches")]
    listes += [(chef, f"{rapport}{case}/nombre") for case in ("a_preciser", "proposes")]
    avant = [nav.get(adresse).text for nav, adresse in listes]
    assert all(LIEU in page for page in avant[:3])
    assert any(LIEU in page for page in avant[3:])
    assert masquer(chef, "hopital de l'exemple").status_code == 303
    for nav, adresse in listes:
        page = nav.get(adresse)
        assert page.status_code == 200
        assert LIEU not in page.text, adresse
    assert "lieu masqué" in conseillere.get("/").text
    assert "lieu masqué" in chef.get("/supervision/fiches").text
    assert LIEU in conseillere.get(f"/dossiers/{cas.personne}").text
    assert LIEU in connecte("secretariat").get(f"/dossiers/{cas.personne}").text


def test_the_phones_receive_the_names_to_mask(cas, connecte):
    nav = connecte()
    appareil = enroler(nav).json["appareil"]
    recu = echanger(nav, appareil).json["reference"]
    assert recu["masques"] == []
    masquer(connecte("chef_de_service"), "CHRS")
    suite = echanger(nav, appareil, reference=recu["empreinte"]).json["reference"]
    assert suite["masques"] == ["CHRS"]


def test_a_name_is_given_back_and_both_are_remembered(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.get(ADRESSE).text
    champs = formulaire(page, ADRESSE)
    for _ in range(2):
        chef.post(ADRESSE, champs | {"nom": "  Les   Tilleuls "})
    page = chef.get(ADRESSE).text
    assert texte(page).count("Ne plus masquer Les Tilleuls") == 1
    for faux, dit in (("x", "au moins trois lettres"), ("LES TILLEULS", "déjà masqué"), ("a" * 121, "Au plus 120")):
        refus = masquer(chef, faux)
        assert refus.status_code == 422
        assert dit in texte(refus.text)
    action = page.split('action="' + ADRESSE + "/")[1].split('"')[0]
    assert chef.post(f"{ADRESSE}/{action}").status_code == 303
    apres = texte(chef.get(ADRESSE).text)
    assert "Aucun lieu masqué" in apres
    assert "rendu par Camille Fictive-chef" in apres
    assert masquer(chef, "Les Tilleuls").status_code == 303, "il peut l'être de nouveau"
    assert chef.post(f"{ADRESSE}/{un_id()}/rendre").status_code == 404


def test_only_the_head_of_service_has_the_page_and_only_for_his_structure(cas, equipes, connecte, navigateur):
    masquer(connecte("chef_de_service"), "Les Acacias")
    for role in ("conseiller", "secretariat", "administrateur"):
        assert connecte(role).get(ADRESSE).status_code == 403
        assert connecte(role).post(ADRESSE, {"nom": "CHRS", "id": un_id()}).status_code in (400, 403)
    ailleurs = navigateur()
    ailleurs.entrer(equipes[1].courriel("chef_de_service"))
    assert "Les Acacias" not in ailleurs.get(ADRESSE).text
