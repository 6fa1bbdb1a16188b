"""Le comité technique au bureau : choisir, lire chaque situation, noter ce qui est décidé ; le dossier le reçoit."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, select

from app.base import db
from app.models import Cahier, Feuille, Personne, Piece
from app.reunions import comites
from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import Cas, dans, un_cas, un_id

REUNION = {"titre": "Comité de l’atelier", "jour": dans(6)[:10], "avec": "Atelier des Sources"}
LIGNE = r'class="ligne-entiere" href="([^"]+)"[^>]*>([^<]+)'


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
    identifiant, operation = un_id(), un_id()
    for _ in range(2):
        reponse = chef.post("/reunions/comites", {"id": identifiant, "operation": operation, **REUNION})
        assert reponse.headers["Location"] == f"/reunions/comites/{identifiant}/choisir"
    return f"/reunions/comites/{identifiant}"


def ajouter(chef, comite: str, *personnes: str, **champs: str) -> list[str]:
    """Les adresses des situations du comité, dans l'ordre."""
    chef.post(f"{comite}/situations", {"id": un_id(), "dossier": list(personnes), **champs})
    return [adresse for adresse, _ in re.findall(LIGNE, chef.get(comite).text)]


def decider(chef, adresse: str, **champs: str):
    page = chef.get(adresse).text
    caches = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page[page.index('id="decision"') :]))
    return chef.post(adresse, caches | champs)


def retirer(chef, adresse: str):
    return chef.post(f"{adresse}/retirer", {"operation": un_id()})


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
    choix = {"id": un_id(), "dossier": [cas.personne, autre.personne]}
    for _ in range(2):
        chef.post(f"{comite}/situations", choix)
    lignes = re.findall(LIGNE, chef.get(comite).text)
    assert [nom for _, nom in lignes] == ["Awa Zinsou-Fictive", "Ali Merveillis"]
    assert "déjà dans la liste" in chef.post(f"{comite}/chercher", {"q": "merveil"}).text
    retirer(chef, lignes[1][0])
    assert "Ali Merveillis" not in chef.get(comite).text
    with app.app_context():
        assert (db.session.query(Cahier).count(), db.session.query(Feuille).count()) == (1, 2)


def test_a_situation_fits_a_screen_without_what_was_said(app, cas, chef):
    (adresse,) = ajouter(chef, preparer(chef), cas.personne)
    page = chef.get(adresse).text
    for dit in ("Awa Zinsou-Fictive", "1 sur 1", "Mobilité", "Dernier mouvement", "Camille Fictive-cons"):
        assert dit in page, dit
    assert "Point fait." not in page


def test_a_decision_is_kept_with_who_follows_and_leads_to_the_next(app, cas, chef):
    autre, comite = une_autre(app, cas), preparer(chef)
    une, suivante = ajouter(chef, comite, cas.personne, autre.personne)
    vide = decider(chef, une, decision=" ")
    assert (vide.status_code, "Écrivez ce qui est décidé" in vide.text) == (422, True)
    suite = {"suivi_par": "siae", "suivi_precis": "Mme Perrin", "pour_le": dans(40)[:10]}
    reponse = decider(chef, une, decision="Renouveler six mois.", **suite)
    assert reponse.headers["Location"] == suivante
    # Décidée, une situation ne se retire plus ; la décision effacée, elle le peut.
    retirer(chef, une)
    assert "effacez-la d’abord" in chef.get(comite).text
    page = chef.get(comite).text
    assert "La SIAE, Mme Perrin, pour le" in page
    assert "Renouveler six mois." in chef.get(f"{comite}/decisions").text
    releve = chef.get(f"{comite}/decisions.pdf")
    assert "Renouvelersixmois." in texte(lire_pdf(releve.data))
    assert "Zinsou" not in releve.headers["Content-Disposition"]
    assert chef.get(f"{comite}/imprimer").text.count('class="papier"') == 2
    assert "1 décision" in chef.get("/reunions/comites").text
    assert decider(chef, une, decision="x" * 10_001).status_code == 422
    assert decider(chef, une, decision=" ").status_code == 303
    retirer(chef, une)
    assert "Zinsou" not in chef.get(comite).text


def test_the_decision_joins_the_dossier_and_follows_what_the_committee_corrects(cas, chef, connecte):
    comite = preparer(chef)
    (adresse,) = ajouter(chef, comite, cas.personne)
    decider(chef, adresse, decision="Renouveler six mois.", suivi_par="referent")
    (piece,) = [piece for piece in cas.dossier()["pieces"] if piece["forme"] == "decision"]
    assert piece["valeurs"] == {
        "le": REUNION["jour"],
        "comite": REUNION["titre"],
        "decision": "Renouveler six mois.",
        "suivi_par": "referent",
    }
    assert "Comité de l’atelier" in connecte("conseiller").get(f"/dossiers/{cas.personne}").text
    decider(chef, adresse, decision="Renouveler trois mois.", suivi_par="referent")
    (piece,) = [piece for piece in cas.dossier()["pieces"] if piece["forme"] == "decision"]
    assert piece["valeurs"]["decision"] == "Renouveler trois mois."
    assert piece["revisions"][0]["champs"] == {"decision": "Renouveler six mois."}
    decider(chef, adresse, decision="")
    (piece,) = [piece for piece in cas.dossier()["pieces"] if piece["forme"] == "decision"]
    assert piece["retrait_motif"] == "Effacée au comité."
    decider(chef, adresse, decision="Finalement, six mois.", suivi_par="referent")
    (piece,) = [piece for piece in cas.dossier()["pieces"] if piece["forme"] == "decision"]
    assert (piece["retiree_le"], piece["valeurs"]["decision"]) == (None, "Finalement, six mois.")


def rapport(chef) -> str:
    """Ce que dit le rapport de l'année, sans les jetons de la page."""
    page = chef.get(f"/rapports/DSP-TDL/{dans(0)[:4]}").text
    return re.sub(r'value="[^"]*"', "", page[page.index("<main") : page.index("</main>")])


def test_someone_followed_only_there_has_no_dossier_and_counts_nowhere(app, cas, chef):
    comite = preparer(chef)
    avant = rapport(chef)
    assert "accompagnée" in avant
    (adresse,) = ajouter(chef, comite, nom="K. B.")
    decider(chef, adresse, decision="La SIAE prolonge.", suivi_par="siae", nom="K. B.")
    page = chef.get(comite).text
    for dit in ("K. B.", "suivie seulement à ce comité", "La SIAE prolonge."):
        assert dit in page, dit
    with app.app_context():
        assert db.session.query(Personne).count() == 1
        assert db.session.query(Piece).filter_by(forme="decision").count() == 0
    assert rapport(chef) == avant
    assert "K. B." not in chef.get("/dossiers").text
    assert "K. B." in chef.get(f"{comite}/decisions").text


def test_two_files_made_one_keep_both_decisions_in_the_file_that_remains(app, cas, chef):
    autre, comite = une_autre(app, cas), preparer(chef)
    premiere, seconde = ajouter(chef, comite, autre.personne, cas.personne)
    decider(chef, premiere, decision="Revoir en mars.")
    cas.faire("fusionner_dossiers", cas.personne, {"absorbee": autre.personne}, "chef_de_service")
    decider(chef, seconde, decision="Renouveler six mois.")
    decider(chef, premiere, decision="Revoir en mai.")
    decisions = [piece for piece in cas.dossier()["pieces"] if piece["forme"] == "decision"]
    assert {piece["valeurs"]["decision"] for piece in decisions} == {"Revoir en mai.", "Renouveler six mois."}
    # Une page restée ouverte nomme encore le dossier d'avant ; l'ajouter n'en fait pas une de plus.
    assert ajouter(chef, comite, autre.personne) == [premiere, seconde]
    assert f'href="/dossiers/{cas.personne}"' in chef.get(premiere).text


def test_a_decision_on_a_file_made_one_before_joins_the_file_that_remains(app, cas, chef):
    autre, comite = une_autre(app, cas), preparer(chef)
    (adresse,) = ajouter(chef, comite, autre.personne)
    cas.faire("fusionner_dossiers", cas.personne, {"absorbee": autre.personne}, "chef_de_service")
    decider(chef, adresse, decision="Revoir en mai.")
    assert [p["valeurs"]["decision"] for p in cas.dossier()["pieces"] if p["forme"] == "decision"] == ["Revoir en mai."]


def test_a_committee_takes_no_more_than_it_can_look_at(app, cas, chef, monkeypatch):
    monkeypatch.setattr("app.reunions.comites.LOT", 1)
    autre, comite = une_autre(app, cas), preparer(chef)
    ajouter(chef, comite, cas.personne, autre.personne)
    assert "Ali Merveillis" not in chef.get(comite).text
    chef.post(f"{comite}/situations", {"id": un_id(), "nom": "K. B."})
    page = chef.get(comite).text
    assert "n’en prend pas plus" in page
    assert "K. B." not in page


def test_what_is_ticked_is_looked_up_at_once(app, cas, chef):
    """Un dossier de plus ne demande pas une lecture de plus pour savoir s'il est d'ici."""
    autres = [une_autre(app, cas).personne for _ in range(4)]
    comite = chef.get("/reunions/comites").text and preparer(chef)
    identifiant = comite.rpartition("/")[2]
    lues: list[str] = []
    with app.app_context():
        moteur, structure = db.engine, cas.equipe.structure_id
        lu = comites.trouver(db.session(), structure, identifiant)
        event.listen(moteur, "before_cursor_execute", lambda *a: lues.append(a[2]))
        comptes = []
        for choisis in (autres[1:2], autres[2:]):
            lues.clear()
            assert comites.neuves(db.session(), structure, lu, choisis) == choisis
            comptes.append(len(lues))
        assert comptes[0] == comptes[1] > 0
        db.session.rollback()
    reponse = chef.post(f"{comite}/situations", {"id": un_id(), "dossier": [autres[0], un_id()]})
    assert reponse.status_code == 404


def test_the_screen_keeps_justice_out_and_the_sheet_and_phones_health_and_a_masked_place_too(app, cas, chef):
    freins = [{"cle": cle, "niveau": 2, "etat": None} for cle in ("sante", "justice", "budget")]
    cas.faire(
        "noter_diagnostic",
        un_id(),
        {"mesure_id": cas.mesure, "moment": "bilan", "jour": dans(-1)[:10], "freins": freins},
    )
    etape = {"mesure_id": cas.mesure, "nature": "cdd", "debut": dans(-5)[:10], "employeur": "Hôpital de l’Exemple"}
    cas.faire("noter_etape", un_id(), etape)
    comite = preparer(chef)
    (adresse,) = ajouter(chef, comite, cas.personne)
    ecran = chef.get(adresse).text
    assert "Santé" in ecran
    assert "judiciaire" not in ecran
    assert "Hôpital" in ecran
    chef.post("/equipe/lieux-masques", {"id": un_id(), "nom": "hopital de l'exemple"})
    chef.post(f"{comite}/preparer")
    with app.app_context():
        (emporte,) = [str(resume) for resume in db.session.scalars(select(Feuille.resume))]
    for sorti in (chef.get(f"{comite}/imprimer").text, emporte):
        assert "Budget" in sorti
        assert sorti.count("Autre frein") == 1
        for tu in ("judiciaire", "Santé", "Hôpital", "Point fait."):
            assert tu not in sorti, tu
        assert "CDD" in sorti
    assert "Hôpital" not in chef.get(adresse).text


def test_an_incomplete_committee_is_asked_again(chef):
    reponse = chef.post("/reunions/comites", {"id": un_id(), "jour": "31/02/2027"})
    assert reponse.status_code == 422
    assert "Donnez le jour du comité." in reponse.text
    assert "Nommez ce comité" in reponse.text


def test_its_name_and_day_are_corrected_and_who_goes_is_said_there(cas, chef):
    comite = preparer(chef)
    identifiant = comite.rpartition("/")[2]
    (version,) = re.findall(r'name="version" value="(\d+)"', chef.get(comite).text)
    reporte = {"titre": "Comité reporté", "jour": dans(20)[:10], "avec": ""}
    assert chef.post(comite, {"operation": un_id(), "version": version, **reporte}).status_code == 303
    membre = {"operation": un_id(), "utilisateur": cas.equipe.comptes["conseiller"]}
    assert chef.post(f"/equipe/cahiers/{identifiant}/membres", membre).headers["Location"] == comite
    page = chef.get(comite).text
    assert "Comité reporté" in page
    assert page.count("Camille Fictive-cons") == 2
    assert "Comité reporté" not in chef.get("/equipe/cahiers").text
    assert chef.get(f"/equipe/cahiers/{identifiant}").status_code == 404


def test_it_belongs_to_its_structure_and_to_the_head_of_service(app, cas, equipes, chef, connecte):
    comite = preparer(chef)
    (adresse,) = ajouter(chef, comite, cas.personne)
    ailleurs = un_cas(app, equipes[1])
    assert chef.post(f"{comite}/situations", {"id": un_id(), "dossier": ailleurs.personne}).status_code == 404
    for role, structure in (("conseiller", 0), ("secretariat", 0), ("administrateur", 0), ("chef_de_service", 1)):
        nav = connecte(role, structure)
        for chemin in (comite, f"{comite}/choisir", f"{comite}/imprimer", f"{comite}/decisions", adresse):
            assert nav.get(chemin).status_code == 404, (role, chemin)
        assert nav.post(adresse, {"decision": "x"}).status_code == 404


def test_the_page_before_brought_back_adds_what_is_new_and_nothing_twice(app, cas, chef):
    """« Retour », une case de plus : le même identifiant de page ne perd pas celle que l'on ajoute."""
    comite, autre, page = preparer(chef), une_autre(app, cas), un_id()
    for dossiers in ([cas.personne], [cas.personne, autre.personne]):
        envoi = {"id": page, "dossier": dossiers, "nom": "K. B."}
        assert chef.post(f"{comite}/situations", envoi).status_code == 303
    noms = [nom.strip() for _, nom in re.findall(LIGNE, chef.get(comite).text)]
    assert sorted(noms) == sorted({*noms})
    assert len(noms) == 3


def test_a_name_too_long_for_the_list_is_cut_and_the_file_still_comes(app, cas, chef):
    autre = Cas(app, cas.equipe)
    autre.faire("creer_personne", autre.personne, {"nom": "N" * 120, "prenom": "P" * 120})
    assert len(ajouter(chef, preparer(chef), autre.personne)) == 1
