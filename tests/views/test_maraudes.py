"""La maraude au bureau : les mêmes écrans qu'au téléphone, pour qui tient le cahier du secteur, et pour lui seul."""

from __future__ import annotations

import re

import pytest
from uuid6 import uuid7

from app.base import db
from sync.fiches import lire_cahiers
from tests.views.faits import Cas, dans

SANS_LE_DIRE = "Sans le lui avoir dit, ne gardez pas son nom"


class Secteur(Cas):
    """Un cahier de secteur, tenu par la conseillère et la maraude."""

    def feuilles(self, forme: str) -> list[dict[str, object]]:
        with self.app.app_context():
            lu = lire_cahiers(db.session(), self.equipe.structure_id, [self.personne])[self.personne]
        return [feuille for feuille in lu["feuilles"] if feuille["forme"] == forme]

    def maraude(self) -> str:
        identifiant = str(uuid7())
        self.faire("noter_maraude", identifiant, {"le": dans(0)[:10], "debut": "20:30"})
        return identifiant

    def connu(self, nom: str = "Momo") -> str:
        identifiant = str(uuid7())
        self.faire("noter_connu", identifiant, {"pseudonyme": nom, "informe_le": dans(0)[:10]})
        return identifiant


def un_secteur(app, equipe, **champs: object) -> Secteur:
    cas = Secteur(app, equipe)
    ouvert = {"genre": "secteur", "nom": "Secteur Gare", **champs}
    cas.faire("creer_cahier", cas.personne, ouvert, "chef_de_service")
    for role in ("conseiller", "maraude"):
        cas.faire("ajouter_membre", cas.personne, {"utilisateur": equipe.comptes[role]}, "chef_de_service")
    return cas


@pytest.fixture
def secteur(app, equipes) -> Secteur:
    return un_secteur(app, equipes[0], consignes="Prévenir l’astreinte du modèle.")


def caches(page: str) -> dict[str, str]:
    """Les champs cachés du formulaire principal."""
    debut = page.index('id="formulaire"')
    return dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page[debut : page.index("</form>", debut)])
    )


def test_a_round_goes_from_start_to_handover(secteur, connecte):
    nav = connecte("maraude")
    assert "Secteur Gare" in nav.get("/maraudes").text
    depart = nav.get("/maraudes/nouvelle")
    champs = caches(depart.text) | {"le": dans(0)[:10], "debut": "00:05", "equipe": secteur.equipe.comptes["maraude"]}
    fait = nav.post("/maraudes/nouvelle", champs)
    assert fait.status_code == 303
    maraude = fait.headers["Location"]
    page = nav.get(maraude).text
    assert "Maraude commencée." in page
    assert "Camille Fictive-mara" in page

    compte = nav.get(f"{maraude}/rencontre?qui=compter").text
    fait = nav.post(
        f"{maraude}/rencontre?qui=compter", caches(compte) | {"adultes": "2", "donne": "boisson", "alerte": "a_revoir"}
    )
    assert fait.headers["Location"] == maraude
    page = nav.get(maraude).text
    assert "Rencontre notée." in page
    assert "Rien n’a changé" not in page
    assert "2 adultes" in page

    fin = caches(nav.get(f"{maraude}/fin").text)
    assert nav.post(f"{maraude}/fin", fin | {"fin": ""}).status_code == 422
    fait = nav.post(f"{maraude}/fin", fin | {"fin": "23:10", "transmission": "Le porche est fermé"})
    assert fait.headers["Location"] == "/maraudes"
    suivante = connecte("conseiller").get("/maraudes").text
    for dit in ("Le porche est fermé", "2 adultes", "à revoir cette nuit"):
        assert dit in suivante


def test_no_name_is_kept_of_someone_who_was_not_told(secteur, connecte):
    nav, adresse = connecte("maraude"), f"/maraudes/{secteur.maraude()}/rencontre?qui=nouveau"
    champs = caches(nav.get(adresse).text) | {"connu-pseudonyme": "Momo", "adultes": "1", "chiens": "1"}
    refus = nav.post(adresse, champs)
    assert refus.status_code == 422
    assert SANS_LE_DIRE in refus.text
    assert 'value="Momo"' in refus.text
    assert secteur.feuilles("connu") == secteur.feuilles("rencontre") == []

    assert nav.post(adresse, champs | {"sans_nom": "oui"}).status_code == 303
    (comptee,) = secteur.feuilles("rencontre")
    assert secteur.feuilles("connu") == []
    assert "connu_id" not in comptee["valeurs"]

    neufs = caches(nav.get(adresse).text)
    assert nav.post(adresse, champs | neufs | {"informe": "oui"}).status_code == 303
    (connu,) = secteur.feuilles("connu")
    assert connu["valeurs"] == {"pseudonyme": "Momo", "chiens": 1, "informe_le": dans(0)[:10]}
    assert [r["valeurs"].get("connu_id") for r in secteur.feuilles("rencontre")] == [None, connu["id"]]


def test_danger_leads_to_what_to_do_and_says_nobody_was_told(secteur, connecte):
    nav, maraude, connu = connecte("maraude"), secteur.maraude(), secteur.connu()
    adresse = f"/maraudes/{maraude}/rencontre?qui={connu}"
    fait = nav.post(adresse, caches(nav.get(adresse).text) | {"adultes": "1", "alerte": "danger"})
    (rencontre,) = secteur.feuilles("rencontre")
    assert fait.headers["Location"] == f"/rencontres/{rencontre['id']}/danger"
    page = nav.get(fait.headers["Location"]).text
    for dit in (
        "tel:15",
        "tel:17",
        "tel:18",
        "tel:115",
        "Prévenir l’astreinte du modèle.",
        "aucun signalement n’a été fait",
    ):
        assert dit in page


def test_a_meeting_and_a_known_person_are_corrected_told_again_and_withdrawn(secteur, connecte):
    nav, maraude, connu, rencontre = connecte("maraude"), secteur.maraude(), secteur.connu(), str(uuid7())
    secteur.faire("noter_rencontre", rencontre, {"maraude_id": maraude, "connu_id": connu, "ou": "Porche"})
    adresse = f"/rencontres/{rencontre}/modifier"
    champs = caches(nav.get(adresse).text)
    dits = champs | {"connu_id": connu, "ou": "Quai 3"}
    assert nav.post(adresse, dits).headers["Location"] == f"/maraudes/{maraude}"
    assert "Porche" in nav.get(adresse).text
    (changee,) = secteur.feuilles("rencontre")
    assert changee["valeurs"] == {"maraude_id": maraude, "connu_id": connu, "ou": "Quai 3"}

    fiche = nav.get(f"/connus/{connu}").text
    assert "Quai 3" in fiche
    redit = dict(re.findall(r'name="(op_id|base)" value="([^"]*)"', fiche))
    assert nav.post(f"/connus/{connu}/redit", redit).status_code == 303

    retrait = {"op_id": str(uuid7())}
    assert nav.post(f"/rencontres/{rencontre}/retirer", retrait).status_code == 422
    assert nav.post(f"/rencontres/{rencontre}/retirer", retrait | {"motif": "Notée deux fois"}).status_code == 303
    assert "Notée deux fois" in nav.get(adresse).text
    assert "Quai 3" not in nav.get(f"/maraudes/{maraude}").text


def test_someone_noted_under_two_names_is_put_back_together(secteur, connecte):
    nav, maraude, momo = connecte("maraude"), secteur.maraude(), secteur.connu()
    secteur.faire("noter_rencontre", str(uuid7()), {"maraude_id": maraude, "connu_id": momo})
    adresse = f"/maraudes/{maraude}/rencontre?qui=nouveau"
    noms = {"connu-pseudonyme": " momo", "informe": "oui", "adultes": "1"}
    assert nav.post(adresse, caches(nav.get(adresse).text) | noms).status_code == 303
    fil = nav.get(f"/maraudes/{maraude}").text
    assert "Ce nom est déjà connu dans ce secteur" in fil
    assert "2 nouvelles" in fil
    (doublon,) = (f["id"] for f in secteur.feuilles("connu") if f["id"] != momo)
    assert "Remettez d’abord ses rencontres" in nav.get(f"/connus/{doublon}/modifier").text
    (rencontre,) = (f["id"] for f in secteur.feuilles("rencontre") if f["valeurs"]["connu_id"] == doublon)
    adresse = f"/rencontres/{rencontre}/modifier"
    assert nav.post(adresse, caches(nav.get(adresse).text) | {"connu_id": momo, "adultes": "1"}).status_code == 303
    assert nav.post(f"/connus/{doublon}/retirer", {"op_id": str(uuid7()), "motif": "Deux fois"}).status_code == 303
    assert "1 nouvelle" in nav.get(f"/maraudes/{maraude}").text
    assert nav.get(f"/connus/{momo}").text.count(f"/rencontres/{rencontre}") == 1


def test_a_name_withdrawn_is_read_no_more_on_the_rounds_that_met_it(secteur, connecte):
    nav, maraude, connu = connecte("maraude"), secteur.maraude(), secteur.connu()
    secteur.faire("noter_rencontre", str(uuid7()), {"maraude_id": maraude, "connu_id": connu, "adultes": 1})
    assert "Momo" in nav.get(f"/maraudes/{maraude}").text
    fait = nav.post(f"/connus/{connu}/retirer", {"op_id": str(uuid7()), "motif": "Elle l’a demandé"})
    assert fait.headers["Location"] == "/maraudes"
    page = nav.get(f"/maraudes/{maraude}").text
    assert "Momo" not in page
    assert "1 adulte" in page
    assert nav.get(f"/maraudes/{maraude}/rencontre?qui={connu}").status_code == 404


def test_a_meeting_being_written_is_kept_when_the_name_is_withdrawn_meanwhile(secteur, connecte):
    nav, maraude, connu = connecte("maraude"), secteur.maraude(), secteur.connu()
    adresse = f"/maraudes/{maraude}/rencontre?qui={connu}"
    champs = caches(nav.get(adresse).text) | {"note": "Revient demain"}
    secteur.faire("retirer_connu", connu, {"motif": "Elle l’a demandé"})
    refus = nav.post(adresse, champs | {"adultes": "beaucoup"})
    assert refus.status_code == 422
    assert "Momo" not in refus.text
    assert nav.post(adresse, caches(refus.text) | {"note": "Revient demain"}).status_code == 303
    (gardee,) = secteur.feuilles("rencontre")
    assert gardee["valeurs"] == {"maraude_id": maraude, "connu_id": connu, "note": "Revient demain"}


def test_withdrawing_a_round_says_that_its_meetings_go_with_it(secteur, connecte):
    nav, maraude = connecte("maraude"), secteur.maraude()
    assert "Ce qu’elle contient" not in nav.get(f"/maraudes/{maraude}/modifier").text
    for _ in range(2):
        secteur.faire("noter_rencontre", str(uuid7()), {"maraude_id": maraude, "adultes": 1})
    assert "2 rencontres." in nav.get(f"/maraudes/{maraude}/modifier").text


def test_meetings_left_in_a_withdrawn_round_are_moved_to_the_one_they_took_place_in(secteur, connecte):
    nav, doublon, gardee, rencontre = connecte("maraude"), secteur.maraude(), secteur.maraude(), str(uuid7())
    secteur.faire("noter_rencontre", rencontre, {"maraude_id": doublon, "adultes": 3})
    secteur.faire("retirer_maraude", doublon, {"motif": "Commencée deux fois"})
    page = nav.get("/maraudes").text
    assert "Retirées, avec des rencontres" in page
    assert f"/maraudes/{doublon}" in page
    adresse = f"/rencontres/{rencontre}/modifier"
    formulaire = nav.get(adresse).text
    assert f'value="{gardee}"' in formulaire
    assert f'value="{doublon}"' not in formulaire
    champs = caches(formulaire) | {"adultes": "3"}
    # Rien de choisi : elle reste où elle est, et l'écran le demande.
    assert nav.post(adresse, champs).status_code == 422
    assert nav.post(adresse, champs | {"maraude_id": gardee}).status_code == 303
    (rangee,) = secteur.feuilles("rencontre")
    assert rangee["valeurs"]["maraude_id"] == gardee
    assert "Retirées, avec des rencontres" not in nav.get("/maraudes").text


def test_who_does_not_hold_the_sector_gets_the_answer_of_an_unknown_page(secteur, app, equipes, connecte):
    maraude, connu = secteur.maraude(), secteur.connu()
    rencontre = str(uuid7())
    secteur.faire("noter_rencontre", rencontre, {"maraude_id": maraude, "connu_id": connu})
    chemins = [
        *(f"/maraudes/{maraude}{suite}" for suite in ("", "/rencontre", "/rencontre?qui=compter", "/fin", "/modifier")),
        *(f"/rencontres/{rencontre}/{suite}" for suite in ("danger", "modifier")),
        *(f"/connus/{connu}{suite}" for suite in ("", "/modifier")),
        f"/maraudes/nouvelle?cahier={secteur.personne}",
    ]
    for nav in (connecte("chef_de_service"), connecte("maraude", 1)):
        assert "Aucun secteur à vous" in nav.get("/maraudes").text
        assert [(chemin, nav.get(chemin).status_code) for chemin in chemins] == [(chemin, 404) for chemin in chemins]
    membre = connecte("maraude")
    assert {membre.get(chemin).status_code for chemin in chemins} == {200}
    # Une adresse d'une forme ne répond pas d'une autre.
    for chemin in (f"/connus/{maraude}", f"/maraudes/{connu}", f"/maraudes/{maraude}/rencontre?qui={rencontre}"):
        assert membre.get(chemin).status_code == 404


def test_the_menu_has_the_round_for_who_holds_a_sector_only(secteur, connecte):
    assert 'href="/maraudes"' in connecte("maraude").get("/").text
    assert 'href="/maraudes"' not in connecte("chef_de_service").get("/").text


def test_a_planned_round_is_taken_up_on_the_spot_and_is_no_longer_to_do(secteur, connecte):
    nav = connecte("maraude")
    page = nav.get("/maraudes/prevoir")
    champs = caches(page.text) | {"le": dans(0)[:10], "debut": "20:30", "secteur_precis": "Canal"}
    champs |= {"equipe": secteur.equipe.comptes["conseiller"]}
    assert nav.post("/maraudes/prevoir", champs | {"le": dans(-40)[:10]}).status_code == 422
    assert nav.post("/maraudes/prevoir", champs).headers["Location"] == "/maraudes"
    (prevue,) = secteur.feuilles("prevue")
    liste = nav.get("/maraudes").text
    assert "Maraude prévue." in liste
    for dit in ("Canal", f"/prevues/{prevue['id']}/modifier", f"prevue={prevue['id']}"):
        assert dit in liste
    assert secteur.feuilles("maraude") == []

    (partir,) = re.findall(r'href="(/maraudes/nouvelle[^"]+prevue=[^"]+)"', liste)
    depart = nav.get(partir.replace("&amp;", "&")).text
    assert 'value="Canal"' in depart
    faits = {"le": dans(0)[:10], "debut": "20:41", "equipe": secteur.equipe.comptes["maraude"]}
    assert nav.post("/maraudes/nouvelle", caches(depart) | faits).status_code == 303
    (maraude,) = secteur.feuilles("maraude")
    assert maraude["valeurs"]["debut"] == "20:41"
    (prevue,) = secteur.feuilles("prevue")
    assert prevue["retrait_motif"] == "L’équipe est partie."
    assert f"prevue={prevue['id']}" not in nav.get("/maraudes").text


def test_a_planned_round_is_changed_and_called_off(secteur, connecte):
    nav, prevue = connecte("conseiller"), str(uuid7())
    secteur.faire("noter_prevue", prevue, {"le": dans(96)[:10], "debut": "20:30"})
    assert f"prevue={prevue}" not in nav.get("/maraudes").text
    adresse = f"/prevues/{prevue}/modifier"
    champs = caches(nav.get(adresse).text) | {"le": dans(96)[:10], "debut": "21:00"}
    assert nav.post(adresse, champs).headers["Location"] == "/maraudes"
    (lue,) = secteur.feuilles("prevue")
    assert lue["valeurs"]["debut"] == "21:00"
    retrait = {"op_id": str(uuid7()), "motif": "La salle est prise"}
    assert nav.post(f"/prevues/{prevue}/retirer", retrait).headers["Location"] == "/maraudes"
    assert prevue not in nav.get("/maraudes").text
