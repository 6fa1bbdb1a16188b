"""La liste d'orientations telle qu'elle vient : ses titres, ses colonnes, ce qui s'en garde et ce qui n'entre pas."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.base import db
from app.commandes.entretenir import tout_entretenir
from app.models import ImportOrientations, SourceOrientations
from tests.views.liste import SOURCE, SUR_UNE_BASE, Liste, choisis, deposer, en_novembre, lignes_gardees, texte


@pytest.fixture
def nov(app, equipes):
    with en_novembre(app, equipes[0]):
        yield


@SUR_UNE_BASE
def test_what_a_cell_holds_stays_text(app, equipes, nov, connecte) -> None:
    charges = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"]
    lignes = ["Nom;Prénom;Adresse;Mail;<b>Titre</b>;Né le"]
    lignes += [f'"{c.replace(chr(34), chr(34) * 2)}";Zoé;{c[:5]};{c[:9]};x;{c[:7]}' for c in charges]
    liste = deposer(connecte("secretariat"), "\n".join(lignes).encode(), source="<script>alert(2)</script>")
    pages = [liste.nav.get(f"{liste.adresse}/colonnes").text]
    liste.regler()
    pages += [liste.nav.get(liste.adresse + suite).text for suite in ("", "?voir=a_corriger", "/lignes/2")]
    pages.append(liste.nav.get("/orientations").text)
    for page in pages:
        for interdit in ("<script>alert", "<img src=x", "<b>Titre"):
            assert interdit not in page
        assert "49" not in re.findall(r"value=\"(\d\d)\"", page)
    assert "=HYPERLINK" in liste.page("a_corriger") or "=HYPERLINK" in texte(pages[1])


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "Ce fichier est vide"),
        (b"%PDF-1.4", "C’est un PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ni un CSV ni un classeur"),
    ],
)
@SUR_UNE_BASE
def test_a_file_that_is_not_a_list_is_refused_and_nothing_is_kept(app, equipes, nov, connecte, octets, dit) -> None:
    reponse = deposer(connecte("secretariat"), octets)
    assert reponse.status_code == 422
    assert dit in texte(reponse.text)
    with app.app_context():
        assert db.session.scalars(select(ImportOrientations)).all() == []


def test_what_is_not_taken_is_erased_at_once_and_the_rest_after_seven_days(app, equipes, nov, connecte) -> None:
    contenu = "Nom;Prénom;NIR;Observations;Ville\nUN;Ali;188075412345678;hospitalisé;Toul\n"
    liste = deposer(connecte("secretariat"), contenu.encode())
    (gardee,) = [ligne for ligne in lignes_gardees(app) if ligne.numero == 2]
    assert gardee.cellules == ["UN", "Ali", "", "hospitalisé", "Toul"], "un numéro de sécurité sociale n'entre pas"
    liste.regler()
    (gardee,) = [ligne for ligne in lignes_gardees(app) if ligne.numero == 2]
    assert gardee.cellules == ["UN", "Ali", "", "", "Toul"]
    with app.app_context():
        assert tout_entretenir(db.engine, dt.datetime(2026, 11, 29, tzinfo=dt.UTC)) == 0
        assert tout_entretenir(db.engine, dt.datetime(2026, 12, 1, tzinfo=dt.UTC)) == 1
    assert lignes_gardees(app) == []
    assert "1 ligne effacée sans être reçue" in texte(liste.nav.get("/orientations").text)


@SUR_UNE_BASE
def test_what_is_wrong_in_the_columns_is_said_beside_it(app, equipes, nov, connecte) -> None:
    liste = deposer(connecte("secretariat"), b"Truc;Machin\nUN;Ali\n")
    reponse = liste.regler(convention="RIEN", orientee_le="2027-01-01")
    assert reponse.status_code == 422
    dit = texte(reponse.text)
    for attendu in ("quelle colonne porte le nom", "Choisissez la convention", "Cette date est à venir"):
        assert attendu in dit
    doubles = liste.regler(**{"colonne-0": "nom", "colonne-1": "nom"})
    assert "est déjà dit par une autre colonne" in texte(doubles.text)
    assert liste.regler(**{"colonne-0": "nom", "colonne-1": "prenom"}).status_code == 303
    assert "Sans référent 1" in liste.page()


@SUR_UNE_BASE
def test_a_list_without_titles_keeps_its_first_line_and_is_remembered_so(app, equipes, nov, connecte) -> None:
    for tour, nom in enumerate(("UN", "DEUX")):
        contenu = f"{nom};Ali;01/02/1980;0639980001\n{nom}BIS;Bea;03/04/1985;0639980002\n"
        liste = deposer(connecte("secretariat"), contenu.encode())
        page = liste.nav.get(f"{liste.adresse}/colonnes").text
        assert "Colonne D" in texte(page)
        assert choisis(page)["colonne-2"] == ("date_naissance" if tour else "")
        dits = {"colonne-0": "nom", "colonne-1": "prenom", "colonne-2": "date_naissance"}
        assert liste.regler(**dits).status_code == 303
        assert "Sans référent 2" in liste.page()
    titree = deposer(connecte("secretariat"), b"Truc;Machin\nUN;Ali\n", source="Autre")
    assert "Les titres sont à la ligne 1" in liste_des_titres(titree)
    assert titree.nav.post(f"{titree.adresse}/colonnes", {"geste": "titres", "titres": "0"}).status_code == 303
    assert "Pas de ligne de titres" in liste_des_titres(titree)
    assert titree.nav.post(f"{titree.adresse}/colonnes", {"geste": "titres", "titres": "9"}).status_code == 400


@SUR_UNE_BASE
def test_what_is_remembered_of_a_list_names_nobody(app, equipes, nov, connecte) -> None:
    """Une ligne de quelqu’un prise pour des titres, un titre que l’on ne reprend pas, un fichier qui nomme."""
    prise = deposer(connecte("secretariat"), b"Zinsou;Awa\nUN;Ali\n", fichier="Zinsou Awa.csv")
    assert "Les titres sont à la ligne 1" in liste_des_titres(prise)
    assert prise.regler(**{"colonne-0": "nom", "colonne-1": "prenom"}).status_code == 303
    autre = deposer(connecte("secretariat"), b"Nom;Suivi par Mme Zinsou;Mots;Commune\nUN;x;Ali;Toul\n", source="Autre")
    assert autre.regler(**{"colonne-0": "nom", "colonne-2": "prenom", "colonne-3": ""}).status_code == 303
    for liste in (prise, autre):
        assert liste.nav.post(f"{liste.adresse}/finir").status_code == 303
        assert "Zinsou" not in texte(liste.nav.get(liste.adresse).text + liste.nav.get("/orientations").text)
    with app.app_context():
        gardes = {s.nom: s.reglages["colonnes"] for s in db.session.scalars(select(SourceOrientations))}
        assert gardes == {SOURCE: {}, "Autre": {"nom": "nom", "mots": "prenom", "commune": ""}}
        assert {i.fichier for i in db.session.scalars(select(ImportOrientations))} == {""}


def liste_des_titres(liste: Liste) -> str:
    return texte(liste.nav.get(f"{liste.adresse}/colonnes").text)
