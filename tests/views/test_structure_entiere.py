"""Ce que voient le chef de service et le secrétariat quand la structure dépasse une page."""

from __future__ import annotations

import re

import pytest

from app.base import db, ecrire
from app.models import Mesure
from app.supervision import fiches_recues
from app.views import carnet
from tests.views.faits import dans, un_cas, un_id
from tests.views.test_carnet import caches


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def _peupler(cas, nombre: int) -> None:
    """Des personnes sans mesure, dont le nom passe avant Zinsou."""
    suivie = cas.personne
    for rang in range(nombre):
        cas.personne = un_id()
        cas.faire("creer_personne", cas.personne, {"nom": f"Abena-Fictive-{chr(97 + rang)}", "prenom": "Kofi"})
    cas.personne = suivie


def _noms(page: str) -> list[str]:
    return re.findall(r'class="ligne-nom"><a[^>]*>([^<]+)<', page)


@pytest.mark.parametrize("filtre", [{"convention": "DSP-TDL"}, {"retard": "oui"}])
def test_a_filter_looks_at_every_file_before_the_list_is_cut(cas, connecte, monkeypatch, filtre):
    monkeypatch.setattr(carnet, "LISTE_MAX", 3)
    _peupler(cas, 5)
    page = connecte("chef_de_service").post("/dossiers/recherche", {"q": "", **filtre}).text
    assert _noms(page) == ["Awa Zinsou-Fictive"]
    assert "1 dossier sur 6" in page


def test_a_name_with_an_accent_stands_where_it_is_looked_for(cas, connecte):
    suivie = cas.personne
    for nom in ("Éluard-Fictive", "Zonca-Fictive", "Dumas-Fictive"):
        cas.personne = un_id()
        cas.faire("creer_personne", cas.personne, {"nom": nom, "prenom": "Kofi"})
    cas.personne = suivie
    noms = [nom.split()[1] for nom in _noms(connecte("chef_de_service").get("/dossiers").text)]
    assert noms == ["Dumas-Fictive", "Éluard-Fictive", "Zinsou-Fictive", "Zonca-Fictive"]


def test_a_list_cut_short_says_how_many_answer(cas, connecte, monkeypatch):
    monkeypatch.setattr(carnet, "LISTE_MAX", 3)
    _peupler(cas, 5)
    chef = connecte("chef_de_service")
    page = chef.get("/dossiers").text
    assert len(_noms(page)) == 3
    assert "3 dossiers sur 6\u202f: précisez la recherche" in page
    assert 'value="DSP-TDL"' in page
    assert "3 dossiers sur 5\u202f: précisez la recherche" in chef.post("/dossiers/recherche", {"q": "abena"}).text


@pytest.mark.parametrize("role", ["chef_de_service", "secretariat"])
def test_choosing_whose_appointment_to_set_is_never_cut_in_silence(cas, connecte, monkeypatch, role):
    monkeypatch.setattr(carnet, "LISTE_MAX", 3)
    _peupler(cas, 5)
    lecteur = connecte(role)
    page = lecteur.get("/rendez-vous/nouveau").text
    assert len(_noms(page)) == 3
    assert "Voici les 3 premiers" in page
    trouvee = lecteur.post("/rendez-vous/choisir", {"q": "zinsou"}).text
    assert _noms(trouvee) == ["Awa Zinsou-Fictive"]
    assert f'href="/rendez-vous/nouveau?dossier={cas.personne}"' in trouvee
    assert "hx-post" not in connecte("conseiller").get("/rendez-vous/nouveau").text


def test_choosing_who_the_contact_was_with_is_never_cut_in_silence(cas, connecte, monkeypatch):
    monkeypatch.setattr(carnet, "LISTE_MAX", 3)
    _peupler(cas, 5)
    chef = connecte("chef_de_service")
    page = chef.get("/entretiens/nouveau").text
    assert len(_noms(page)) == 3
    assert "Voici les 3 premiers" in page
    assert 'hx-post="/entretiens/choisir"' in page
    assert _noms(chef.post("/entretiens/choisir", {"q": "zinsou"}).text) == ["Awa Zinsou-Fictive"]
    assert "Personne à ce nom" in chef.post("/entretiens/choisir", {"q": "personne ne s'appelle ainsi"}).text
    assert "hx-post" not in connecte("conseiller").get("/entretiens/nouveau").text


@pytest.mark.parametrize("role", ["chef_de_service", "secretariat"])
def test_a_phone_number_finds_its_owner_and_tells_of_a_double(cas, connecte, role):
    numero = {"telephones": [{"numero": "0600000042", "libelle": None}], "date_effet": dans(-5)[:10]}
    cas.faire("modifier_personne", cas.personne, numero)
    nav = connecte(role)
    assert _noms(nav.post("/dossiers/recherche", {"q": "0600000042"}).text) == ["Awa Zinsou-Fictive"]
    champs = caches(nav.get("/personnes/nouvelle").text)
    champs |= {"prenom": "Ama", "nom": "Tout-Autre-Fictive", "telephones": "06 00 00 00 42"}
    reponse = nav.post("/personnes/nouvelle", champs)
    assert reponse.status_code == 422
    assert "Même numéro de téléphone" in reponse.text


def test_a_reserved_exit_reason_reaches_its_readers_alone(app, cas, connecte):
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get_one(Mesure, (cas.equipe.structure_id, cas.mesure))
        mesure.sortie_le, mesure.sortie_motif = mesure.orientee_le, "suspension_incarceration"
    for role, lu in (("conseiller", True), ("chef_de_service", True), ("secretariat", False)):
        assert ("incarcération" in connecte(role).get(f"/dossiers/{cas.personne}").text) is lu, role


def test_a_reserved_exit_reason_left_as_it_reads_is_not_changed(app, cas, connecte):
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get_one(Mesure, (cas.equipe.structure_id, cas.mesure))
        mesure.sortie_le, mesure.sortie_motif = mesure.orientee_le, "suspension_incarceration"
    nav, chemin = connecte("secretariat"), f"/dossiers/{cas.personne}/mesures/{cas.mesure}/sortie"
    page = nav.get(chemin).text
    lu = re.search(r'name="sortie_motif" value="([^"]+)" checked', page).group(1)
    assert lu == "autre"
    champs = caches(page) | {"sortie_motif": lu, "sortie_le": dans(-1)[:10]}
    assert nav.post(chemin, champs).status_code == 303
    with app.app_context():
        mesure = db.session.get_one(Mesure, (cas.equipe.structure_id, cas.mesure))
        assert (mesure.sortie_le.isoformat(), mesure.sortie_motif) == (dans(-1)[:10], "suspension_incarceration")


def test_who_may_not_note_a_contact_is_never_offered_it(cas, connecte):
    cas.faire("constater_rendez_vous", cas.passe, {"statut": "honore"})
    nav = connecte("secretariat")
    for chemin in ("/", "/dossiers", f"/dossiers/{cas.personne}", f"/dossiers/{cas.personne}/modifier"):
        page = nav.get(chemin)
        assert page.status_code == 200, chemin
        assert "/entretiens/" not in page.text, chemin
    assert nav.get(f"/entretiens/nouveau?dossier={cas.personne}").status_code == 403
    assert nav.get(f"/rendez-vous/nouveau?dossier={cas.personne}").status_code == 200
    assert "/entretiens/nouveau" in connecte().get(f"/dossiers/{cas.personne}").text


# --- La file des fiches reçues ---------------------------------------------------------------------------------------


def _comptes(page: str) -> dict[str, str]:
    return dict(re.findall(r'class="puce-lien"[^>]*>([^<]+) <span class="nombre">([^<]+)<', page))


def _fiches(page: str) -> int:
    return page.count('class="recue recue--nouvelle"') + page.count('class="recue"')


def test_a_count_and_its_list_keep_the_same_author(cas, equipes, connecte):
    maraude = equipes[0].comptes["maraude"]
    cas.faire("noter_entretien", un_id(), {"date": dans(0)[:10], "moyen": "sms"})
    cas.personne = un_id()
    cas.faire("creer_personne", cas.personne, {"nom": "Abena-Fictive", "prenom": "Kofi"}, role="maraude")
    chef = connecte("chef_de_service")
    for filtre in fiches_recues.FILTRES:
        page = chef.get(f"/supervision/fiches?filtre={filtre}&par={maraude}").text
        comptes = _comptes(page)
        assert comptes["À contrôler"] == comptes["Nouvelles"] == "1"
        assert _fiches(page) == int(comptes[fiches_recues.FILTRES[filtre]]), filtre
        # « J'ai tout vu » porterait aussi sur ce que ce filtre cache.
        assert "J’ai tout vu" not in page


def test_what_does_not_fit_on_a_page_is_on_the_next(cas, connecte, monkeypatch):
    monkeypatch.setattr(fiches_recues, "PAGE", 2)
    for _ in range(3):
        cas.faire("noter_entretien", un_id(), {"date": dans(0)[:10], "moyen": "sms", "duree": 10, "synthese": "Vue."})
    chef = connecte("chef_de_service")
    for filtre in ("a_controler", "incompletes"):
        vues, adresse = 0, f"/supervision/fiches?filtre={filtre}"
        total = int(_comptes(chef.get(adresse).text)[fiches_recues.FILTRES[filtre]])
        while adresse:
            page = chef.get(adresse).text
            assert 0 < _fiches(page) <= 2
            vues += _fiches(page)
            suite = re.search(r'href="([^"]+)">Page suivante', page)
            adresse = suite.group(1).replace("&amp;", "&") if suite else ""
        assert vues == total > 0
    assert chef.get("/supervision/fiches?page=x").status_code == 200
