"""Les textes d'un rapport : gardés avec lui, imprimés avec lui, leurs versions relisibles."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.rapports import textes
from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import un_cas

BASE = "/rapports/DSP-TDL/2022"
ANALYSE = f"{BASE}/textes/analyse"
# Rien là ne dépend de la base ; écrire à deux au même instant, si.
SEULE = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)


@pytest.fixture
def chef(app, equipes, connecte):
    un_cas(app, equipes[0])
    return connecte("chef_de_service")


def ecrire(nav, texte_ecrit: str, titre: str = "Analyse"):
    (version,) = re.findall(r'name="version" value="([^"]*)"', nav.get(ANALYSE).text)
    return nav.post(ANALYSE, {"titre": titre, "texte": texte_ecrit, "version": version})


@SEULE
def test_a_text_is_kept_with_the_report_and_printed_with_it(chef):
    assert ecrire(chef, "Une année pleine.\r\n\r\n<script>alert(1)</script> #panic()").status_code == 303
    page = chef.get(BASE).text
    assert "Une année pleine.<br>" in page
    assert "&lt;script&gt;alert(1)" in page
    pdf = chef.post(f"{BASE}/sortir", {"format": "pdf", "motif": "financeur"})
    assert "Uneannéepleine.<script>alert(1)</script>#panic()" in texte(lire_pdf(pdf.data))
    # Une autre période est un autre rapport.
    assert "Une année pleine." not in chef.get("/rapports/DSP-TDL/2021").text


@SEULE
def test_what_it_said_is_read_again_and_an_empty_text_is_not_printed(chef):
    ecrire(chef, "Première version.")
    ecrire(chef, "Seconde version.", "Ce que l’on en dit")
    page = chef.get(ANALYSE).text
    assert "Première version." in page[page.index("Ce qu’il disait") :]
    assert "Seconde version." not in page[page.index("Ce qu’il disait") :]
    ecrire(chef, "  ")
    assert "Seconde version." not in chef.get(BASE).text
    assert "Seconde version." in chef.get(ANALYSE).text


@SEULE
def test_a_name_of_someone_known_is_said_and_nothing_is_blocked(chef):
    reponse = ecrire(chef, "Awa Zinsou-Fictive a trouvé un emploi.")
    assert (reponse.status_code, reponse.headers["Location"]) == (303, ANALYSE)
    page = chef.get(ANALYSE).text
    assert "semble nommer quelqu’un" in page
    assert "«\u202fAwa Zinsou-Fictive\u202f» ressemble au nom d’une personne accompagnée." in page
    assert "Awa Zinsou-Fictive a trouvé" in chef.get(BASE).text
    assert ecrire(chef, "Une personne a trouvé un emploi.").headers["Location"] == BASE
    assert "ressemble au nom" not in chef.get(ANALYSE).text


@SEULE
def test_two_people_writing_at_once_lose_nothing(chef):
    ecrire(chef, "La sienne.")
    tard = chef.post(ANALYSE, {"titre": "Analyse", "texte": "La mienne.", "version": ""})
    assert tard.status_code == 422
    assert "La mienne." in tard.text
    assert "La sienne." in tard.text
    assert "La sienne." in chef.get(BASE).text


@SEULE
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


def test_of_two_people_who_save_at_the_same_instant_the_second_reads_the_first(chef, connecte, monkeypatch):
    """Chacune a lu la même version : la seconde l’apprend sous le verrou, pas avant."""
    navs, depart, erreurs = [chef, connecte("chef_de_service")], Barrier(2, timeout=30), textes.erreurs

    def erreurs_ensemble(*saisi):
        depart.wait()
        return erreurs(*saisi)

    monkeypatch.setattr(textes, "erreurs", erreurs_ensemble)

    def garder(rang: int) -> tuple[int, str]:
        page = navs[rang].post(ANALYSE, {"titre": "Analyse", "texte": f"Texte {rang}.", "version": ""})
        return page.status_code, page.text

    with ThreadPoolExecutor(2) as fils:
        (gardee, _), (refusee, page) = sorted(fils.map(garder, range(2)))
    assert (gardee, refusee) == (303, 422)
    assert "Texte 0." in page
    assert "Texte 1." in page


def test_a_text_saved_while_the_report_closes_is_in_it_or_is_refused(chef, connecte, monkeypatch):
    """Le rapport se clôt entre la lecture du formulaire et l’enregistrement."""
    autre, erreurs = connecte("chef_de_service"), textes.erreurs

    def clore_entre(*saisi):
        assert autre.post(f"{BASE}/cloture", {"verifie": "oui"}).status_code == 303
        return erreurs(*saisi)

    monkeypatch.setattr(textes, "erreurs", clore_entre)
    tard = chef.post(ANALYSE, {"titre": "Analyse", "texte": "Trop tard.", "version": ""})
    assert tard.headers["Location"] == f"{BASE}/cloture"
    autre.post(f"{BASE}/cloture/rouvrir", {"raison": "Pour relire"})
    assert "Trop tard." not in chef.get(BASE).text
