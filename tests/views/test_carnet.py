"""Le carnet servi par Flask : un formulaire envoyé deux fois est un seul fait, une erreur garde la saisie."""

from __future__ import annotations

import re

import pytest

from tests.views.faits import dans, un_cas, un_id


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def caches(page: str) -> dict[str, str]:
    """Les champs cachés du formulaire principal, tels que le navigateur les renverrait."""
    formulaire = page[page.index('id="formulaire"') :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', formulaire))


def test_my_day_shows_who_is_expected_and_what_is_left_to_say(cas, connecte):
    page = connecte().get("/").text
    assert "Awa Zinsou-Fictive" in page
    assert "Zinsou" not in re.search(r"<title>(.*?)</title>", page).group(1)
    assert "Tout est envoyé" not in page


def test_a_contact_noted_twice_is_one_fact(cas, connecte):
    nav = connecte()
    champs = caches(nav.get(f"/entretiens/nouveau?dossier={cas.personne}&rendez_vous={cas.passe}").text)
    champs |= {
        "statut": "honore",
        "moyen": "presentiel",
        "date": dans(-1)[:10],
        "duree": "45",
        "demarches": ["logement", "sante"],
        "synthese": "Dossier de logement avancé.",
        "suivant": "oui",
        "suivant_date": dans(30)[:10],
        "suivant_heure": "09:30",
    }
    for _ in range(2):
        reponse = nav.post("/entretiens/nouveau", champs)
        assert reponse.status_code == 303, reponse.text
        assert reponse.headers["Location"] == f"/dossiers/{cas.personne}"
    dossier = cas.dossier()
    assert len(dossier["entretiens"]) == 2
    assert len(dossier["rendez_vous"]) == 3
    assert {r["id"]: r["statut"] for r in dossier["rendez_vous"]}[cas.passe] == "honore"
    assert "Contact noté" in nav.get(f"/dossiers/{cas.personne}").text


def test_what_is_wrong_is_said_beside_the_field_and_the_typing_is_kept(cas, connecte):
    nav = connecte()
    champs = caches(nav.get(f"/entretiens/nouveau?dossier={cas.personne}").text)
    avant = cas.dossier()
    reponse = nav.post(
        "/entretiens/nouveau",
        champs | {"moyen": "", "date": "31/02/2026", "synthese": "Un <b>texte</b> tapé", "demarches": ["mobilite"]},
    )
    assert reponse.status_code == 422
    assert reponse.headers["HX-Push-Url"] == "false"
    assert "Un &lt;b&gt;texte&lt;/b&gt; tapé" in reponse.text
    assert 'value="31/02/2026"' in reponse.text
    assert 'id="erreur-date"' in reponse.text
    assert 'href="#champ-date"' in reponse.text
    assert caches(reponse.text)["op_id"] == champs["op_id"]
    assert re.search(r'value="mobilite" checked', reponse.text)
    assert cas.dossier() == avant


def test_an_outcome_is_one_tap_and_can_be_undone(cas, connecte):
    nav = connecte()
    chemin = f"/rendez-vous/{cas.passe}/constat"
    reponse = nav.post(chemin, {"statut": "absence_excusee", "op_id": un_id(), "retour": "/"})
    assert (reponse.status_code, reponse.headers["Location"]) == (303, "/")
    page = nav.get("/").text
    assert f'action="{chemin}"' in page
    assert "data-annuler" in page
    assert "data-annuler" not in nav.get("/").text.replace("data-annuler-", "")
    assert nav.post(chemin, {"statut": "propose", "op_id": un_id(), "retour": "/"}).status_code == 303
    statuts = {r["id"]: r["statut"] for r in cas.dossier()["rendez_vous"]}
    assert statuts[cas.passe] == "propose"


def test_the_return_address_of_an_outcome_stays_here(cas, connecte):
    reponse = connecte().post(
        f"/rendez-vous/{cas.passe}/constat",
        {"statut": "honore", "op_id": un_id(), "retour": "https://ailleurs.exemple/"},
    )
    assert reponse.headers["Location"] == f"/dossiers/{cas.personne}"


def test_an_appointment_is_proposed_then_moved(cas, connecte):
    nav = connecte()
    champs = caches(nav.get(f"/rendez-vous/nouveau?dossier={cas.personne}").text)
    assert nav.post("/rendez-vous/nouveau", champs | {"date": dans(9)[:10], "heure": "10 h 15"}).status_code == 303
    champs = caches(nav.get(f"/rendez-vous/{cas.futur}/deplacer").text)
    reponse = nav.post(f"/rendez-vous/{cas.futur}/deplacer", champs | {"date": "", "heure": "25:00"})
    assert reponse.status_code == 422
    assert 'id="erreur-date"' in reponse.text
    deplace = champs | {"date": dans(12)[:10], "heure": "11:00", "duree": "30", "lieu": "CMS Toul"}
    assert nav.post(f"/rendez-vous/{cas.futur}/deplacer", deplace).status_code == 303
    debuts = {r["id"]: r["debut"][:10] for r in cas.dossier()["rendez_vous"]}
    assert debuts[cas.futur] == dans(12)[:10]
    assert len(debuts) == 3


def test_a_new_person_is_created_once_and_someone_alike_is_shown_first(cas, connecte):
    nav = connecte()
    champs = caches(nav.get("/personnes/nouvelle").text)
    champs |= {"prenom": "Awa", "nom": "Zinsou-Fictive", "convention": "DSP-TDL", "orientee_le": dans(-3)[:10]}
    alerte = nav.post("/personnes/nouvelle", champs)
    assert alerte.status_code == 422
    assert "Même nom et même prénom" in alerte.text
    for _ in range(2):
        reponse = nav.post("/personnes/nouvelle", champs | {"confirme": "oui"})
        assert reponse.status_code == 303, reponse.text
    assert nav.get(reponse.headers["Location"]).status_code == 200
    assert nav.get("/dossiers").text.count('class="ligne-nom"') == 2


def test_someone_alike_is_shown_while_typing_and_never_asked_again(cas, connecte):
    nav = connecte()
    champs = caches(nav.get("/personnes/nouvelle").text) | {"prenom": "Awa", "nom": "Zinsou", "convention": "DSP-TDL"}
    montre = nav.post("/personnes/ressemblances", champs)
    assert montre.status_code == 200
    assert "Une partie du même nom" in montre.text
    vues = re.search(r'name="vues" value="([^"]+)"', montre.text)
    assert vues, montre.text
    assert vues.group(1) == cas.personne
    assert nav.post("/personnes/nouvelle", champs | {"vues": vues.group(1)}).status_code == 303


def test_someone_of_another_counsellor_is_never_shown_while_typing(cas, connecte):
    nav = connecte("maraude")
    champs = caches(nav.get("/personnes/nouvelle").text) | {"prenom": "Awa", "nom": "Zinsou-Fictive"}
    montre = nav.post("/personnes/ressemblances", champs)
    assert (montre.status_code, montre.text.strip()) == (200, "")


def test_a_situation_is_changed_from_its_date(cas, connecte):
    nav = connecte()
    chemin = f"/dossiers/{cas.personne}/modifier"
    champs = caches(nav.get(chemin).text) | {"date_effet": dans(-5)[:10], "rsa": "beneficiaire", "telephones": "0612"}
    refus = nav.post(chemin, champs)
    assert refus.status_code == 422
    assert 'value="0612"' in refus.text
    assert nav.post(chemin, champs | {"telephones": "06 11 22 33 44"}).status_code == 303
    historique = cas.dossier()["personne"]["historique"]
    assert historique["rsa"] == [[dans(-5)[:10], "beneficiaire"]]


def test_correcting_a_contact_sends_only_what_changed(cas, connecte):
    nav = connecte()
    chemin = f"/entretiens/{cas.entretien}/modifier"
    champs = caches(nav.get(chemin).text)
    champs |= {"moyen": "telephone", "date": dans(-10)[:10], "synthese": "Point fait, et refait."}
    assert nav.post(chemin, champs).status_code == 303
    (entretien,) = cas.dossier()["entretiens"]
    assert entretien["synthese"] == "Point fait, et refait."


def test_a_search_forgives_accents_and_never_puts_a_name_in_the_address(cas, connecte):
    nav = connecte()
    trouve = nav.post("/dossiers/recherche", {"q": "zinsou awa"})
    assert "Awa Zinsou-Fictive" in trouve.text
    assert "<html" in trouve.text
    assert nav.get("/dossiers?q=zinsou").text.count('value="zinsou"') == 0
    donnees = {"csrf_token": nav.jeton(), "q": "zinsou"}
    fragment = nav.client.post(
        "/dossiers/recherche",
        data=donnees,
        base_url="https://localhost",
        headers={"HX-Request": "true", "Sec-Fetch-Site": "same-origin", "Referer": "https://localhost/"},
    )
    assert "<html" not in fragment.text
    assert "Awa Zinsou-Fictive" in fragment.text


def test_the_fragment_swapped_by_a_search_is_the_one_a_reload_shows(cas, connecte):
    nav = connecte()
    entetes = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin", "Referer": "https://localhost/"}
    fragment = nav.client.post(
        "/dossiers/recherche", data={"csrf_token": nav.jeton()}, base_url="https://localhost", headers=entetes
    ).text
    assert fragment.strip() in nav.get("/dossiers").text


def test_a_refused_operation_saves_nothing_of_its_form(cas, connecte, app):
    """Deux opérations dans un formulaire : le serveur en refuse une, l'autre n'est pas gardée non plus."""
    nav = connecte()
    champs = caches(nav.get(f"/entretiens/nouveau?dossier={cas.personne}&rendez_vous={cas.passe}").text)
    # L'identifiant de l'entretien est déjà celui d'un autre fait.
    champs |= {"entite": cas.entretien, "statut": "honore", "moyen": "presentiel", "date": dans(-1)[:10]}
    avant = cas.dossier()
    assert nav.post("/entretiens/nouveau", champs).status_code == 422
    assert cas.dossier() == avant


def test_a_role_without_a_notebook_is_led_to_its_own_page(equipes, connecte):
    assert connecte("administrateur").get("/").headers["Location"] == "/administration"
    assert connecte("partenaire").get("/").headers["Location"] == "/appareils"
