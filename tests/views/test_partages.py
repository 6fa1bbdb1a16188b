"""Les gestes d'un dossier à plusieurs, rendus par Flask : choisir, archiver, rouvrir, partager, rendre."""

from __future__ import annotations

import pytest

from tests.views.faits import Cas, dans, un_cas, un_id
from tests.views.test_desaccords import LUS, en_desaccord, formulaire, texte


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def regler(cas: Cas, nav, choix: str):
    """Le geste, depuis le dossier : ce que le formulaire de la page renverrait."""
    adresse = f"/dossiers/{cas.personne}"
    action = f"{adresse}/desaccords/{cas.dossier()['desaccords'][0]['id']}"
    return nav.post(action, {**formulaire(nav.get(adresse).text, action), "choix": choix})


def test_the_file_shows_both_values_and_one_tap_settles(cas, connecte):
    en_desaccord(cas)
    nav, adresse = connecte(), f"/dossiers/{cas.personne}"
    assert "1 désaccord à régler" in texte(nav.get("/").text)
    page = texte(nav.get(adresse).text)
    assert page.index(texte(LUS[0])) < page.index("Téléphone de Camille") < page.rindex(texte(LUS[1]))
    reponse = regler(cas, nav, "propose")
    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse)
    apres = texte(nav.get(adresse).text)
    assert "Réglé" in apres
    assert "Arrivé ensuite" not in apres
    assert cas.dossier()["personne"]["historique"]["telephones"][-1][1][0]["numero"] == "0600000002"
    assert "désaccord" not in texte(nav.get("/").text)


def test_a_choice_made_too_late_is_said_and_changes_nothing(cas, connecte):
    en_desaccord(cas)
    conseillere, chef = connecte(), connecte("chef_de_service")
    action = f"/dossiers/{cas.personne}/desaccords/{cas.dossier()['desaccords'][0]['id']}"
    lue = formulaire(conseillere.get(f"/dossiers/{cas.personne}").text, action)
    regler(cas, chef, "en_vigueur")
    conseillere.post(action, {**lue, "choix": "propose"})
    assert "a déjà été réglé par" in texte(conseillere.get(f"/dossiers/{cas.personne}").text)
    assert cas.dossier()["desaccords"][0]["choix"] == "en_vigueur"


def test_the_secretariat_reads_a_disagreement_and_has_no_button(cas, connecte):
    en_desaccord(cas)
    secretariat, adresse = connecte("secretariat"), f"/dossiers/{cas.personne}"
    page = secretariat.get(adresse).text
    assert "Arrivé ensuite" in page
    assert 'value="propose"' not in page
    assert "Archiver" not in page
    desaccord = cas.dossier()["desaccords"][0]["id"]
    for action in (f"desaccords/{desaccord}", "archiver", "partager"):
        assert secretariat.post(f"{adresse}/{action}", {"choix": "propose"}).status_code in (403, 404), action


@pytest.mark.parametrize("role", ["conseiller", "chef_de_service"])
def test_an_archived_file_leaves_the_lists_and_the_search_finds_it(cas, connecte, role):
    nav, adresse = connecte(role), f"/dossiers/{cas.personne}"
    archiver = formulaire(nav.get(adresse).text, f"{adresse}/archiver")
    for _ in range(2):
        assert nav.post(f"{adresse}/archiver", archiver).headers["Location"] == adresse
    page = nav.get(adresse).text
    assert "Dossier archivé le" in page
    for ailleurs in ("/dossiers", "/"):
        assert cas.nom not in nav.get(ailleurs).text, ailleurs
    trouves = texte(nav.post("/dossiers/recherche", {"q": "zinsou"}).text)
    assert cas.nom in trouves
    assert "archivé" in trouves
    nav.post(f"{adresse}/rouvrir", formulaire(page, f"{adresse}/rouvrir"))
    assert cas.dossier()["personne"]["archive_le"] is None
    assert cas.nom in nav.get("/dossiers").text


def test_a_file_lent_to_a_colleague_says_until_when_and_is_given_back(cas, connecte):
    nav, adresse = connecte(), f"/dossiers/{cas.personne}"
    maraude = cas.equipe.comptes["maraude"]
    page = nav.get(f"{adresse}/partager").text
    assert maraude in page
    assert cas.equipe.comptes["secretariat"] not in page, "qui ne suit pas de dossier n'est pas proposé"
    saisie = {**formulaire(page, f"{adresse}/partager"), "utilisateur": maraude, "motif": "remplacement"}
    refus = nav.post(f"{adresse}/partager", saisie)
    assert refus.status_code == 422
    assert "Un prêt a un dernier jour" in refus.text
    for _ in range(2):
        assert nav.post(f"{adresse}/partager", saisie | {"jusqu_au": dans(5)[:10]}).status_code == 303
    (partage,) = cas.dossier()["partages"]
    emprunteuse = connecte("maraude")
    page = emprunteuse.get(adresse).text
    assert "Prêté par" in page
    assert "Il quittera votre carnet" in page
    assert "Partager avec un collègue" not in page
    assert "Archiver" not in page
    action = f"{adresse}/partages/{partage['id']}/cesser"
    assert emprunteuse.post(action, formulaire(page, action)).headers["Location"] == "/dossiers"
    assert emprunteuse.get(adresse).status_code == 404
    assert cas.dossier()["partages"][0]["fin_le"]


def test_the_history_of_a_share_says_with_whom_and_a_partner_has_none_of_the_forms(cas, connecte):
    maraude, adresse = cas.equipe.comptes["maraude"], f"/dossiers/{cas.personne}"
    partage = un_id()
    cas.faire("partager_dossier", partage, {"utilisateur": maraude, "motif": "binome"})
    cas.faire("modifier_personne", cas.personne, {"accord_partage": True})
    partenaire = connecte("maraude")
    assert "en binôme" in partenaire.get(adresse).text
    ecrans = ("modifier", "partager", "mesures/nouvelle", f"mesures/{cas.mesure}/modifier")
    for ecran in (*ecrans, f"mesures/{cas.mesure}/sortie"):
        assert partenaire.get(f"{adresse}/{ecran}").status_code == 404, ecran
        assert partenaire.post(f"{adresse}/{ecran}", {"nom": "Autre"}).status_code == 404, ecran
        assert connecte().get(f"{adresse}/{ecran}").status_code == 200, ecran
    cas.faire("cesser_partage", partage, {})
    cas.faire("confier_mesure", cas.mesure, {"referent": maraude}, role="chef_de_service")
    histoire = texte(connecte("chef_de_service").get(f"/supervision/historique/{cas.personne}").text)
    nom = "Camille Fictive-mara"
    for quoi, dit in (("Dossier partagé", "À"), ("Partage terminé", "Avec"), ("Mesure confiée", "À")):
        suite = histoire[histoire.index(quoi) :]
        assert f"{dit} {nom}" in suite[:60], quoi


def test_who_follows_the_dossier_ticks_a_contact_for_the_partner_in_one_tap(cas, connecte):
    nav, adresse = connecte(), f"/dossiers/{cas.personne}"
    action = f"{adresse}/entretiens/{cas.entretien}/partage"
    assert action not in nav.get(adresse).text, "sans binôme, rien à cocher"
    cas.faire("partager_dossier", un_id(), {"utilisateur": cas.equipe.comptes["maraude"], "motif": "binome"})
    partenaire = connecte("maraude")
    lue = formulaire(nav.get(adresse).text, action)
    for _ in range(2):
        assert nav.post(action, lue | {"partagee": "oui"}).headers["Location"] == adresse
    assert "Coché pour le binôme : il le lira quand la personne l’aura accepté." in texte(nav.get(adresse).text)
    assert "Point fait." not in partenaire.get(adresse).text
    cas.faire("modifier_personne", cas.personne, {"accord_partage": True})
    assert "Partagé avec le binôme." in texte(nav.get(adresse).text)
    page = partenaire.get(adresse).text
    assert "Point fait." in page
    assert action not in page
    assert partenaire.post(action, {"partagee": ""}).status_code == 404
    chef = connecte("chef_de_service")
    chef.post(action, formulaire(chef.get(adresse).text, action) | {"partagee": ""})
    assert "Point fait." not in partenaire.get(adresse).text
    histoire = texte(chef.get(f"/supervision/historique/{cas.personne}").text)
    assert "Partagé avec le binôme oui" in histoire
    assert "Partagé avec le binôme non" in histoire
