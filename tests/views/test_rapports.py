"""Rapports à l'écran : chaque liste dit la date qui a fait compter, et les chiffres se téléchargent sans les noms."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.base import db, ecrire
from app.models import Mesure
from app.rapports import rapport
from tests.jours import aujourdhui
from tests.views.faits import avec_convention, dans, un_cas

BASE = "/rapports/DSP-TDL/2022"


@pytest.fixture
def chef(app, equipes, connecte):
    """Entrée en mars 2021, sortie en juin 2022."""
    cas = un_cas(app, equipes[0])
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get(Mesure, (equipes[0].structure_id, cas.mesure))
        mesure.orientee_le = dt.date(2021, 2, 1)
        mesure.entree_le, mesure.sortie_le = dt.date(2021, 3, 1), dt.date(2022, 6, 15)
    return connecte("chef_de_service")


@pytest.fixture
def sien(app, equipes):
    return un_cas(app, equipes[0])


def dates(page: str) -> tuple[str, list[str]]:
    """Le titre de la première colonne, et ce qu'elle contient."""
    return (
        re.search(r'<thead><tr><th scope="col">([^<]+)</th>', page).group(1),
        re.findall(r'<td class="nombre">([^<]+)</td>', page),
    )


@pytest.mark.parametrize(
    ("case", "titre", "jour"),
    [
        ("flux/sorties", "Sortie", "15/06/2022"),
        ("flux/accompagnees", "Entrée", "01/03/2021"),
        ("flux/presentes_debut", "Entrée", "01/03/2021"),
        ("sexe/non_renseigne", "Entrée", "01/03/2021"),
    ],
)
def test_a_list_shows_the_date_that_made_each_line_count(chef, case, titre, jour):
    assert dates(chef.get(f"{BASE}/{case}/nombre").text) == (titre, [jour])


def test_a_page_is_named_after_what_it_holds(chef):
    assert "<h1>Rapport 2022</h1>" in chef.get(BASE).text
    assert "<h1>Absences excusées</h1>" in chef.get(f"{BASE}/rendez_vous/absence_excusee/nombre").text
    page = chef.get(BASE).text
    assert "nombre de rendez-vous" in page
    assert "nombre de mesures" in page
    assert "<span>événements</span>" not in page


def test_a_year_to_come_is_not_offered_and_says_it_has_not_begun(chef):
    courante = aujourdhui().year
    page = chef.get(f"/rapports/DSP-TDL/{courante}").text
    assert f'href="/rapports/DSP-TDL/{courante - 1}"' in page
    assert f'href="/rapports/DSP-TDL/{courante + 1}"' not in page
    assert "n’a pas commencé" not in page
    assert "Cette période n’a pas commencé." in chef.get(f"/rapports/DSP-TDL/{courante + 1}").text


def test_while_the_year_runs_who_is_still_followed_is_counted_to_date(chef):
    courante = aujourdhui().year
    assert "Encore suivies au 31/12/2022" in chef.get(BASE).text
    page = chef.get(f"/rapports/DSP-TDL/{courante}").text
    assert "Encore suivies à ce jour" in page
    assert f"au 31/12/{courante}" not in page
    assert "Encore suivies à ce jour" in chef.get(f"/rapports/DSP-TDL/{courante}/flux/suivies_fin/nombre").text


def test_the_first_years_that_can_be_asked_open_and_nothing_leads_further(chef):
    for annee, absente in ((1990, 1989), (1991, None), (2100, 2101)):
        page = chef.get(f"/rapports/DSP-TDL/{annee}")
        assert page.status_code == 200, annee
        assert absente is None or f"/rapports/DSP-TDL/{absente}" not in page.text
    assert 'href="/rapports/DSP-TDL/1990"' in chef.get("/rapports/DSP-TDL/1991").text
    assert chef.get("/rapports/DSP-TDL/1989").status_code == 404


def test_the_note_names_every_appointment_left_out_of_the_offered_ones(chef):
    assert "annulés par le service, à préciser et à venir ne sont comptés ni dans les proposés" in chef.get(BASE).text


def test_a_report_is_composed_of_several_conventions_and_chosen_days(app, equipes, chef):
    avec_convention(app, equipes[0], "ASP-NC")
    page = chef.get("/rapports").text
    assert 'action="/rapports/composer"' in page
    voulu = "/rapports/composer?conventions=DSP-TDL&conventions=ASP-NC&du=01/03/2022&au=2022-06-30"
    reponse = chef.get(voulu)
    assert reponse.status_code == 303
    assert reponse.headers["Location"].endswith("/rapports/ASP-NC+DSP-TDL/2022-03-01_2022-06-30")
    rapport = chef.get("/rapports/ASP-NC+DSP-TDL/2022-03-01_2022-06-30")
    assert rapport.status_code == 200
    assert "<h1>Rapport du 01/03/2022 au 30/06/2022</h1>" in rapport.text
    assert "Série sur trois ans" not in rapport.text
    # La mesure du cas est sortie le 15 juin : la liste s’ouvre depuis plusieurs conventions aussi.
    liste = chef.get("/rapports/ASP-NC+DSP-TDL/2022-03-01_2022-06-30/flux/sorties/nombre")
    assert dates(liste.text) == ("Sortie", ["15/06/2022"])


@pytest.mark.parametrize(
    ("demande", "message"),
    [
        ("du=2022-03-01&au=2022-06-30", "Choisissez au moins une convention."),
        ("conventions=AUTRE&du=2022-03-01&au=2022-06-30", "Choisissez au moins une convention."),
        ("conventions=DSP-TDL&du=hier&au=2022-06-30", "Indiquez un jour, comme 31/12/2022."),
        ("conventions=DSP-TDL&du=2022-07-01&au=2022-06-30", "Ce jour est avant le premier"),
        ("conventions=DSP-TDL&du=1022-07-01&au=2022-06-30", "Indiquez un jour, comme 31/12/2022."),
        ("conventions=DSP-TDL&du=1980-07-01&au=2022-06-30", "Indiquez une année entre 1990 et 2100."),
    ],
)
def test_what_is_missing_to_compose_a_report_is_said_and_what_was_typed_stays(chef, demande, message):
    reponse = chef.get(f"/rapports/composer?{demande}")
    assert reponse.status_code == 422
    assert message in reponse.text
    assert 'value="2022-06-30"' in reponse.text


# Rien là ne dépend de la base.
@pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)
def test_who_reads_figures_without_their_lists_asks_for_whole_months(chef, connecte):
    secretariat, dit = connecte("secretariat"), "Votre rôle lit des mois entiers"
    for jours in ("2022-06-15_2022-06-15", "2022-06-01_2022-06-29", "2022-06-02_2022-07-31", "2021-01-01_2022-06-15"):
        adresse = f"/rapports/DSP-TDL/{jours}"
        assert chef.get(adresse).status_code == 200
        for suite in ("", "/flux/sorties/nombre", "/sortir", "/cloture"):
            refus = secretariat.get(adresse + suite)
            assert refus.status_code == 303, suite
        formulaire = secretariat.get(refus.headers["Location"])
        assert formulaire.status_code == 422
        assert re.search(rf'id="erreur-au">[^\n]*{dit}', formulaire.text)
        du, au = jours.split("_")
        assert f'value="{du}"' in formulaire.text
        assert f'value="{au}"' in formulaire.text
        assert 'value="DSP-TDL" checked' in formulaire.text
    for jours in ("2022", "2021-2022", "2022-06-01_2022-06-30", "2022-02-01_2022-02-28"):
        assert secretariat.get(f"/rapports/DSP-TDL/{jours}").status_code == 200
    tapee = "/rapports/composer?conventions=DSP-TDL&du=2022-06-15&au=2022-06-15"
    assert (secretariat.get(tapee).status_code, chef.get(tapee).status_code) == (422, 303)


def test_the_definition_of_each_figure_opens_beside_it(chef):
    page = chef.get(BASE).text
    ouvertures = re.findall(r'popovertarget="(definition-[^"]+)"', page)
    assert len(ouvertures) == len(set(ouvertures)) >= 20
    for cible in ouvertures:
        assert page.count(f'popover id="{cible}"') == 1, cible
    assert "mesures en cours un jour au moins de la période" in page


def test_a_drawing_stands_by_its_table_and_says_its_figures(chef):
    page = chef.get(BASE).text
    dessin = re.search(
        r'<svg[^>]*aria-label="Répartition par sexe[^"]*Non renseigné 1 [^"]*".*?</svg>', page, re.DOTALL
    )
    assert dessin
    assert page.index('id="sexe"') < dessin.start()
    assert not re.search(r" style=|<script|<style", dessin.group())


def test_each_figure_opens_as_many_lines_as_it_says(sien, connecte):
    sien.faire("constater_rendez_vous", sien.passe, {"statut": "honore"})
    chef = connecte("chef_de_service")
    annee = dans(-1)[:4]
    base = f"/rapports/DSP-TDL/{annee}"
    page = chef.get(base)
    assert page.status_code == 200
    liens = re.findall(r'<td class="chiffre"><a href="([^"]+)">([^<]+)</a>', page.text)
    assert len(liens) >= 12
    for lien, nombre in liens:
        assert lien.startswith(base)
        liste = chef.get(lien)
        assert liste.status_code == 200, lien
        ecrit = re.search(r"data-total>([^<]+)<", liste.text).group(1)
        assert re.sub(r"\D", "", ecrit) == re.sub(r"\D", "", nombre), lien
    assert dict(liens)[f"{base}/rendez_vous/realise/nombre"] == "1"


def test_an_unknown_convention_year_or_case_is_not_found(sien, connecte):
    chef = connecte("chef_de_service")
    for chemin in ("AUTRE/2022", "DSP-TDL/1066", "DSP-TDL/2022/flux/rien/nombre", "DSP-TDL/2022/flux/sorties/rien"):
        assert chef.get(f"/rapports/{chemin}").status_code == 404


def test_a_fault_in_a_report_is_not_said_to_be_a_missing_page(sien, connecte, monkeypatch):
    def fautif(*_, **__):
        raise KeyError("un code mal écrit")

    monkeypatch.setattr(rapport, "liste", fautif)
    assert connecte("chef_de_service").get("/rapports/DSP-TDL/2022/rendez_vous/realise/nombre").status_code == 500


def test_the_index_lists_the_conventions_of_the_structure(sien, connecte):
    page = connecte("chef_de_service").get("/rapports").text
    assert "DSP-TDL" in page
    assert "DSP-TDL" not in connecte("chef_de_service", 1).get("/rapports").text
