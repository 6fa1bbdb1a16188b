"""Le point du mois : les chiffres des rapports, sur un mois, et les noms qui les font."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.base import db, ecrire
from app.domain import nomenclatures
from app.models import Mesure
from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import un_cas, un_id

MOIS = "/reunions/point?mois=2022-03"


@pytest.fixture
def chef(app, equipes, connecte):
    """Quatre mesures autour de mars 2022 : une présente, une entrée, une entrée et sortie, une sortie d'avant."""
    cas = un_cas(app, equipes[0])
    autres = [cas.mesure, un_id(), un_id(), un_id()]
    for autre in autres[1:]:
        cas.faire("ouvrir_mesure", autre, {"convention": "DSP-TDL", "orientee_le": "2022-01-05"})
    dates = [
        ("2022-01-05", "2022-02-01", None, None),
        ("2022-03-02", "2022-03-31", None, None),
        ("2022-01-05", "2022-03-01", "2022-03-31", "cdi"),
        ("2022-01-05", "2022-01-06", "2022-02-28", "cdi"),
    ]
    with app.app_context(), ecrire(db.engine) as session:
        for mesure_id, (orientee, entree, sortie, motif) in zip(autres, dates, strict=True):
            mesure = session.get_one(Mesure, (equipes[0].structure_id, mesure_id))
            mesure.orientee_le, mesure.entree_le = map(dt.date.fromisoformat, (orientee, entree))
            mesure.sortie_le, mesure.sortie_motif = sortie and dt.date.fromisoformat(sortie), motif
    return connecte("chef_de_service")


def comptes(page: str) -> list[int]:
    """Au début, entrées, sorties, à la fin, orientées."""
    return [int(n) for n in re.findall(r'<td class="chiffre"[^>]*>(\d+)</td>', page)]


def test_the_month_counts_as_the_reports_do_and_names_who_came_and_left(chef):
    page = chef.get(MOIS).text
    assert comptes(page) == [1, 2, 1, 2, 1]
    au_debut, entrees, sorties, a_la_fin, _ = comptes(page)
    assert au_debut + entrees == sorties + a_la_fin
    for code, attendu in (("presentes_debut", au_debut), ("entrees", entrees), ("sorties", sorties)):
        derriere = chef.get(f"/rapports/DSP-TDL/2022-03-01_2022-03-31/flux/{code}/nombre").text
        assert re.search(r"data-total>(\d+)<", derriere)[1] == str(attendu), code
    assert len(re.findall(r'href="/dossiers/[^"]+">Awa Zinsou-Fictive', page)) == entrees + sorties
    assert "CDI" in page


def test_the_month_is_chosen_and_printed(chef):
    assert 'href="/reunions/point?mois=2022-02">Février 2022' in chef.get(MOIS).text
    assert "Rien ce mois-là" in chef.get("/reunions/point?mois=2021-01").text
    assert "Le mois court encore" in chef.get("/reunions/point").text
    for faux in ("2022-13", "2022", "1066-03", "x"):
        assert chef.get(f"/reunions/point?mois={faux}").status_code == 404
    assert "Point de mars 2022" in chef.get("/reunions/point/imprimer?mois=2022-03").text
    pdf = chef.get("/reunions/point/imprimer.pdf?mois=2022-03")
    assert "AwaZinsou-Fictive" in texte(lire_pdf(pdf.data))


@pytest.mark.parametrize("motif", ["suspension_incarceration", "aah", "pension_invalidite"])
def test_the_sheet_says_less_than_the_screen(app, chef, motif):
    """À côté d'un nom, une feuille ne dit ni la détention, ni les ressources, ni un lieu que l'équipe tait."""
    with app.app_context(), ecrire(db.engine) as session:
        for mesure in session.query(Mesure):
            mesure.sortie_motif, mesure.prescripteur = mesure.sortie_motif and motif, "Hôpital de l’Exemple"
    dit = nomenclatures.libelle("motif_sortie", motif)
    feuille = "/reunions/point/imprimer?mois=2022-03"
    assert dit in chef.get(MOIS).text
    assert dit not in chef.get(feuille).text
    assert "Autre sortie" in chef.get(feuille).text
    pdf = texte(lire_pdf(chef.get(feuille.replace("imprimer", "imprimer.pdf")).data))
    assert "Autresortie" in pdf
    assert "".join(dit.split()) not in pdf
    assert "Hôpital" in chef.get(feuille).text
    chef.post("/equipe/lieux-masques", {"id": un_id(), "nom": "hopital de l'exemple"})
    for page in (MOIS, feuille):
        assert "Hôpital" not in chef.get(page).text
        assert "lieu masqué" in chef.get(page).text


def test_it_is_for_the_head_of_service(chef, connecte):
    for role in ("conseiller", "secretariat"):
        assert connecte(role).get(MOIS).status_code == 403
    assert comptes(connecte("chef_de_service", 1).get(MOIS).text) == []
