"""Le comité technique : choisir, lire chaque situation, noter ce qui est décidé."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from app.base import db
from app.models import Comite, SituationComite
from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import Cas, dans, un_cas, un_id

REUNION = {"titre": "Comité de l’atelier", "jour": dans(6)[:10], "avec": "Atelier des Sources"}


@pytest.fixture
def cas(app, equipes):
    cas = un_cas(app, equipes[0])
    freins = {"freins": [{"cle": "mobilite", "niveau": 3, "etat": None}], "moment": "entree", "jour": dans(-9)[:10]}
    cas.faire("noter_diagnostic", un_id(), {"mesure_id": cas.mesure, **freins})
    return cas


@pytest.fixture
def chef(cas, connecte):
    return connecte("chef_de_service")


def preparer(chef) -> str:
    identifiant = un_id()
    for _ in range(2):
        reponse = chef.post("/reunions/comites", {"id": identifiant, **REUNION})
        assert reponse.headers["Location"] == f"/reunions/comites/{identifiant}/choisir"
    return f"/reunions/comites/{identifiant}"


def une_autre(app, cas) -> Cas:
    autre = Cas(app, cas.equipe, nom="Merveillis")
    autre.faire("creer_personne", autre.personne, {"nom": "Merveillis", "prenom": "Ali", "date_effet": dans(-9)[:10]})
    autre.faire("ouvrir_mesure", autre.mesure, {"convention": "DSP-TDL", "orientee_le": dans(-9)[:10]})
    return autre


def test_a_committee_is_prepared_from_files_or_by_name_and_each_situation_is_there_once(app, cas, chef):
    autre, comite = une_autre(app, cas), preparer(chef)
    page = chef.get(f"{comite}/choisir?de={cas.equipe.comptes['conseiller']}").text
    assert f'value="{cas.personne}"' in page
    page = chef.post(f"{comite}/chercher", {"q": "merveil"}).text
    assert f'value="{autre.personne}"' in page
    assert f'value="{cas.personne}"' not in page
    for _ in range(2):
        chef.post(f"{comite}/situations", {"dossier": [cas.personne, autre.personne]})
    assert re.findall(r'class="ligne-entiere"[^>]*>([^<]+)', chef.get(comite).text) == [
        "Awa Zinsou-Fictive",
        "Ali Merveillis",
    ]
    assert "déjà dans la liste" in chef.post(f"{comite}/chercher", {"q": "merveil"}).text
    chef.post(f"{comite}/situations/{autre.personne}/retirer")
    assert "Ali Merveillis" not in chef.get(comite).text
    with app.app_context():
        assert (db.session.query(Comite).count(), db.session.query(SituationComite).count()) == (1, 1)


def test_a_situation_fits_a_screen_without_what_was_said(app, cas, chef):
    comite = preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": cas.personne})
    page = chef.get(f"{comite}/situations/{cas.personne}").text
    for dit in ("Awa Zinsou-Fictive", "situation 1 sur 1", "Mobilité", "Dernier mouvement", "Camille Fictive-cons"):
        assert dit in page, dit
    assert "Point fait." not in page


def test_a_decision_is_kept_with_who_wrote_it_and_leads_to_the_next(app, cas, chef):
    autre, comite = une_autre(app, cas), preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": [cas.personne, autre.personne]})
    adresse = f"{comite}/situations/{cas.personne}"
    (suivante,) = re.findall(r'name="suivante" value="([^"]+)"', chef.get(adresse).text)
    vide = chef.post(adresse, {"decision": " ", "suivante": suivante})
    assert (vide.status_code, "Écrivez ce qui est décidé" in vide.text) == (422, True)
    reponse = chef.post(adresse, {"decision": "Renouveler six mois.", "suivante": suivante})
    assert reponse.headers["Location"] == f"{comite}/situations/{autre.personne}"
    with app.app_context():
        notee = db.session.query(SituationComite).filter_by(personne_id=cas.personne).one()
        assert (notee.decision, notee.par_id) == ("Renouveler six mois.", cas.equipe.comptes["chef_de_service"])
    # Décidée, une situation ne se retire plus ; la décision effacée, elle le peut.
    chef.post(f"{adresse}/retirer")
    assert "effacez-la d’abord" in chef.get(comite).text
    assert "Renouveler six mois." in chef.get(f"{comite}/decisions").text
    releve = chef.get(f"{comite}/decisions.pdf")
    assert "Renouvelersixmois." in texte(lire_pdf(releve.data))
    assert "Zinsou" not in releve.headers["Content-Disposition"]
    assert chef.get(f"{comite}/imprimer").text.count('class="papier"') == 2
    assert "1 décision" in chef.get("/reunions/comites").text
    assert chef.post(adresse, {"decision": "x" * 2001}).status_code == 422
    chef.post(adresse, {"decision": " "})
    chef.post(f"{adresse}/retirer")
    assert "Zinsou" not in chef.get(comite).text


def reunir(cas: Cas, absorbee: str) -> None:
    cas.faire("fusionner_dossiers", cas.personne, {"absorbee": absorbee}, "chef_de_service")


def test_two_files_made_one_are_one_situation_with_what_was_decided_of_both(app, cas, chef):
    autre, comite = une_autre(app, cas), preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": [autre.personne, cas.personne]})
    chef.post(f"{comite}/situations/{autre.personne}", {"decision": "Revoir en mars."})
    chef.post(f"{comite}/situations/{cas.personne}", {"decision": "Renouveler six mois."})
    reunir(cas, autre.personne)
    page = chef.get(comite).text
    assert re.findall(r'class="ligne-entiere" href="([^"]+)"[^>]*>([^<]+)', page) == [
        (f"{comite}/situations/{cas.personne}", "Awa Zinsou-Fictive")
    ]
    releve = chef.get(f"{comite}/decisions").text
    assert "Revoir en mars." in releve
    assert "Renouveler six mois." in releve
    assert "1 situation" in chef.get("/reunions/comites").text
    assert chef.get(f"{comite}/imprimer").text.count('class="papier"') == 1
    # Une page restée ouverte nomme encore le dossier d'avant ; l'ajouter n'en fait pas deux.
    assert "Revoir en mars." in chef.get(f"{comite}/situations/{autre.personne}").text
    chef.post(f"{comite}/situations", {"dossier": autre.personne})
    chef.post(f"{comite}/situations/{autre.personne}", {"decision": "Revoir en mai."})
    assert chef.get(comite).text.count("ligne-entiere") == 1
    releve = chef.get(f"{comite}/decisions").text
    assert "Revoir en mai." in releve
    assert "Revoir en mars." not in releve


def test_a_committee_takes_no_more_than_it_can_look_at(app, cas, chef, monkeypatch):
    monkeypatch.setattr("app.reunions.comites.LOT", 1)
    autre, comite = une_autre(app, cas), preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": [cas.personne, autre.personne]})
    page = chef.get(comite).text
    assert "n’en prend pas plus" in page
    assert "Ali Merveillis" not in page


def test_what_is_ticked_is_looked_up_at_once(app, cas, chef):
    """Un dossier de plus ne demande pas une lecture de plus."""
    autres, comite = [une_autre(app, cas).personne for _ in range(4)], preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": autres[0]})
    with app.app_context():
        moteur = db.engine
    lues: list[str] = []
    event.listen(moteur, "before_cursor_execute", lambda *a: lues.append(a[2]))
    comptes = []
    for choisis in (autres[1:2], autres[2:]):
        lues.clear()
        chef.post(f"{comite}/situations", {"dossier": choisis})
        comptes.append(sum("FROM personne" in lue for lue in lues))
    assert comptes[0] == comptes[1] > 0
    assert chef.post(f"{comite}/situations", {"dossier": [autres[0], un_id()]}).status_code == 404


def test_the_screen_keeps_justice_out_and_the_sheet_health_and_a_masked_place_too(cas, chef):
    freins = [{"cle": cle, "niveau": 2, "etat": None} for cle in ("sante", "justice", "budget")]
    cas.faire(
        "noter_diagnostic",
        un_id(),
        {"mesure_id": cas.mesure, "moment": "bilan", "jour": dans(-1)[:10], "freins": freins},
    )
    etape = {"mesure_id": cas.mesure, "nature": "cdd", "debut": dans(-5)[:10], "employeur": "Hôpital de l’Exemple"}
    cas.faire("noter_etape", un_id(), etape)
    comite = preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": cas.personne})
    ecran = chef.get(f"{comite}/situations/{cas.personne}").text
    assert "Santé" in ecran
    assert "judiciaire" not in ecran
    assert "Hôpital" in ecran
    chef.post("/equipe/lieux-masques", {"id": un_id(), "nom": "hopital de l'exemple"})
    feuille = chef.get(f"{comite}/imprimer").text
    assert "Budget" in feuille
    assert feuille.count("Autre frein") == 1
    for tu in ("judiciaire", "Santé", "Hôpital"):
        assert tu not in feuille, tu
    assert "CDD" in feuille
    assert "Hôpital" not in chef.get(f"{comite}/situations/{cas.personne}").text


def test_an_incomplete_committee_is_asked_again(chef):
    reponse = chef.post("/reunions/comites", {"id": un_id(), "jour": "31/02/2027"})
    assert reponse.status_code == 422
    assert "Donnez le jour du comité." in reponse.text
    assert "Nommez ce comité" in reponse.text


def test_it_belongs_to_its_structure_and_to_the_head_of_service(app, cas, equipes, chef, connecte):
    comite = preparer(chef)
    chef.post(f"{comite}/situations", {"dossier": cas.personne})
    ailleurs = un_cas(app, equipes[1])
    assert chef.post(f"{comite}/situations", {"dossier": ailleurs.personne}).status_code == 404
    for role, structure in (("conseiller", 0), ("secretariat", 0), ("administrateur", 0), ("chef_de_service", 1)):
        nav = connecte(role, structure)
        for chemin in ("", "/choisir", "/imprimer", "/decisions", f"/situations/{cas.personne}"):
            assert nav.get(comite + chemin).status_code == 404, (role, chemin)
        assert nav.post(f"{comite}/situations/{cas.personne}", {"decision": "x"}).status_code == 404
