"""Les désaccords au bureau : les deux valeurs côte à côte, un geste pour choisir, et l'histoire qui garde tout."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from app.base import db, ecrire
from app.models import Appareil
from app.rapports import rapport
from app.rapports.demande import Demande
from sync.appliquer import appliquer
from sync.operation import lire_operation
from tests.views.faits import Cas, dans, un_cas, un_id


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def un_appareil(cas: Cas, nom: str) -> str:
    identifiant = un_id()
    with cas.app.app_context(), ecrire(db.engine) as session:
        session.add(
            Appareil(
                structure_id=cas.equipe.structure_id,
                id=identifiant,
                utilisateur_id=cas.equipe.comptes[cas.role],
                nom=nom,
                enrole_le=cas.acteur().maintenant,
            )
        )
    return identifiant


def noter(cas: Cas, appareil: str | None, genre: str, entite: str, champs, base, role: str | None = None, **enveloppe):
    acteur = replace(cas.acteur(role), appareil_id=appareil, origine="echange" if appareil else "bureau")
    brute = {
        "id": un_id(),
        "genre": genre,
        "entite": entite,
        "personne": cas.personne,
        "base": base,
        "champs": champs,
        "heure": dans(-1),
        **enveloppe,
    }
    with cas.app.app_context(), ecrire(db.engine) as session:
        (resultat,) = appliquer(session, acteur, [lire_operation(brute)])
    return resultat


def en_desaccord(cas: Cas) -> int:
    """La conseillère au téléphone, puis le chef au bureau qui n'avait pas relu : deux numéros au même jour."""
    telephone, jour = un_appareil(cas, "Téléphone de Camille"), dans(0)[:10]
    base = cas.dossier()["personne"]["version"]
    numeros = [{"telephones": [{"numero": numero, "libelle": None}], "date_effet": jour} for numero in NUMEROS]
    assert noter(cas, telephone, "modifier_personne", cas.personne, numeros[0], base).statut == "applied"
    second = noter(cas, None, "modifier_personne", cas.personne, numeros[1], base, "chef_de_service")
    assert second.statut == "conflict"
    return base


NUMEROS = ("0600000001", "0600000002")
LUS = ("06\u202f00\u202f00\u202f00\u202f01", "06\u202f00\u202f00\u202f00\u202f02")


def texte(page: str) -> str:
    """Ce qui se lit, d'une seule espace entre les mots."""
    return mots(re.sub(r"<[^>]+>", " ", page))


def mots(lu: str) -> str:
    return re.sub(r"\s+", " ", unescape(lu))


def cle(page: str) -> str:
    trouve = re.search(r'name="desaccord" value="([^"]+)"', page)
    assert trouve
    return trouve[1]


def test_both_values_are_side_by_side_with_who_when_and_from_where(cas, connecte):
    en_desaccord(cas)
    chef = connecte("chef_de_service")
    recues = texte(chef.get("/supervision/fiches").text)
    assert "1 désaccord à régler" in recues
    assert "désaccord : téléphone" in recues
    lu = chef.get("/supervision/desaccords").text
    assert lu.index(LUS[0]) < lu.index(LUS[1])
    for attendu in ("En vigueur", "Arrivé ensuite", "Téléphone de Camille", "Bureau", "Camille Fictive-cons", "Zinsou"):
        assert attendu in texte(lu), attendu
    assert "noté " in texte(lu), "la saisie d'hier se distingue de sa réception"


def test_one_tap_settles_and_a_second_send_changes_nothing(cas, connecte):
    en_desaccord(cas)
    chef = connecte("chef_de_service")
    choisi = {"desaccord": cle(chef.get("/supervision/desaccords").text), "choix": "propose"}
    for _ in range(2):
        reponse = chef.post("/supervision/desaccords/regler", choisi)
        assert (reponse.status_code, reponse.headers["Location"]) == (303, "/supervision/desaccords")
        assert "Désaccord réglé" in chef.get("/supervision/desaccords").text
    (reste,) = cas.dossier()["desaccords"]
    assert (reste["etat"], reste["choix"]) == ("regle", "propose")
    telephones = cas.dossier()["personne"]["historique"]["telephones"]
    assert telephones[-1][1] == [{"numero": NUMEROS[1], "libelle": None}]
    assert "désaccord à régler" not in texte(chef.get("/supervision/fiches").text)
    assert "Tout le monde est d’accord" in chef.get("/supervision/desaccords").text


def test_a_disagreement_that_changed_since_the_page_was_read_is_read_again(cas, connecte):
    base = en_desaccord(cas)
    chef = connecte("chef_de_service")
    lue = cle(chef.get("/supervision/desaccords").text)
    encore = {"telephones": [{"numero": "0600000003", "libelle": None}], "date_effet": dans(0)[:10]}
    assert noter(cas, None, "modifier_personne", cas.personne, encore, base, "chef_de_service").statut == "conflict"
    chef.post("/supervision/desaccords/regler", {"desaccord": lue, "choix": "propose"})
    assert "a changé depuis que vous l’avez lu" in chef.get("/supervision/desaccords").text
    assert cas.dossier()["desaccords"][0]["etat"] == "ouvert"


def test_the_secretariat_sees_and_the_chef_settles(cas, connecte):
    en_desaccord(cas)
    secretariat = connecte("secretariat")
    page = secretariat.get("/supervision/desaccords").text
    assert LUS[1] in page
    assert 'value="propose"' not in page
    choisi = {"desaccord": cle(connecte("chef_de_service").get("/supervision/desaccords").text), "choix": "propose"}
    assert secretariat.post("/supervision/desaccords/regler", choisi).status_code in (403, 404)
    ailleurs = connecte("chef_de_service", 1)
    assert LUS[1] not in ailleurs.get("/supervision/desaccords").text
    assert ailleurs.post("/supervision/desaccords/regler", choisi).status_code == 400
    assert ailleurs.get(f"/supervision/historique/{cas.personne}").status_code == 404
    assert connecte("conseiller").get(f"/supervision/historique/{cas.personne}").status_code in (403, 404)


@pytest.mark.parametrize("faux", [{}, {"desaccord": "x.y.z", "choix": "propose"}, {"choix": "propose"}])
def test_a_form_that_names_nothing_is_refused(cas, connecte, faux):
    assert connecte("chef_de_service").post("/supervision/desaccords/regler", faux).status_code == 400


def test_the_history_tells_the_conflict_its_settlement_and_who_did_what_from_where(cas, connecte):
    en_desaccord(cas)
    chef = connecte("chef_de_service")
    adresse = f"/supervision/historique/{cas.personne}"
    avant = texte(chef.get(adresse).text)
    for attendu in (
        "À régler 1",
        "Nouvelle personne",
        "Entretien noté",
        "Téléphone de Camille",
        "désaccord",
        "à régler",
    ):
        assert attendu in avant, attendu
    choisi = {"desaccord": cle(chef.get(adresse).text), "choix": "propose", "retour": adresse}
    assert chef.post("/supervision/desaccords/regler", choisi).headers["Location"] == adresse
    apres = texte(chef.get(adresse).text)
    assert "Désaccord réglé" in apres
    assert mots(f"«\u202f{LUS[1]}\u202f»") in apres
    assert "prise par" in apres
    assert "À régler" not in apres


def test_the_history_shows_a_refusal_its_correction_and_what_came_late(cas, connecte):
    telephone = un_appareil(cas, "Téléphone de Camille")
    faux = {"date": dans(20)[:10], "moyen": "telephone"}
    entretien, refusee = un_id(), un_id()
    assert noter(cas, telephone, "noter_entretien", entretien, faux, None, id=refusee).statut == "refused"
    page = texte(connecte("chef_de_service").get(f"/supervision/historique/{cas.personne}").text)
    assert "refusée" in page
    assert "pas encore eu lieu" in page
    juste = faux | {"date": dans(-1)[:10], "note_personnelle": "à ne pas montrer"}
    assert noter(cas, telephone, "noter_entretien", entretien, juste, None, remplace=refusee).statut == "applied"
    page = texte(connecte("chef_de_service").get(f"/supervision/historique/{cas.personne}").text)
    assert "refusée, puis corrigée" in page
    assert "corrige un refus" in page
    assert "à ne pas montrer" not in page


def test_the_history_keeps_from_each_role_what_it_does_not_read(cas, connecte):
    """Le secrétariat ne lit pas tout d'une personne : le journal ne le lui montre pas non plus."""
    from app.domain.champs_personne import catalogue, champs_lisibles

    cache = next(
        champ
        for champ in catalogue().values()
        if champ.genre == "booleen" and champ.nom not in champs_lisibles("secretariat")
    )
    cas.faire("modifier_personne", cas.personne, {cache.nom: True})
    adresse = f"/supervision/historique/{cas.personne}"
    assert (cache.libelle in texte(connecte("secretariat").get(adresse).text)) is False
    assert (cache.libelle in texte(connecte("chef_de_service").get(adresse).text)) is (
        cache.nom in champs_lisibles("chef_de_service")
    )


def test_work_that_arrived_in_an_archived_file_asks_to_reopen(cas, connecte):
    cas.faire("archiver_dossier", cas.personne, {"le": dans(-1)[:10]}, "chef_de_service")
    telephone = un_appareil(cas, "Téléphone de Camille")
    note = {"date": dans(-1)[:10], "moyen": "telephone"}
    assert noter(cas, telephone, "noter_entretien", un_id(), note, None).statut == "conflict"
    chef = connecte("chef_de_service")
    page = chef.get("/supervision/desaccords").text
    for attendu in ("Dossier archivé", "archivé le", "Laisser archivé", "Rouvrir"):
        assert attendu in texte(page), attendu
    chef.post("/supervision/desaccords/regler", {"desaccord": cle(page), "choix": "propose"})
    assert cas.dossier()["personne"]["archive_le"] is None
    assert "arrivée dans un dossier archivé" in texte(chef.get(f"/supervision/historique/{cas.personne}").text)


def formulaire(page: str, action: str) -> dict[str, str]:
    """Les champs cachés du formulaire qui va à cette adresse."""
    corps = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert corps, action
    champs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', corps[1])
    return {nom: valeur for nom, valeur in champs if nom != "csrf_token"}


def test_two_people_at_the_desk_with_the_same_page_open_disagree(cas, connecte):
    """La page dit la version qu'elle montrait : la seconde à enregistrer n'efface pas la première sans le savoir."""
    chef, secretariat = connecte("chef_de_service"), connecte("secretariat")
    action = f"/dossiers/{cas.personne}/modifier"
    pages = [formulaire(nav.get(action).text, action) for nav in (chef, secretariat)]
    commun = {"nom": "Zinsou-Fictive", "sexe": "femme", "date_effet": dans(0)[:10]}
    for nav, caches, prenom in ((chef, pages[0], "Aïssa"), (secretariat, pages[1], "Eva")):
        assert caches["base"]
        assert nav.post(action, {**caches, **commun, "prenom": prenom}).status_code == 303
    dossier = cas.dossier()
    assert dossier["personne"]["prenom"] == "Aïssa"
    (desaccord,) = dossier["desaccords"]
    assert (desaccord["en_vigueur"]["valeur"], desaccord["propose"]["valeur"]) == ("Aïssa", "Eva")


def test_a_page_left_open_does_not_put_back_what_it_showed(cas, connecte):
    """Un formulaire renvoie tout : ce qu'il montrait d'hier, et que personne n'a retapé, ne défait pas aujourd'hui."""
    cas.faire("modifier_personne", cas.personne, {"adresse": "1 rue A", "date_effet": dans(-20)[:10]})
    chef, action = connecte("chef_de_service"), f"/dossiers/{cas.personne}/modifier"
    ouverte = formulaire(chef.get(action).text, action)
    cas.faire("modifier_personne", cas.personne, {"adresse": "2 rue B", "date_effet": dans(-2)[:10]})
    tel_quel = {"nom": "Zinsou-Fictive", "prenom": "Awa", "sexe": "femme", "adresse": "1 rue A"}
    assert chef.post(action, {**ouverte, **tel_quel, "date_effet": dans(0)[:10]}).status_code == 303
    dossier = cas.dossier()
    assert dossier["personne"]["historique"]["adresse"][-1][1] == "2 rue B"
    assert [d["propose"]["valeur"] for d in dossier["desaccords"]] == ["1 rue A"]


def test_moving_an_appointment_from_a_page_left_open_is_a_disagreement(cas, connecte):
    chef, action = connecte("chef_de_service"), f"/rendez-vous/{cas.futur}/deplacer"
    ouverte = formulaire(chef.get(action).text, action)
    cas.faire("deplacer_rendez_vous", cas.futur, {"debut": dans(9)})
    champs = {"date": dans(10)[:10], "heure": "09:30", "duree": "45", "lieu": "CMS Toul"}
    assert chef.post(action, {**ouverte, **champs}).status_code == 303
    assert [d["champ"] for d in cas.dossier()["desaccords"]] == ["debut"]


def test_an_appointment_in_disagreement_counts_once_for_what_is_in_force(cas, connecte):
    """La valeur en vigueur compte, et elle seule, avant comme après le règlement."""
    telephone, annee = un_appareil(cas, "Téléphone de Camille"), dans(-1)[:4]
    base = next(r["version"] for r in cas.dossier()["rendez_vous"] if r["id"] == cas.passe)

    def comptes() -> dict[str, object]:
        with cas.app.app_context():
            demande = Demande.lire(cas.equipe.structure_id, "DSP-TDL", annee)
            lu = rapport.tableau(db.session(), demande, "rendez_vous")
        lignes = {ligne.code: ligne.nombre for ligne in lu.lignes}
        return {code: lignes[code] for code in ("proposes", "realise", "absence_excusee")}

    for appareil, role, statut in ((telephone, None, "honore"), (None, "chef_de_service", "absence_excusee")):
        noter(cas, appareil, "constater_rendez_vous", cas.passe, {"statut": statut}, base, role)
    assert comptes() == {"proposes": 1, "realise": 1, "absence_excusee": 0}
    chef = connecte("chef_de_service")
    choisi = {"desaccord": cle(chef.get("/supervision/desaccords").text), "choix": "propose"}
    assert chef.post("/supervision/desaccords/regler", choisi).status_code == 303
    assert comptes() == {"proposes": 1, "realise": 0, "absence_excusee": 1}


def test_the_history_tells_a_loan_in_words(cas, connecte):
    pret = {"utilisateur": cas.equipe.comptes["maraude"], "motif": "visite", "jusqu_au": dans(3)[:10]}
    cas.faire("partager_dossier", un_id(), pret)
    page = texte(connecte("chef_de_service").get(f"/supervision/historique/{cas.personne}").text)
    assert "Jusqu’au" in page
    assert "Pourquoi" in page
    assert not {"jusqu_au", "motif", dans(3)[:10]} & set(page.split())
