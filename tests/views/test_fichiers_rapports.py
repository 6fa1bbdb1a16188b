"""Un rapport sort avec un motif, sans nom, et le journal le retient pour toujours."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.base import db, ecrire
from app.models import EvenementRapport, Mesure
from tests.views.faits import un_cas

BASE = "/rapports/DSP-TDL/2022"
SORTIR = f"{BASE}/sortir"
# Rien là ne dépend de la base ; le journal, si.
SEULE = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)
MOTIF = {"motif": "financeur", "precision": "Dialogue de gestion de mars"}


@pytest.fixture
def cas(app, equipes):
    """Entrée en mars 2021, sortie en juin 2022."""
    cas = un_cas(app, equipes[0])
    with app.app_context(), ecrire(db.engine) as session:
        mesure = session.get(Mesure, (equipes[0].structure_id, cas.mesure))
        mesure.entree_le, mesure.sortie_le = dt.date(2021, 3, 1), dt.date(2022, 6, 15)
    return cas


def evenements(app) -> list[EvenementRapport]:
    with app.app_context():
        return list(db.session.scalars(select(EvenementRapport).order_by(EvenementRapport.survenu_le)))


@SEULE
def test_each_format_goes_out_with_its_reason_and_names_nobody(app, cas, connecte):
    chef = connecte("chef_de_service")
    assert f'href="{SORTIR}"' in chef.get(BASE).text
    fichiers = {}
    for forme in ("pdf", "xlsx", "csv", "json"):
        fichier = chef.post(SORTIR, {**MOTIF, "format": forme})
        assert fichier.status_code == 200, fichier.text
        assert fichier.headers["Content-Disposition"] == f"attachment; filename=rapport-DSP-TDL-2022.{forme}"
        assert b"Zinsou" not in fichier.data
        fichiers[forme] = fichier.data
    assert fichiers["pdf"].startswith(b"%PDF")
    feuille = (
        CalamineWorkbook.from_filelike(io.BytesIO(fichiers["xlsx"])).get_sheet_by_name("Stock et flux").to_python()
    )
    assert ["Sorties", 1] in feuille
    lignes = list(csv.DictReader(io.StringIO(fichiers["csv"].decode("utf-8-sig")), delimiter=";"))
    assert [li["nombre"] for li in lignes if (li["tableau"], li["code"]) == ("flux", "sorties")] == ["1"]
    assert {t["unite"] for t in json.loads(fichiers["json"])["tableaux"]} >= {"événements", "mesures"}
    assert [e.format for e in evenements(app)] == ["pdf", "xlsx", "csv", "json"]
    page = chef.get(SORTIR).text
    assert "Fichier XLSX" in page
    assert "Pour le financeur\u202f: Dialogue de gestion de mars" in page


@SEULE
def test_hidden_small_counts_stay_hidden_and_the_journal_says_it(app, cas, connecte):
    fichier = connecte("chef_de_service").post(SORTIR, {**MOTIF, "format": "json", "masquer": "oui"})
    contenu = json.loads(fichier.text)
    assert contenu["petits_comptes_masques"] is True
    (flux,) = (t for t in contenu["tableaux"] if t["code"] == "flux")
    assert {li["texte"] for li in flux["lignes"]} == {"0", "<\u202f5"}
    assert {li["nombre"] for li in flux["lignes"]} == {0, None}
    assert [e.masque for e in evenements(app)] == [True]


@SEULE
@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"format": "pdf"}, "Dites pourquoi ce fichier sort."),
        ({"format": "exe", "motif": "financeur"}, "Choisissez la forme du fichier."),
        ({"format": "csv", "motif": "autre"}, "Précisez en quelques mots."),
        ({"format": "csv", "motif": "financeur", "precision": "x" * 201}, "200 signes au plus."),
    ],
)
def test_nothing_goes_out_without_a_reason(app, cas, connecte, champs, dit):
    reponse = connecte("chef_de_service").post(SORTIR, champs)
    assert reponse.status_code == 422
    assert dit in reponse.text
    assert evenements(app) == []


@SEULE
def test_only_who_may_take_a_report_out_does(app, cas, connecte):
    for nav in (connecte(), connecte("administrateur"), connecte("chef_de_service", 1)):
        assert nav.get(SORTIR).status_code == 404
        assert nav.post(SORTIR, {**MOTIF, "format": "csv"}).status_code == 404
    assert evenements(app) == []
    chef = connecte("chef_de_service")
    for chemin in ("/rapports/AUTRE/2022/sortir", "/rapports/DSP-TDL/1066/sortir", f"{BASE}.csv"):
        assert chef.get(chemin).status_code == 404


def test_the_journal_is_never_rewritten(app, cas, connecte):
    connecte("chef_de_service").post(SORTIR, {**MOTIF, "format": "csv"})
    for geste in ("UPDATE evenement_rapport SET motif = 'autre'", "DELETE FROM evenement_rapport"):
        with (
            app.app_context(),
            pytest.raises(DatabaseError, match="une ligne de journal ne change pas"),
            ecrire(db.engine) as session,
        ):
            session.execute(text(geste))
    assert [e.motif for e in evenements(app)] == ["financeur"]
