"""Équipe : confier, prêter, retirer un téléphone, lire ce qui est arrivé tard."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from sqlalchemy import select
from uuid6 import uuid7

from app.base import db, ecrire
from app.models import Acces, Appareil, EvenementCompte, MesureReferent, Operation, Partage, Structure, Utilisateur
from sync.appliquer import appliquer
from sync.portee import requete_siens
from tests.sync.fabrique import creer_personne
from tests.views.faits import dans, un_cas
from tests.views.test_echange import echanger, enroler, op


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


@pytest.fixture
def chef(cas, connecte):
    return connecte("chef_de_service")


@pytest.fixture
def telephone(cas, connecte):
    nav = connecte()
    nav.appareil = enroler(nav, nom="Téléphone de Toul").json["appareil"]
    assert echanger(nav, nav.appareil, protocole=2).status_code == 200
    return nav


def demande(cas, geste="confier", **champs):
    """Le formulaire de la file active de la conseillère."""
    vers = cas.equipe.comptes["maraude"]
    return {
        "de": cas.equipe.comptes["conseiller"],
        "dossier": cas.personne,
        "geste": geste,
        f"{geste}-vers": vers,
    } | champs


def caches(page: str) -> dict[str, list[str]]:
    champs: dict[str, list[str]] = {}
    for nom, valeur in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if nom != "csrf_token":
            champs.setdefault(nom, []).append(valeur)
    return champs


def tient(app, cas, role: str) -> bool:
    with app.app_context():
        jour = cas.acteur(role).jour
        siens = requete_siens(cas.equipe.structure_id, cas.equipe.comptes[role], jour)
        return cas.personne in set(db.session.scalars(siens))


def test_the_file_of_each_is_listed_with_its_size(cas, chef):
    page = chef.get("/equipe").text
    assert re.search(r"Camille Fictive-cons</span><span[^>]*><span class=\"nombre\">1</span> dossier", page)
    file = chef.get(f"/equipe?de={cas.equipe.comptes['conseiller']}").text
    assert f'value="{cas.personne}"' in file
    assert "Zinsou-Fictive" in file


def test_the_consequences_are_told_before_anything_changes(app, cas, chef, telephone):
    apercu = chef.post("/equipe/apercu", demande(cas))
    assert apercu.status_code == 200
    assert "Ce qui n’est pas encore parti de son téléphone arrivera quand même" in apercu.text
    assert "Téléphone de Toul" in apercu.text
    assert "1 rendez-vous à venir est dans ces dossiers" in apercu.text
    assert tient(app, cas, "conseiller")
    with app.app_context():
        assert db.session.scalar(select(Operation.id).where(Operation.genre == "confier_mesure")) is None


def test_a_phone_that_does_not_exist_is_not_promised(app, cas, chef):
    for champs in (demande(cas), demande(cas) | {"geste": "preter", "preter-vers": cas.equipe.comptes["maraude"]}):
        dit = chef.post("/equipe/apercu", champs | {"jusqu_au": dans(5)[:10], "motif": "absence"}).text
        assert "n’a pas de téléphone préparé" in dit
        assert "sur le téléphone de" not in dit
        assert "de son téléphone" not in dit


def test_a_file_is_entrusted_once_however_often_the_page_is_sent(app, cas, chef):
    champs = caches(chef.post("/equipe/apercu", demande(cas)).text)
    for _ in range(2):
        reponse = chef.post("/equipe/faire", champs)
        assert (reponse.status_code, reponse.headers["Location"]) == (303, "/equipe")
    assert "Dossier confié." in chef.get("/equipe").text
    assert (tient(app, cas, "conseiller"), tient(app, cas, "maraude")) == (False, True)
    with app.app_context():
        assert len(db.session.scalars(select(Operation.id).where(Operation.genre == "confier_mesure")).all()) == 1
        suivis = db.session.scalars(select(MesureReferent.utilisateur_id).order_by(MesureReferent.jour)).all()
        assert suivis == [cas.equipe.comptes["conseiller"], cas.equipe.comptes["maraude"]]


def test_the_phone_gives_back_what_it_had_noted_then_loses_the_file(app, cas, chef, telephone):
    chef.post("/equipe/faire", caches(chef.post("/equipe/apercu", demande(cas)).text))
    entretien = str(uuid7())
    note = op("noter_entretien", entretien, cas.personne, {"date": dans(0)[:10], "moyen": "telephone"})
    recue = echanger(telephone, telephone.appareil, [note], protocole=2, curseur=None).json
    assert [resultat["statut"] for resultat in recue["resultats"]] == ["applied"]
    assert recue["retraits"] == [cas.personne]
    page = chef.get("/equipe/tardives").text
    assert "reçue après le changement de référent" in page
    assert "Zinsou-Fictive" in page
    assert "Téléphone de Toul" in page
    assert "reçue après le changement de référent" in chef.get("/supervision/fiches").text


def test_a_whole_file_active_is_lent_for_a_time_and_the_loan_can_be_ended(app, cas, chef):
    champs = demande(
        cas, "preter", tous="oui", dossier="", motif="remplacement", du=dans(0)[:10], jusqu_au=dans(6)[:10]
    )
    apercu = chef.post("/equipe/apercu", champs)
    assert "Ils en repartent d’eux-mêmes" in apercu.text
    assert chef.post("/equipe/faire", caches(apercu.text)).headers["Location"] == "/equipe/prets"
    assert (tient(app, cas, "conseiller"), tient(app, cas, "maraude")) == (True, True)
    page = chef.get("/equipe/prets").text
    assert "Zinsou-Fictive" in page
    fin = re.search(r'action="(/equipe/prets/[^"]+/fin)"', page)
    operation = re.search(r'name="operation" value="([^"]+)"', page)
    for _ in range(2):
        assert chef.post(fin[1], {"operation": operation[1]}).status_code == 303
    assert not tient(app, cas, "maraude")
    assert "Aucun dossier prêté" in chef.get("/equipe/prets").text
    with app.app_context():
        assert [p.fin_le for p in db.session.scalars(select(Partage))] == [cas.acteur().jour]


def test_the_head_of_service_is_told_which_people_have_not_agreed_before_a_partner_is_given_their_files(cas, chef):
    champs = demande(cas, "preter", motif="binome")
    apercu = chef.post("/equipe/apercu", champs).text
    assert "L’accord n’est pas noté dans ce dossier" in apercu
    assert "arrivent entiers" not in apercu
    cas.faire("modifier_personne", cas.personne, {"accord_partage": True, "date_effet": dans(0)[:10]})
    apercu = chef.post("/equipe/apercu", champs).text
    assert "En binôme" in apercu
    assert "L’accord n’est pas noté" not in apercu


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"dossier": ""}, "Cochez au moins un dossier."),
        ({"confier-vers": ""}, "Choisissez à qui."),
        ({"confier-vers": "soi"}, "Choisissez à qui."),
        ({"quand": "31/02/2027"}, "Cette date n’existe pas au calendrier."),
        ({"geste": "preter", "preter-vers": "maraude"}, "Donnez le dernier jour du prêt"),
        ({"geste": "preter", "preter-vers": "maraude", "jusqu_au": "2020-01-01"}, "Ce prêt serait fini avant"),
    ],
)
def test_what_is_missing_is_said_and_what_was_chosen_is_kept(cas, chef, champs, message):
    comptes = cas.equipe.comptes | {"soi": cas.equipe.comptes["conseiller"]}
    champs = {nom: comptes.get(valeur, valeur) for nom, valeur in champs.items()}
    reponse = chef.post("/equipe/apercu", demande(cas) | champs)
    assert reponse.status_code == 422
    assert message in reponse.text
    if champs.get("dossier") == "":
        assert 'name="tous" value="oui" aria-invalid="true" aria-describedby="erreur-dossier"' in reponse.text
    else:
        assert re.search(rf'value="{cas.personne}" checked', reponse.text)


def test_a_dossier_without_a_measure_is_lent_but_not_entrusted(app, cas, chef):
    sans = un_cas_sans_mesure(cas)
    apercu = chef.post("/equipe/apercu", demande(cas, dossier=sans))
    assert "Sans accompagnement à confier" in apercu.text
    assert "ligne" not in caches(apercu.text)
    apercu = chef.post("/equipe/apercu", demande(cas, "preter", dossier=sans, jusqu_au=dans(3)[:10]))
    assert len(caches(apercu.text)["ligne"]) == 1


def un_cas_sans_mesure(cas) -> str:
    autre = type(cas)(cas.app, cas.equipe, nom="Autre-Fictive")
    autre.faire("creer_personne", autre.personne, {"nom": "Autre-Fictive"})
    return autre.personne


def test_the_files_of_a_closed_account_can_still_be_entrusted(app, cas, chef):
    with app.app_context(), ecrire(db.engine) as session:
        session.get_one(Utilisateur, (cas.equipe.structure_id, cas.equipe.comptes["conseiller"])).actif = False
    assert "compte fermé" in chef.get("/equipe").text
    chef.post("/equipe/faire", caches(chef.post("/equipe/apercu", demande(cas)).text))
    assert tient(app, cas, "maraude")


def test_the_chef_withdraws_a_phone_after_reading_what_it_means(app, cas, chef, telephone):
    page = chef.get("/equipe/appareils").text
    assert "Téléphone de Toul" in page
    assert "ne se sait pas d’ici" in page
    confirmation = chef.get(f"/equipe/appareils/{telephone.appareil}").text
    assert "Rien de ce qui y a été noté n’est détruit" in confirmation
    assert echanger(telephone, telephone.appareil).status_code == 200
    assert chef.post(f"/equipe/appareils/{telephone.appareil}/retirer").status_code == 303
    reponse = echanger(telephone, telephone.appareil)
    assert (reponse.status_code, reponse.json["erreur"]) == (410, "appareil_revoque")
    # Il n'a pas encore rendu ce qu'il garde : rien ne doit l'effacer ici.
    assert "Clear-Site-Data" not in reponse.headers
    with app.app_context():
        (retrait,) = db.session.scalars(select(EvenementCompte).where(EvenementCompte.genre == "appareil_retire"))
        assert retrait.auteur_id == cas.equipe.comptes["chef_de_service"]
    assert "retiré le" in chef.get("/equipe/appareils").text


def test_a_phone_silent_for_longer_than_its_lease_is_said_closed(cas, chef, telephone, connecte):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=9)):
        page = connecte("chef_de_service").get("/equipe/appareils").text
    assert "carnet fermé\u202f: pas d’échange depuis 9 jours" in page


def test_the_lease_is_set_and_reaches_the_phones(app, cas, chef, telephone):
    for mauvais in ("0", "31", "sept", ""):
        assert chef.post("/equipe/bail", {"bail_jours": mauvais}).status_code == 422
    assert chef.post("/equipe/bail", {"bail_jours": "3"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Structure, cas.equipe.structure_id).bail_jours == 3
    assert echanger(telephone, telephone.appareil).json["reference"]["structure"]["bail_jours"] == 3


def test_nobody_else_manages_the_team(cas, connecte):
    for role in ("conseiller", "maraude", "secretariat", "administrateur", "partenaire"):
        for chemin in ("/equipe", "/equipe/prets", "/equipe/appareils", "/equipe/tardives"):
            assert connecte(role).get(chemin).status_code == 403, (role, chemin)


def test_the_team_of_another_structure_is_out_of_reach(app, cas, equipes, connecte, telephone):
    ailleurs = connecte("chef_de_service", 1)
    assert ailleurs.get(f"/equipe?de={cas.equipe.comptes['conseiller']}").status_code == 404
    assert ailleurs.post("/equipe/apercu", demande(cas)).status_code == 404
    assert ailleurs.post(f"/equipe/appareils/{telephone.appareil}/retirer").status_code == 404
    ligne = f"{cas.mesure}.{cas.personne}.{uuid7()}"
    ailleurs.post(
        "/equipe/faire", {"geste": "confier", "champ-referent": equipes[1].comptes["maraude"], "ligne": ligne}
    )
    assert tient(app, cas, "conseiller")
    with app.app_context():
        assert db.session.scalar(select(Appareil.revoque_le)) is None
        assert {a.utilisateur_id for a in db.session.scalars(select(Acces))} == {cas.equipe.comptes["conseiller"]}


def test_one_reads_what_withdrawing_ones_own_phone_means_and_nobody_elses(cas, connecte, telephone):
    assert f"/appareils/{telephone.appareil}" in telephone.get("/appareils").text
    assert "Rien de ce qui y a été noté n’est détruit" in telephone.get(f"/appareils/{telephone.appareil}").text
    assert connecte("maraude").get(f"/appareils/{telephone.appareil}").status_code == 404
    assert telephone.post(f"/appareils/{telephone.appareil}/revoquer").status_code == 303
    assert echanger(telephone, telephone.appareil).status_code == 410


def test_from_a_file_the_chef_shares_lends_or_entrusts_it(cas, chef):
    """Depuis le dossier ou son historique : le formulaire de partage, ou Équipe avec ce dossier déjà coché."""
    confier = f"/equipe?de={cas.equipe.comptes['conseiller']}&amp;dossier={cas.personne}"
    for ecran in (f"/dossiers/{cas.personne}", f"/supervision/historique/{cas.personne}"):
        page = chef.get(ecran).text
        assert f'href="{confier}"' in page, ecran
        assert f'href="/dossiers/{cas.personne}/partager"' in page, ecran
    autre = creer_personne(nom="Abadie-Fictive")
    with cas.app.app_context(), ecrire(db.engine) as session:
        appliquer(session, cas.acteur(), [autre])
    page = chef.get(confier.replace("&amp;", "&")).text
    cases = re.findall(r'<input type="checkbox" name="dossier" value="([^"]+)"( checked)?>', page)
    assert cases == [(cas.personne, " checked"), (autre.entite, "")], "en tête, et seul coché"


def test_the_referent_shares_from_the_page_of_the_file_and_the_secretariat_does_not(cas, connecte):
    partager = f'href="/dossiers/{cas.personne}/partager"'
    page = connecte().get(f"/dossiers/{cas.personne}").text
    assert (partager in page, "/equipe?de=" in page) == (True, False)
    for ecran in (f"/dossiers/{cas.personne}", f"/supervision/historique/{cas.personne}"):
        assert partager not in connecte("secretariat").get(ecran).text


def test_the_administration_says_what_a_withdrawal_does_before_doing_it(app, cas, telephone, connecte):
    admin, adresse = connecte("administrateur"), f"/administration/appareils/{telephone.appareil}"
    page = admin.get("/administration").text
    assert f'href="{adresse}"' in page
    assert "/revoquer" not in page, "rien ne se retire d'un seul geste"
    avant = admin.get(adresse).text
    assert "Retirer «" in avant
    assert "tout ce qu’il garde encore" in avant
    with app.app_context():
        assert db.session.get_one(Appareil, (cas.equipe.structure_id, telephone.appareil)).revoque_le is None
    assert f'action="{adresse}/revoquer"' in avant
    assert admin.post(f"{adresse}/revoquer").headers["Location"] == "/administration"
    assert admin.get(adresse).status_code == 404, "déjà retiré"
    assert connecte("chef_de_service").get(adresse).status_code == 404
