"""L'ébauche d'une vignette : rien de ce qui a été tapé, ni nom, ni date, ni lieu ; le chef la garde comme un texte."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.base import db, ecrire
from app.models import Mesure
from app.rapports import vignette
from tests.views.faits import Cas, un_cas, un_id

BASE = "/rapports/DSP-TDL/2022"
VIGNETTE = f"{BASE}/vignette"
pytestmark = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)


@pytest.fixture
def cas(app, equipes):
    """Entrée en mars 2021, sortie en juin 2022, un diagnostic et un emploi chez un employeur nommé."""
    cas = un_cas(app, equipes[0])
    freins = [
        {"cle": cle, "etat": etat} for cle, etat in (("mobilite", "leve"), ("sante", "releve"), ("justice", "releve"))
    ]
    diagnostic = {"mesure_id": cas.mesure, "moment": "entree", "jour": "2021-04-02", "freins": freins}
    cas.faire("noter_diagnostic", un_id(), diagnostic)
    etape = {"mesure_id": cas.mesure, "nature": "cdi", "debut": "2022-05-12", "employeur": "Boulangerie Témoin"}
    cas.faire("noter_etape", un_id(), etape)
    cas.faire("modifier_entretien", cas.entretien, {"synthese": "Synthèse témoin", "lieu": "Lieu témoin"})
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get(Mesure, (equipes[0].structure_id, cas.mesure))
        mesure.entree_le, mesure.sortie_le = dt.date(2021, 3, 1), dt.date(2022, 6, 15)
    return cas


def ebauche(page: str) -> str:
    return re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL).group(1)


def test_the_draft_tells_steps_and_seasons_and_nothing_that_names(cas, connecte):
    chef = connecte("chef_de_service")
    assert cas.mesure in chef.get(VIGNETTE).text
    texte = ebauche(chef.post(VIGNETTE, {"mesure": cas.mesure}).text)
    for dit in ("entre dans l’accompagnement au printemps 2021", "mobilité", "Au printemps 2022\u202f: CDI."):
        assert dit in texte
    assert "se termine à l’été 2022" in texte
    for tu in ("Zinsou", "Awa", "témoin", "Témoin", "Santé", "santé", "judiciaire", "/2021", "/2022", "2021-", "2022-"):
        assert tu not in texte
    assert texte.strip()[0] not in "ZA"
    assert chef.get(BASE).text.count("au printemps 2021") == 0


def test_the_menu_files_an_accent_with_its_letter(cas, connecte, app):
    for nom in ("Éluard-Conte", "Zonca-Conte"):
        autre = Cas(app, cas.equipe, nom=nom)
        autre.faire("creer_personne", autre.personne, {"nom": nom, "prenom": "Awa", "date_effet": "2022-01-09"})
        autre.faire("ouvrir_mesure", autre.mesure, {"convention": "DSP-TDL", "orientee_le": "2022-01-09"})
        with app.app_context(), ecrire(db.engine) as session:
            session.get(Mesure, (cas.equipe.structure_id, autre.mesure)).entree_le = dt.date(2022, 2, 1)
    menu = re.findall(r"<option[^>]*>(\S+) Awa, entrée", connecte("chef_de_service").get(VIGNETTE).text)
    assert menu == ["Éluard-Conte", "Zinsou-Fictive", "Zonca-Conte"]


def test_the_menu_stays_short_and_a_name_is_looked_for(cas, connecte, app, monkeypatch):
    autre = Cas(app, cas.equipe, nom="Nkemelu-Conte")
    autre.faire("creer_personne", autre.personne, {"nom": "Nkémelu-Conte", "prenom": "Awa", "date_effet": "2022-01-09"})
    autre.faire("ouvrir_mesure", autre.mesure, {"convention": "DSP-TDL", "orientee_le": "2022-01-09"})
    with app.app_context(), ecrire(db.engine) as session:
        session.get(Mesure, (cas.equipe.structure_id, autre.mesure)).entree_le = dt.date(2022, 2, 1)
    chef = connecte("chef_de_service")
    page = chef.get(VIGNETTE).text
    assert page.count("<option") == 2
    assert "Chercher un nom" not in page
    monkeypatch.setattr("app.views.vignettes.CHOIX_MAX", 1)
    page = chef.get(VIGNETTE).text
    assert "Le menu montre 1 parcours sur 2." in page
    # Un parcours fini se raconte mieux.
    assert re.findall(r"<option[^>]*>([^,]*),", page) == ["Zinsou-Fictive Awa"]
    trouvee = chef.post(f"{VIGNETTE}/chercher", {"q": "awa NKÉM"}).text
    assert re.findall(r"<option[^>]*>([^,]*),", trouvee) == ["Nkémelu-Conte Awa"]
    assert 'value="awa NKÉM"' in trouvee
    rien = chef.post(f"{VIGNETTE}/chercher", {"q": "personne"}).text
    assert ("<option" in rien, "Personne de ce nom" in rien) == (False, True)
    assert chef.post(VIGNETTE, {"mesure": autre.mesure}).status_code == 200
    assert connecte("secretariat").post(f"{VIGNETTE}/chercher", {"q": "awa"}).status_code == 404


def test_what_the_chef_keeps_is_a_text_of_the_report(cas, connecte):
    chef = connecte("chef_de_service")
    page = chef.post(VIGNETTE, {"mesure": cas.mesure}).text
    (action,) = re.findall(rf'action="({BASE}/textes/[^"]+)"', page)
    assert chef.post(action, {"titre": "Un parcours", "texte": "Récrit par le chef.", "version": ""}).status_code == 303
    assert "Récrit par le chef." in chef.get(BASE).text
    (version,) = re.findall(r'name="version" value="([^"]+)"', chef.get(action).text)
    chef.post(action, {"titre": "Un parcours", "texte": "", "version": version})
    assert "Récrit par le chef." not in chef.get(BASE).text
    assert "Récrit par le chef." in chef.get(action).text


def test_only_the_chef_drafts_and_only_from_this_report(cas, connecte):
    for nav in (connecte(), connecte("secretariat"), connecte("chef_de_service", 1)):
        assert nav.get(VIGNETTE).status_code == 404
        assert nav.post(VIGNETTE, {"mesure": cas.mesure}).status_code == 404
    chef = connecte("chef_de_service")
    assert chef.post(VIGNETTE, {"mesure": un_id()}).status_code == 404
    assert chef.post(VIGNETTE.replace("2022", "2019"), {"mesure": cas.mesure}).status_code == 404


@pytest.mark.parametrize(
    ("jour", "dite"),
    [
        ((2022, 12, 31), "à l’hiver 2022"),
        ((2022, 2, 1), "à l’hiver 2022"),
        ((2022, 3, 1), "au printemps 2022"),
        ((2022, 8, 31), "à l’été 2022"),
        ((2022, 9, 1), "à l’automne 2022"),
    ],
)
def test_a_date_becomes_a_season(adresse, jour, dite):
    assert vignette.saison(dt.date(*jour)) == dite
