"""La fiche de passation d'un dossier que l'on confie, et les dossiers que personne ne suit."""

from __future__ import annotations

import re

import pytest

from app.base import db, ecrire
from app.models import Mesure, MesureReferent, RendezVous
from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import dans, un_cas, un_id
from tests.views.test_equipe import caches, demande, tient


@pytest.fixture
def cas(app, equipes):
    cas = un_cas(app, equipes[0])
    numero = {"telephones": [{"numero": "0612345678", "libelle": None}], "date_effet": dans(-2)[:10]}
    cas.faire("modifier_personne", cas.personne, numero)
    fsl = {"mesure_id": cas.mesure, "nature": "fsl", "deposee_le": dans(-3)[:10], "statut": "en_cours"}
    cas.faire("noter_demande", un_id(), fsl)
    cas.faire("modifier_mesure", cas.mesure, {"premier_contact_le": dans(-50)[:10], "entree_le": dans(-50)[:10]})
    return cas


@pytest.fixture
def chef(cas, connecte):
    return connecte("chef_de_service")


def test_the_sheet_says_where_the_file_stands_and_nothing_of_what_was_said(cas, chef):
    apercu = chef.post("/equipe/apercu", demande(cas)).text
    (lien,) = re.findall(r'href="(/equipe/passations/[^"]+)"', apercu)
    feuille = chef.get(lien).text
    for dit in ("Awa Zinsou-Fictive", "06\u202f12\u202f34\u202f56\u202f78", "FSL", "Entretien téléphonique", "À venir"):
        assert dit in feuille, dit
    assert "Ce qui est attendu" in feuille
    assert re.search(r"<li>[^<]+ (de retard|d’ici [^<]+)\.", feuille)
    assert "Remis par Camille Fictive-cons" in feuille
    assert "Reçu par Camille Fictive-mara" in feuille
    assert "Point fait." not in feuille


def test_a_masked_place_is_not_on_the_sheet(app, cas, chef):
    lieu = "Hôpital de l’Exemple"
    with app.app_context(), ecrire(db.engine) as session:
        session.query(Mesure).filter_by(id=cas.mesure).one().prescripteur = lieu
        for rendez_vous in session.query(RendezVous):
            rendez_vous.lieu = lieu
    cas.faire(
        "noter_etape", un_id(), {"mesure_id": cas.mesure, "nature": "cdd", "debut": dans(-3)[:10], "employeur": lieu}
    )
    feuille = f"/equipe/passations/{cas.personne}"
    assert chef.get(feuille).text.count(lieu) >= 3
    chef.post("/equipe/lieux-masques", {"id": un_id(), "nom": "hopital de l'exemple"})
    page = chef.get(feuille).text
    assert "Hôpital" not in page
    assert page.count("lieu masqué") >= 2
    assert "CDD" in page


def test_the_pdf_says_the_same_and_its_name_says_nobody(cas, chef):
    reponse = chef.get(f"/equipe/passations/{cas.personne}.pdf")
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="passation-[0-9-]+\.pdf"', reponse.headers["Content-Disposition"])
    assert "AwaZinsou-Fictive" in texte(lire_pdf(reponse.data))


def test_several_are_printed_one_after_the_other(app, cas, chef):
    autre = un_cas_de_plus(app, cas)
    champs = {"de": cas.equipe.comptes["conseiller"], "dossier": [cas.personne, autre]}
    page = chef.post("/equipe/passations", champs)
    assert (page.status_code, page.text.count('class="papier"')) == (200, 2)
    assert chef.post("/equipe/passations", champs | {"dossier": [], "tous": "oui"}).text.count('class="papier"') == 2
    aucune = chef.post("/equipe/passations", {"de": champs["de"]})
    assert (aucune.status_code, "Cochez au moins un dossier." in aucune.text) == (422, True)


def un_cas_de_plus(app, cas) -> str:
    personne = un_id()
    premiere, cas.personne = cas.personne, personne
    cas.faire("creer_personne", personne, {"nom": "Merveillis", "prenom": "Ali", "date_effet": dans(-9)[:10]})
    cas.faire("ouvrir_mesure", un_id(), {"convention": "DSP-TDL", "orientee_le": dans(-9)[:10]})
    cas.personne = premiere
    return personne


def test_only_who_runs_the_team_prints_them(cas, connecte):
    for role in ("conseiller", "secretariat", "administrateur"):
        assert connecte(role).get(f"/equipe/passations/{cas.personne}").status_code == 404
    assert connecte("chef_de_service", 1).get(f"/equipe/passations/{cas.personne}").status_code == 404


def test_a_measure_nobody_follows_is_found_and_entrusted(app, cas, chef):
    assert "sans" not in re.findall(r'href="/equipe\?de=(\w+)"', chef.get("/equipe").text)
    with app.app_context(), ecrire(db.engine) as session:
        session.query(MesureReferent).delete()
    assert 'href="/equipe?de=sans"' in chef.get("/equipe").text
    page = chef.get("/equipe?de=sans").text
    assert "Dossiers que personne ne suit" in page
    assert f'value="{cas.personne}"' in page
    apercu = chef.post("/equipe/apercu", demande(cas) | {"de": "sans"}).text
    assert "Les téléphones de" not in apercu
    assert chef.post("/equipe/faire", caches(apercu)).status_code == 303
    assert "Dossier confié." in chef.get("/equipe").text
    assert tient(app, cas, "maraude")
    assert 'href="/equipe?de=sans"' not in chef.get("/equipe").text
