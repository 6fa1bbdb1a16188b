"""Une page du bureau restée ouverte dit la version qu'elle montrait : rien ne s'efface, rien n'est refusé pour cela."""

from __future__ import annotations

import re

import pytest

from tests.views.faits import Cas, dans, un_cas
from tests.views.test_desaccords import formulaire, texte


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def rendez_vous(cas: Cas, identifiant: str):
    return next(r for r in cas.dossier()["rendez_vous"] if r["id"] == identifiant)


def caches_du_geste(page: str, action: str) -> dict[str, str]:
    """Les champs cachés du premier formulaire qui va là."""
    (corps,) = re.findall(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page, re.S)[:1]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', corps))


@pytest.mark.parametrize("ecran", ["/", "/dossiers/{personne}"])
def test_an_outcome_told_in_one_tap_says_the_version_that_was_shown(cas, connecte, ecran):
    nav, action = connecte(), f"/rendez-vous/{cas.passe}/constat"
    ouverte = caches_du_geste(nav.get(ecran.format(personne=cas.personne)).text, action)
    assert ouverte["base"] == str(rendez_vous(cas, cas.passe)["version"])
    cas.faire("constater_rendez_vous", cas.passe, {"statut": "honore"}, "chef_de_service")
    assert nav.post(action, {**ouverte, "statut": "absence_excusee"}).status_code == 303
    assert rendez_vous(cas, cas.passe)["statut"] == "honore", "la première reçue reste, rien n'est écrasé"
    (desaccord,) = cas.dossier()["desaccords"]
    assert desaccord["propose"]["valeur"] == "absence_excusee"
    assert "quelqu’un l’avait changé entre-temps" in texte(nav.get(f"/dossiers/{cas.personne}").text)


def test_undoing_an_outcome_does_not_erase_what_someone_else_told_meanwhile(cas, connecte):
    nav, adresse, action = connecte(), f"/dossiers/{cas.personne}", f"/rendez-vous/{cas.passe}/constat"
    nav.post(action, {**caches_du_geste(nav.get(adresse).text, action), "statut": "honore", "retour": adresse})
    page = nav.get(adresse).text
    annuler = caches_du_geste(page[page.index("data-message") :], action)
    assert annuler["statut"] == "propose"
    cas.faire("constater_rendez_vous", cas.passe, {"statut": "absence_excusee"}, "chef_de_service")
    nav.post(action, annuler)
    assert rendez_vous(cas, cas.passe)["statut"] == "absence_excusee"
    assert [d["propose"]["valeur"] for d in cas.dossier()["desaccords"]] == ["propose"]


def test_moving_an_appointment_whose_outcome_was_told_meanwhile_is_to_settle_not_refused(cas, connecte):
    nav, action = connecte(), f"/rendez-vous/{cas.futur}/deplacer"
    ouverte = formulaire(nav.get(action).text, action)
    cas.faire("constater_rendez_vous", cas.futur, {"statut": "absence_excusee"}, "chef_de_service")
    champs = {"date": dans(10)[:10], "heure": "09:30", "duree": "45", "lieu": ""}
    assert nav.post(action, {**ouverte, **champs}).status_code == 303
    assert rendez_vous(cas, cas.futur)["statut"] == "absence_excusee"
    assert "debut" in {d["champ"] for d in cas.dossier()["desaccords"]}
    page = texte(nav.get(f"/dossiers/{cas.personne}").text)
    assert "Prendre le déplacement" in page
    assert "issue à redire" in page


def test_telling_an_outcome_from_a_page_older_than_a_move_is_to_settle_not_refused(cas, connecte):
    nav, adresse, action = connecte(), f"/dossiers/{cas.personne}", f"/rendez-vous/{cas.passe}/constat"
    ouverte = caches_du_geste(nav.get(adresse).text, action)
    debut = rendez_vous(cas, cas.passe)["debut"]
    cas.faire("deplacer_rendez_vous", cas.passe, {"debut": dans(12)}, "chef_de_service")
    nav.post(action, {**ouverte, "statut": "honore"})
    lu = rendez_vous(cas, cas.passe)
    assert (lu["statut"], lu["debut"]) == ("honore", debut)
    assert [d["champ"] for d in cas.dossier()["desaccords"]] == ["debut"]


@pytest.mark.parametrize("chemin", ["/dossiers/{personne}/modifier", "/rendez-vous/{futur}/deplacer"])
def test_every_form_that_changes_a_record_carries_its_version(cas, connecte, chemin):
    action = chemin.format(personne=cas.personne, futur=cas.futur)
    assert formulaire(connecte().get(action).text, action)["base"].isdecimal()


def test_every_gesture_of_a_file_carries_a_version(cas, connecte):
    """Ce qui change quelque chose dit ce qu'il avait sous les yeux ; ce qui ne fait qu'ajouter ou finir, non."""
    page = connecte("chef_de_service").get(f"/dossiers/{cas.personne}").text
    sans = {
        action
        for action, corps in re.findall(r'<form[^>]*method="post" action="(/[^"]+)"[^>]*>(.*?)</form>', page, re.S)
        if 'name="base"' not in corps and not action.startswith(("/deconnexion", "/verrou"))
    }
    assert {action for action in sans if not action.endswith("/cesser")} == set()
