"""Chaque sorte de cellule : ce qui est accepté, ce qui est refusé et ce qui est dit."""

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importation import colonnes, valeurs
from app.importation.valeurs import ValeurRefusee


@pytest.mark.parametrize(
    ("lire", "cellule", "attendue"),
    [
        (valeurs.jour, "31/12/2022", date(2022, 12, 31)),
        (valeurs.jour, "2022-12-31", date(2022, 12, 31)),
        (valeurs.jour, "1.2.2022", date(2022, 2, 1)),
        (valeurs.jour, date(2022, 12, 31), date(2022, 12, 31)),
        (valeurs.jour, datetime(2022, 12, 31), date(2022, 12, 31)),  # noqa: DTZ001  # date de tableur
        (valeurs.jour_iso, "29/02/2028", "2028-02-29"),
        (valeurs.naissance, "1984", (date(1984, 1, 1), "annee")),
        (valeurs.naissance, 1984.0, (date(1984, 1, 1), "annee")),
        (valeurs.naissance, "14/07/1988", (date(1988, 7, 14), "jour")),
        (valeurs.heure, "9:30", time(9, 30)),
        (valeurs.heure, "9h", time(9, 0)),
        (valeurs.heure, "14 h 05", time(14, 5)),
        (valeurs.heure, time(9, 30, 12), time(9, 30)),
        (valeurs.heure, 0.395833333, time(9, 30)),
        (valeurs.entier(0, 30), "3", 3),
        (valeurs.entier(0, 30), 3.0, 3),
        (valeurs.booleen, "Oui", True),
        (valeurs.booleen, False, False),
        (valeurs.booleen, "x", True),
        (valeurs.choix("sexe"), "F", "femme"),
        (valeurs.choix("sexe"), "Homme", "homme"),
        (valeurs.choix("statut_rendez_vous"), "absence excusée", "absence_excusee"),
        (valeurs.choix("motif_sortie"), "relais_france_travail", "relais_france_travail"),
        (valeurs.plusieurs_choix("ressources"), "ass | salaire|ass", ["ass", "salaire"]),
        (valeurs.mois, "12/2022", "2022-12"),
        (valeurs.mois, "2022-12", "2022-12"),
        (valeurs.mois, date(2022, 12, 1), "2022-12"),
        (valeurs.telephones, "06.39.98.00.01", [{"numero": "0639980001", "libelle": None}]),
        (valeurs.telephones, "+33 6 39 98 00 01", [{"numero": "0639980001", "libelle": None}]),
        (valeurs.telephones, 639980001.0, [{"numero": "0639980001", "libelle": None}]),
        (valeurs.courriel, "awa@courriel.example", "awa@courriel.example"),
        (valeurs.code_commune, 1004.0, "01004"),
        (valeurs.code_commune, "2a004", "2A004"),
        (valeurs.textes(80, 10), "Tonton | Le Grand", ["Tonton", "Le Grand"]),
        (valeurs.texte(20), 12.0, "12"),
        (valeurs.texte(20), "e\u0301te\u0301", "été"),
        (valeurs.nom(20), "D'Outre-Conte", "D'Outre-Conte"),
    ],
)
def test_an_accepted_cell(lire: Any, cellule: Any, attendue: Any) -> None:
    assert lire(cellule) == attendue


@pytest.mark.parametrize(
    ("lire", "cellule", "message"),
    [
        (valeurs.jour, "31/02/2022", "n'existe pas"),
        (valeurs.jour, "12/31/2022", "n'existe pas"),
        (valeurs.jour, "demain", "date attendue"),
        (valeurs.jour, "31/12/22", "date attendue"),
        (valeurs.jour, "01/01/0022", "bornes"),
        (valeurs.jour, datetime(2022, 1, 1, 9), "sans heure"),  # noqa: DTZ001  # date de tableur
        (valeurs.jour, 44926.0, "date attendue"),
        (valeurs.heure, "25:00", "n'existe pas"),
        (valeurs.heure, "midi", "heure attendue"),
        (valeurs.entier(0, 30), "31", "entre 0 et 30"),
        (valeurs.entier(0, 30), "-1", "entier"),
        (valeurs.entier(0, 30), "1,5", "entier"),
        (valeurs.entier(0, 30), "9" * 400, "entier"),
        (valeurs.entier(0, 30), "٣", "entier"),
        (valeurs.booleen, "peut-être", "oui"),
        (valeurs.choix("sexe"), "chat", "attendu : femme, homme, autre"),
        (valeurs.choix_parmi("statut_rendez_vous", ["honore"]), "À préciser", "attendu : honore"),
        (valeurs.mois, "13/2022", "n'existe pas"),
        (valeurs.mois, "décembre", "mois attendu"),
        (valeurs.telephones, "06 39 98 00", "téléphone"),
        (valeurs.telephones, "|".join(["0639980001"] * 7), "au plus 6"),
        (valeurs.courriel, "awa arobase", "courriel"),
        (valeurs.courriel, "a@b", "courriel"),
        (valeurs.code_commune, "5452", "cinq caractères"),
        (valeurs.texte(5), "trop long", "dépasse 5"),
        (valeurs.texte(50), "deux\nlignes", "une ligne"),
        (valeurs.texte(50), "nul\x00", "invisible"),
        (valeurs.texte(50), "ab\u202etxt.exe", "invisible"),
        (valeurs.nom(50), "=1+1", "lettre"),
        (valeurs.nom(50), "---", "lettre"),
    ],
)
def test_a_refused_cell_says_what_was_expected(lire: Any, cellule: Any, message: str) -> None:
    with pytest.raises(ValeurRefusee, match=message):
        lire(cellule)


_CELLULES = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(st.sampled_from([c for liste in colonnes.fichiers().values() for c in liste]), _CELLULES)
def test_no_cell_whatever_it_holds_breaks_a_reader(colonne: colonnes.Colonne, cellule: Any) -> None:
    with suppress(ValeurRefusee):
        colonne.lire(cellule)
