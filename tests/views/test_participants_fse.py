"""Les participants du FSE : ce qui manque à chacun, et un fichier nominatif que seul le chef sort, avec un motif."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from sqlalchemy import select

from app.base import db, ecrire
from app.models import EvenementRapport, Mesure
from app.rapports import fse
from tests.jours import aujourdhui
from tests.views.faits import dans, un_cas, un_id

PAGE = f"/rapports/DSP-TDL/{aujourdhui().year}/fse"
pytestmark = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)


@pytest.fixture
def cas(app, equipes):
    cas = un_cas(app, equipes[0], nom="=HYPERLINK(1)")
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get(Mesure, (equipes[0].structure_id, cas.mesure))
        mesure.entree_le = dt.date.fromisoformat(dans(-30)[:10])
    return cas


def lignes(fichier) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fichier.data.decode("utf-8-sig")), delimiter=";"))


def manque(nav) -> list[str]:
    (dit,) = re.findall(r"<td>([^<]*)</td>\s*</tr>", nav.get(PAGE).text)
    return dit.split(", ")


def test_the_worklist_says_what_is_missing_until_it_is_noted(cas, connecte):
    chef = connecte("chef_de_service")
    assert 'href="' + PAGE in chef.get(PAGE.removesuffix("/fse")).text
    avant = manque(chef)
    assert {"Niveau de formation", "Justificatif d’éligibilité", "Situation à l’entrée"} <= set(avant)
    assert "Nom" not in avant
    assert "Date du questionnaire de sortie" not in avant
    cas.faire("modifier_personne", cas.personne, {"niveau_formation": "niveau_3", "date_effet": dans(-5)[:10]})
    cas.faire("noter_eligibilite", un_id(), {"mesure_id": cas.mesure, "nature": "rsa", "vue_le": dans(-20)[:10]})
    combles = {"Niveau de formation", "Justificatif d’éligibilité", "Date du justificatif"}
    assert set(avant) - set(manque(chef)) == combles


def test_the_file_goes_out_with_a_reason_and_runs_nothing(app, cas, connecte):
    chef = connecte("chef_de_service")
    assert chef.post(PAGE).status_code == 422
    numeros = [{"numero": "0639980001", "libelle": None}, {"numero": "+352621123456", "libelle": None}]
    cas.faire("modifier_personne", cas.personne, {"telephones": numeros, "date_effet": dans(-5)[:10]})
    fichier = chef.post(PAGE, {"motif": "financeur"})
    assert fichier.status_code == 200
    (ligne,) = lignes(fichier)
    assert list(ligne) == [colonne.titre for colonne in fse.colonnes()]
    assert (ligne["Nom"], ligne["Prénom"], ligne["Sexe"]) == ("'=HYPERLINK(1)", "Awa", "Femme")
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", ligne["Date d’entrée"])
    # Des groupes de deux chiffres : un tableur n'en fait pas un nombre, et le zéro reste.
    assert ligne["Téléphone"] == "06 39 98 00 01, +352621123456"
    with app.app_context():
        assert [(e.format, e.motif) for e in db.session.scalars(select(EvenementRapport))] == [("fse", "financeur")]


def test_only_the_chef_and_only_where_the_fund_pays(cas, connecte):
    for nav in (connecte(), connecte("secretariat"), connecte("administrateur"), connecte("chef_de_service", 1)):
        assert nav.get(PAGE).status_code == 404
        assert nav.post(PAGE, {"motif": "financeur"}).status_code == 404
    assert connecte("chef_de_service").get(PAGE.replace("DSP-TDL", "ASP-NC")).status_code == 404


def test_every_column_says_where_it_comes_from(adresse):
    codes = [colonne.code for colonne in fse.colonnes()]
    assert len(codes) == len(set(codes))
    for colonne in fse.colonnes():
        assert colonne.origine[0] in {"personne", "mesure", "entree", "sortie", "eligibilite"}, colonne
        assert colonne.quand in {"", "entree", "dernier"}
        assert colonne.requis in {"", "toujours", "a_la_sortie"}
