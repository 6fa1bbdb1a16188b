"""Un rapport clos ne change plus : ni correction ni effacement n’y touche, et ses listes ne nomment personne."""

from __future__ import annotations

import datetime as dt
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import event, select

from app.base import db, ecrire
from app.models import Mesure, Personne, RapportClos
from app.rapports import cloture, journal, rapport
from app.rapports.demande import Demande
from app.rapports.rapport import Partie
from tests.jours import aujourdhui
from tests.rapports.editions import un_tableau
from tests.views.faits import avec_convention, dans, un_cas, un_id

BASE = "/rapports/DSP-TDL/2022"
CLORE, ROUVRIR = f"{BASE}/cloture", f"{BASE}/cloture/rouvrir"
VERIFIE = {"verifie": "oui"}
# Les listes gardées sont du JSON, que chaque base range à sa façon : un essai passe sur les deux.
SEULE = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)


@pytest.fixture
def cas(app, equipes):
    """Entrée en mars 2021, sortie en juin 2022."""
    cas = un_cas(app, equipes[0])
    dater(app, cas, dt.date(2022, 6, 15))
    return cas


def dater(app, cas, sortie: dt.date | None) -> None:
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get(Mesure, (cas.equipe.structure_id, cas.mesure))
        mesure.reference, mesure.entree_le, mesure.sortie_le = "REF-77", dt.date(2021, 3, 1), sortie


def chiffre(nav, ligne: str) -> str:
    rang = re.search(rf'<tr data-code="{ligne}".*?</tr>', nav.get(BASE).text, re.DOTALL).group()
    return re.search(r'<td class="chiffre">(?:<a[^>]*>)?([^<]*)', rang).group(1)


def gardes(app) -> list[RapportClos]:
    with app.app_context():
        return list(db.session.scalars(select(RapportClos).order_by(RapportClos.clos_le)))


def test_a_closed_report_keeps_its_figures_and_says_what_would_differ(app, cas, connecte):
    chef = connecte("chef_de_service")
    assert chef.post(CLORE, VERIFIE).status_code == 303
    dater(app, cas, None)
    page = chef.get(BASE).text
    assert "Rapport clos le" in page
    assert chiffre(chef, "sorties") == "1"
    differences = chef.get(CLORE).text
    assert re.search(r"Stock et flux\u202f: \d+ chiffres diffèrent\.", differences)
    # Un dossier change d'un les cases qui le comptaient : elles ne se disent pas.
    assert "<td>Stock et flux</td>" not in differences
    fichier = chef.post(f"{BASE}/sortir", {"format": "json", "motif": "financeur"})
    (flux,) = (t for t in json.loads(fichier.text)["tableaux"] if t["code"] == "flux")
    assert {li["code"]: li["nombre"] for li in flux["lignes"]}["sorties"] == 1
    assert json.loads(fichier.text)["clos_le"]


@SEULE
def test_behind_a_closed_figure_nobody_is_named_nor_reachable(app, cas, connecte):
    chef = connecte("chef_de_service")
    assert "Zinsou" in chef.get(f"{BASE}/flux/sorties/nombre").text
    chef.post(CLORE, VERIFIE)
    liste = chef.get(f"{BASE}/flux/sorties/nombre").text
    assert "P-0001" in liste
    assert "juin 2022" in liste
    assert re.search(r"data-total>1<", liste)
    (garde,) = gardes(app)
    for dit in (liste, json.dumps([garde.chiffres, garde.faits, garde.textes])):
        for interdit in (
            cas.personne,
            cas.mesure,
            cas.passe,
            cas.entretien,
            "Zinsou",
            "REF-77",
            "/dossiers/",
            "2022-06-15",
        ):
            assert interdit not in dit.replace('href="/dossiers"', ""), interdit
    assert chef.get(f"{BASE}/flux/sorties/inconnue").status_code == 404
    assert chef.get(f"{BASE}/flux/sorties/nombre?page=2").status_code == 404
    assert "Aucune ligne" in chef.get(f"{BASE}/flux/en_integration/nombre").text


def test_a_mistake_about_the_person_is_corrected_in_the_past_and_a_closed_report_says_so(app, cas, connecte):
    for jour in ("2021-03-01", dans(-60)[:10]):
        cas.faire("modifier_personne", cas.personne, {"sexe": "homme", "date_effet": jour})
    chef, chemin = connecte("chef_de_service"), f"/dossiers/{cas.personne}/modifier"
    assert (chiffre(chef, "homme"), chiffre(chef, "femme")) == ("1", "0")
    page = chef.get(chemin).text
    caches = [(nom, valeur) for nom, valeur in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)]
    saisie = {nom: [valeur for cache, valeur in caches if cache == nom] for nom, _ in caches} | {"sexe": "femme"}
    assert chef.post(chemin, saisie | {"erreur": "oui"}).status_code == 303
    assert (chiffre(chef, "homme"), chiffre(chef, "femme")) == ("0", "1")
    assert {valeur for _, valeur in cas.dossier()["personne"]["historique"]["sexe"]} == {"femme"}
    assert chef.post(CLORE, VERIFIE).status_code == 303
    saisie = {nom: [valeur for cache, valeur in caches if cache == nom] for nom, _ in caches} | {"sexe": "homme"}
    saisie |= {"op_id": [un_id()], "op_id_erreur": [un_id(), un_id(), un_id()], "erreur": "oui", "base": []}
    assert chef.post(chemin, saisie).status_code == 303
    assert (chiffre(chef, "homme"), chiffre(chef, "femme")) == ("0", "1")
    assert re.search(r"\d+ chiffres diffèrent\.", chef.get(CLORE).text)


@SEULE
def test_a_person_who_changes_or_goes_leaves_the_closed_report_as_it_was(app, cas, connecte):
    chef = connecte("chef_de_service")
    chef.post(CLORE, VERIFIE)
    avant, liste = gardes(app)[0], chef.get(f"{BASE}/flux/accompagnees/nombre").text
    with app.app_context(), ecrire(db.engine) as session:
        session.get(Personne, (cas.equipe.structure_id, cas.personne)).nom = "Effacée"
        session.get(Mesure, (cas.equipe.structure_id, cas.mesure)).convention = "AUTRE"
    assert chiffre(chef, "accompagnees") == "1"
    corps = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
    assert corps.findall(chef.get(f"{BASE}/flux/accompagnees/nombre").text) == corps.findall(liste)
    assert (gardes(app)[0].chiffres, gardes(app)[0].faits) == (avant.chiffres, avant.faits)


@SEULE
def test_the_box_left_unchecked_says_why_it_is_asked(cas, connecte):
    page = connecte("chef_de_service").post(CLORE, {})
    assert page.status_code == 422
    assert 'name="verifie" value="oui" aria-invalid="true" aria-describedby="erreur-verifie"' in page.text
    assert 'id="erreur-verifie"><span aria-hidden="true">▲</span> Cochez la case' in page.text


@SEULE
def test_reopening_needs_a_reason_and_forgets_nothing(app, cas, connecte):
    chef = connecte("chef_de_service")
    chef.post(f"{BASE}/textes/analyse", {"titre": "Analyse", "texte": "Arrêtée.", "version": ""})
    chef.post(CLORE, VERIFIE)
    assert chef.get(f"{BASE}/textes/analyse").status_code == 303
    assert chef.post(f"{BASE}/textes/analyse", {"titre": "A", "texte": "Autre."}).headers["Location"] == CLORE
    assert "Arrêtée." in chef.get(BASE).text
    dater(app, cas, None)
    assert chef.post(ROUVRIR).status_code == 422
    assert chiffre(chef, "sorties") == "1"
    assert chef.post(ROUVRIR, {"raison": "Une sortie annulée"}).status_code == 303
    assert chiffre(chef, "sorties") == "0"
    chef.post(CLORE, VERIFIE)
    premiere, seconde = gardes(app)
    assert (premiere.rouvert_le is None, seconde.rouvert_le is None) == (False, True)
    page = chef.get(CLORE).text
    assert "Une sortie annulée" in page
    assert page.count("Rapport clos</p>") == 2


@SEULE
def test_only_the_chef_closes_and_only_what_is_over(app, cas, connecte):
    for nav in (connecte(), connecte("administrateur"), connecte("chef_de_service", 1), connecte("secretariat")):
        assert nav.post(CLORE, VERIFIE).status_code == 404
        assert nav.post(ROUVRIR, {"raison": "x"}).status_code == 404
    assert connecte("secretariat").get(CLORE).status_code == 200
    chef, courante = connecte("chef_de_service"), f"/rapports/DSP-TDL/{aujourdhui().year}"
    assert "Clore le rapport" not in chef.get(courante).text
    assert chef.post(f"{courante}/cloture", VERIFIE).status_code == 422
    assert "Cochez la case" in chef.post(CLORE).text
    assert gardes(app) == []
    assert chef.post(CLORE, VERIFIE).status_code == 303
    assert "déjà clos" in chef.get(chef.post(CLORE, VERIFIE).headers["Location"]).text
    assert len(gardes(app)) == 1


def test_two_people_close_the_same_report_at_the_same_time(app, cas, connecte, monkeypatch):
    """Chacune a compté avant que l’autre n’écrive : une seule clôture, et la seconde l’apprend."""
    navs, depart, arreter = [connecte("chef_de_service") for _ in range(2)], Barrier(2, timeout=30), cloture.arreter

    def arreter_ensemble(*demande):
        compte = arreter(*demande)
        depart.wait()
        return compte

    monkeypatch.setattr(cloture, "arreter", arreter_ensemble)
    with ThreadPoolExecutor(2) as fils:
        pages = list(fils.map(lambda nav: nav.get(nav.post(CLORE, VERIFIE).headers["Location"]).text, navs))
    assert sorted("déjà clos" in page for page in pages) == [False, True]
    assert len(gardes(app)) == 1


@SEULE
def test_a_report_is_counted_while_others_write(app, cas, connecte, monkeypatch):
    """Compter peut durer : la base reste à qui écrit, et un seul instant en est lu."""
    compter = rapport.parties

    def compter_et_ecrire(session, demande):
        with ecrire(app.extensions["sqlalchemy"].engine) as autre:
            autre.get(Mesure, (cas.equipe.structure_id, cas.mesure)).sortie_le = None
        return compter(session, demande)

    monkeypatch.setattr(rapport, "parties", compter_et_ecrire)
    chef = connecte("chef_de_service")
    assert chef.post(CLORE, VERIFIE).status_code == 303
    monkeypatch.undo()
    (garde,) = gardes(app)
    assert len(garde.faits["flux/sorties/nombre"]["lignes"]) == 1
    assert chiffre(chef, "sorties") == "1"


@SEULE
def test_events_behind_a_closed_figure_are_counted_by_person_and_kind(app, cas, connecte):
    jours = ({"famille": "mobilite"}, {"famille": "mobilite"}, {"famille": "sante"}), ({"famille": "mobilite"},)
    for rang, demarches in enumerate(jours):
        siennes = [{**demarche, "nature": None} for demarche in demarches]
        note = {"mesure_id": cas.mesure, "date": f"2022-0{rang + 2}-03", "moyen": "telephone", "demarches": siennes}
        cas.faire("noter_entretien", un_id(), note)
    connecte("chef_de_service").post(CLORE, VERIFIE)
    (garde,) = gardes(app)
    assert garde.faits["demarches/demarches/nombre"]["lignes"] == [[1, "", "Mobilité", 3], [1, "", "Santé", 1]]
    assert garde.faits["demarches/mobilite/nombre"]["lignes"] == [[1, "", "Mobilité", 3]]


@SEULE
def test_a_page_of_a_closed_report_does_not_read_its_lists(app, cas, connecte):
    chef, lues = connecte("chef_de_service"), []
    chef.post(CLORE, VERIFIE)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *appel: lues.append(appel[2]))
    chef.get(BASE)
    chef.get(f"{BASE}/textes/analyse")
    assert any("rapport_clos" in requete for requete in lues)
    assert not any("rapport_clos.faits" in requete for requete in lues)
    assert "P-0001" in chef.get(f"{BASE}/flux/sorties/nombre").text


@SEULE
def test_the_same_conventions_in_another_order_are_the_same_report(app, equipes, cas, connecte):
    avec_convention(app, equipes[0], "ASP-NC")
    chef = connecte("chef_de_service")
    droite, envers = "/rapports/ASP-NC+DSP-TDL/2022", "/rapports/DSP-TDL+ASP-NC/2022"
    chef.post(f"{envers}/textes/analyse", {"titre": "Analyse", "texte": "Écrite à l’envers.", "version": ""})
    assert "Écrite à l’envers." in chef.get(droite).text
    with app.app_context(), ecrire(db.engine) as session:
        # Une ligne de journal d'avant, sous l'autre nom.
        lue = Demande.lire(cas.equipe.structure_id, "ASP-NC+DSP-TDL", "2022")
        demande = replace(lue, conventions=("DSP-TDL", "ASP-NC"))
        journal.noter(session, demande, journal.Auteur(None, demande.maintenant), "rouvert", precision="D’avant")
    assert chef.post(f"{envers}/cloture", VERIFIE).status_code == 303
    for adresse in (droite, envers):
        liste = chef.get(f"{adresse}/flux/sorties/nombre").text
        assert "P-0001" in liste
        assert "Zinsou" not in liste
        assert "D’avant" in chef.get(f"{adresse}/cloture").text
    assert [garde.conventions for garde in gardes(app)] == ["ASP-NC+DSP-TDL"]


def test_a_table_says_its_differences_when_none_of_them_could_be_one_person():
    def comptes(*nombres: int) -> list[Partie]:
        tables = [
            un_tableau(("femme", nombres[0]), ("homme", nombres[1])),
            un_tableau(("oui", nombres[2]), code="rqth"),
        ]
        return [Partie("Activité", tuple(tables))]

    clos = comptes(40, 30, 20)
    assert cloture.ecarts(clos, comptes(40, 30, 20)) == []
    (sexe, rqth) = cloture.ecarts(clos, comptes(46, 25, 19))
    assert [(d.ligne, d.clos, d.aujourd_hui) for d in sexe.differences] == [
        ("Femme", "40 (57,1\u202f%)", "46 (64,8\u202f%)"),
        ("Homme", "30 (42,9\u202f%)", "25 (35,2\u202f%)"),
    ]
    assert (rqth.nombre, rqth.differences) == (1, ())
    # Un seul petit écart tait tout son tableau : il se déduirait des autres.
    assert [(e.nombre, e.differences) for e in cloture.ecarts(clos, comptes(46, 29, 20))] == [(2, ())]
    # Rien qu'une part, dont la base a bougé ailleurs.
    part = [Partie("A", (un_tableau(("femme", 40), base=70),))], [Partie("A", (un_tableau(("femme", 40), base=69),))]
    assert [(e.nombre, e.differences) for e in cloture.ecarts(*part)] == [(1, ())]
