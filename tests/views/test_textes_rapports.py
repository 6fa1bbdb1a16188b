"""Les textes d'un rapport : gardés avec lui, imprimés avec lui, leurs versions relisibles."""

from __future__ import annotations

import re

import pytest

from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import un_cas

BASE = "/rapports/DSP-TDL/2022"
ANALYSE = f"{BASE}/textes/analyse"
pytestmark = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)


@pytest.fixture
def chef(app, equipes, connecte):
    un_cas(app, equipes[0])
    return connecte("chef_de_service")


def ecrire(nav, texte_ecrit: str, titre: str = "Analyse"):
    (version,) = re.findall(r'name="version" value="([^"]*)"', nav.get(ANALYSE).text)
    return nav.post(ANALYSE, {"titre": titre, "texte": texte_ecrit, "version": version})


def test_a_text_is_kept_with_the_report_and_printed_with_it(chef):
    assert ecrire(chef, "Une année pleine.\r\n\r\n<script>alert(1)</script> #panic()").status_code == 303
    page = chef.get(BASE).text
    assert "Une année pleine.<br>" in page
    assert "&lt;script&gt;alert(1)" in page
    pdf = chef.post(f"{BASE}/sortir", {"format": "pdf", "motif": "financeur"})
    assert "Uneannéepleine.<script>alert(1)</script>#panic()" in texte(lire_pdf(pdf.data))
    # Une autre période est un autre rapport.
    assert "Une année pleine." not in chef.get("/rapports/DSP-TDL/2021").text


def test_what_it_said_is_read_again_and_an_empty_text_is_not_printed(chef):
    ecrire(chef, "Première version.")
    ecrire(chef, "Seconde version.", "Ce que l’on en dit")
    page = chef.get(ANALYSE).text
    assert "Première version." in page[page.index("Ce qu’il disait") :]
    assert "Seconde version." not in page[page.index("Ce qu’il disait") :]
    ecrire(chef, "  ")
    assert "Seconde version." not in chef.get(BASE).text
    assert "Seconde version." in chef.get(ANALYSE).text


def test_two_people_writing_at_once_lose_nothing(chef):
    ecrire(chef, "La sienne.")
    tard = chef.post(ANALYSE, {"titre": "Analyse", "texte": "La mienne.", "version": ""})
    assert tard.status_code == 422
    assert "La mienne." in tard.text
    assert "La sienne." in tard.text
    assert "La sienne." in chef.get(BASE).text


def test_only_the_chef_writes_and_only_in_a_report_that_exists(chef, connecte):
    ecrire(chef, "Lu de tous ceux qui lisent les rapports.")
    secretariat = connecte("secretariat")
    assert "Lu de tous ceux" in secretariat.get(BASE).text
    assert "Modifier<span" not in secretariat.get(BASE).text
    for nav in (secretariat, connecte(), connecte("chef_de_service", 1)):
        assert nav.get(ANALYSE).status_code == 404
    for chemin in (f"{BASE}/textes/inconnu", "/rapports/AUTRE/2022/textes/analyse"):
        assert chef.get(chemin).status_code == 404
    sans_titre = chef.post(ANALYSE, {"texte": "x"})
    assert sans_titre.status_code == 422
    assert "Donnez un titre" in sans_titre.text
