"""Le rapport de la maraude : une histoire écrite à la main, ses chiffres, leurs listes, ce qu'elles ne disent pas."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select

from app.base import db, ecrire
from app.domain import maraude
from app.domain.cahier import jour
from app.domain.indicateurs import maraude as definition
from app.models import EvenementRapport
from app.rapports.rapport import CHAPITRES
from sync.appliquer import appliquer
from sync.fiches.cahier import lire_cahiers
from sync.operation import lire_operation
from tests.views.faits import Cas, dans, un_cas, un_id

BASE = "/rapports/maraude"
SEULE = pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)
CANARIS = ("Canari-pseudo", "Canari-lieu", "Canari-note", "Canari-transmission", "48.693", "48,693")


@dataclass
class Secteur:
    cas: Cas
    nom: str
    id: str = field(default_factory=un_id)

    def noter(self, forme: str, **champs: Any) -> str:
        identifiant = un_id()
        self.faire("maraude", f"noter_{forme}", identifiant, champs)
        return identifiant

    def maraude(self, le: str) -> str:
        return self.noter("maraude", le=le, debut="20:30", transmission="Canari-transmission")

    def rencontre(self, maraude: str, **champs: Any) -> str:
        return self.noter("rencontre", maraude_id=maraude, **champs)

    def faire(self, role: str, genre: str, entite: str, champs: dict[str, Any]) -> None:
        operation = {"id": un_id(), "genre": genre, "entite": entite, "personne": self.id, "champs": champs}
        acteur = replace(self.cas.acteur(role), origine="bureau")
        with self.cas.app.app_context(), ecrire(db.engine) as session:
            (recu,) = appliquer(session, acteur, [lire_operation(operation | {"heure": dans(0)})])
        assert recu.statut == "applied", recu


def un_secteur(cas: Cas, nom: str) -> Secteur:
    secteur = Secteur(cas, nom)
    secteur.faire("chef_de_service", "creer_cahier", secteur.id, {"genre": "secteur", "nom": nom})
    membre = {"utilisateur": cas.equipe.comptes["maraude"]}
    secteur.faire("chef_de_service", "ajouter_membre", secteur.id, membre)
    return secteur


@dataclass
class Histoire:
    """Deux secteurs ; A est connue d'avant 2024, B et D y sont nouvelles, C ne vient qu'après."""

    gare: Secteur
    quais: Secteur


@pytest.fixture
def histoire(app, equipes) -> Histoire:
    cas = un_cas(app, equipes[0])
    gare, quais = un_secteur(cas, "Secteur Gare"), un_secteur(cas, "Secteur des Quais")
    a, b, c = (gare.noter("connu", pseudonyme=f"Canari-pseudo {nom}", note="Canari-note") for nom in "ABC")
    gare.rencontre(gare.maraude("2023-12-28"), connu_id=a)
    janvier = gare.maraude("2024-01-31")
    refus = {"propose": ["appel_115"], "refuse": ["appel_115"]}
    ou = {"ou": "Canari-lieu", "position": "48.693,6.183"}
    gare.rencontre(janvier, connu_id=a, **ou, besoins=["ecoute", "boisson"], donne=["boisson"], **refus)
    gare.rencontre(janvier, connu_id=b, heure="00:30", note="Canari-note")
    gare.rencontre(janvier, hommes=2, alerte="danger")
    fevrier = gare.maraude("2024-02-01")
    gare.rencontre(fevrier, connu_id=b, refuse=["appel_115"])
    gare.rencontre(fevrier, adultes=2, mineurs=1, propose=["appel_115"])
    gare.rencontre(fevrier, connu_id=a, propose=["appel_115", "sao"], accepte=["appel_115"])
    gare.faire("maraude", "retirer_rencontre", gare.rencontre(fevrier, hommes=7), {"motif": "Doublon"})
    retiree = gare.maraude("2024-02-05")
    gare.rencontre(retiree, hommes=5)
    gare.faire("maraude", "retirer_maraude", retiree, {"motif": "Doublon"})
    gare.rencontre(gare.maraude("2025-01-02"), connu_id=c)
    d = quais.noter("connu", pseudonyme="Canari-pseudo D")
    deux = {"accepte": ["appel_115"], "refuse": ["appel_115"]}
    quais.rencontre(quais.maraude("2024-02-10"), connu_id=d, femmes=1, adultes=1, **deux)
    return Histoire(gare, quais)


def _chiffres(nav, adresse: str) -> dict[tuple[str, str, str], int]:
    fichier = nav.post(f"{adresse}/sortir", {"motif": "financeur", "format": "csv"})
    assert fichier.status_code == 200, fichier.text
    lignes = csv.DictReader(io.StringIO(fichier.data.decode("utf-8-sig")), delimiter=";")
    return {(li["tableau"], li["code"], li["colonne"]): int(li["nombre"]) for li in lignes if li["nombre"]}


ACTIVITE = {
    "maraudes": 3,
    "rencontres": 7,
    "rencontres_connues": 5,
    "rencontres_comptees": 2,
    "rencontres_alerte": 1,
    "personnes_rencontrees": 10,
    "connues_distinctes": 3,
    "nouvelles": 2,
}
COLONNES = ("maraudes", "rencontres", "personnes", "connues", "nouvelles")
REPONSES = ("propose", "accepte", "refuse", "sans_reponse")


def test_the_figures_are_those_counted_by_hand(histoire, connecte):
    chiffres = _chiffres(connecte("chef_de_service"), f"{BASE}/tous/2024")
    assert {code: chiffres["activite", code, "nombre"] for code in ACTIVITE} == ACTIVITE

    def ligne(tableau: str, code: str, colonnes: tuple[str, ...] = COLONNES) -> list[int]:
        return [chiffres[tableau, code, colonne] for colonne in colonnes]

    assert ligne("mois", "2024-01") == [1, 3, 4, 2, 1]
    assert ligne("mois", "2024-02") == [2, 4, 6, 3, 1]
    assert ligne("secteurs", histoire.gare.id) == [2, 6, 9, 2, 1]
    assert ligne("secteurs", histoire.quais.id) == [1, 1, 1, 1, 1]
    assert ligne("mois", "total") == ligne("secteurs", "total") == [3, 7, 10, 3, 2]
    assert ligne("propositions", "appel_115", REPONSES) == [5, 2, 2, 1]
    assert ligne("propositions", "sao", REPONSES) == [1, 0, 0, 1]
    for tableau, code, nombre in (
        ("besoins", "ecoute", 1),
        ("besoins", "non_renseigne", 6),
        ("donne", "boisson", 1),
        ("donne", "duvet", 0),
    ):
        assert chiffres[tableau, code, "nombre"] == nombre


def test_one_sector_a_part_of_the_year_and_what_is_missing(histoire, connecte):
    nav = connecte("chef_de_service")
    chiffres = _chiffres(nav, f"{BASE}/{histoire.gare.id}/2024-02-01_2024-12-31")
    assert chiffres["activite", "rencontres", "nombre"] == 3
    assert chiffres["activite", "connues_distinctes", "nombre"] == 2
    assert chiffres["activite", "nouvelles", "nombre"] == 0
    deux = "+".join(sorted((histoire.gare.id, histoire.quais.id)))
    assert nav.get(f"{BASE}/{deux}/2024").status_code == 200
    assert "40\u202f%" in nav.get(f"{BASE}/tous/2024").text
    assert "Les comptes tombent juste" in nav.get(f"{BASE}/tous/2024").text
    assert nav.get(f"{BASE}/tous/1995").status_code == 200


@SEULE
def test_the_nights_of_the_phone_add_up_to_the_figures_of_the_report(app, histoire, connecte):
    """Ce que l'équipe lit en rentrant et ce que le chef de service compte viennent de la même définition."""
    sommes: Counter[str] = Counter()
    with app.app_context():
        lus = lire_cahiers(db.session(), histoire.gare.cas.equipe.structure_id, [histoire.gare.id, histoire.quais.id])
    for cahier in lus.values():
        for nuit in maraude.maraudes(cahier):
            if (jour(nuit) or "").startswith("2024"):
                comptes = maraude.comptes(cahier, nuit)
                sommes.update({nom: comptes[nom] for nom in ("rencontres", "personnes", "nouvelles")})
    chiffres = _chiffres(connecte("chef_de_service"), f"{BASE}/tous/2024")
    assert {nom: chiffres["mois", "total", nom] for nom in sommes} == dict(sommes)


@SEULE
def test_every_figure_opens_a_list_as_long_as_it_and_names_nobody(histoire, connecte):
    nav = connecte("chef_de_service")
    page = nav.get(f"{BASE}/tous/2024").text
    liens = re.findall(r'<td class="chiffre"><a href="([^"]+)">([^<]+)</a>', page)
    assert len(liens) > 60
    for adresse, texte in liens:
        liste = nav.get(adresse)
        assert liste.status_code == 200, adresse
        assert re.search(r"data-total>([^<]+)<", liste.text).group(1) == texte, adresse
        assert liste.text.count('<th scope="row"') == int(texte), adresse
        assert not any(canari in liste.text for canari in CANARIS), adresse
        assert "/dossiers/" not in re.search(r"<main.*</main>", liste.text, re.DOTALL).group(0)
    assert not any(canari in page for canari in CANARIS)
    for adresse in ("activite/inconnue/nombre", "inconnu/rencontres/nombre", "propositions/refus_115/refuse"):
        assert nav.get(f"{BASE}/tous/2024/{adresse}").status_code == 404


@SEULE
def test_a_list_follows_the_night(histoire, connecte):
    nuit = histoire.gare.maraude("2024-06-01")
    for heure in ("00:15", "23:40", "21:05"):
        histoire.gare.rencontre(nuit, hommes=1, heure=heure)
    liste = connecte("chef_de_service").get(f"{BASE}/tous/2024/mois/2024-06/rencontres").text
    heures = re.findall(r'<th scope="row" class="nombre">01/06/2024 ([^<]+)<', liste)
    assert heures == ["21\u00a0h\u00a005", "23\u00a0h\u00a040", "0\u00a0h\u00a015"]


@SEULE
def test_each_format_goes_out_with_its_reason_and_the_journal_keeps_it(app, histoire, connecte):
    nav, adresse = connecte("chef_de_service"), f"{BASE}/{histoire.gare.id}/2024"
    assert f'href="{adresse}/sortir"' in nav.get(adresse).text
    assert nav.post(f"{adresse}/sortir", {"format": "pdf"}).status_code == 422
    for forme in ("pdf", "xlsx", "csv", "json"):
        fichier = nav.post(f"{adresse}/sortir", {"motif": "financeur", "format": forme, "masquer": "oui"})
        assert fichier.status_code == 200, fichier.text
        assert fichier.headers["Content-Disposition"] == f"attachment; filename=rapport-Maraude-2024.{forme}"
        assert not any(canari.encode() in fichier.data for canari in CANARIS)
    with app.app_context():
        lus = db.session.execute(select(EvenementRapport.conventions, EvenementRapport.format)).all()
    assert sorted(format for _, format in lus) == ["csv", "json", "pdf", "xlsx"]
    assert {code for code, _ in lus} == {f"Maraude+{histoire.gare.id}"}
    assert nav.get(f"{adresse}/sortir").text.count("Fichier PDF") == 1
    assert nav.get(f"{BASE}/tous/2024/sortir").text.count("Fichier PDF") == 0


@SEULE
def test_no_encounter_is_in_the_report_of_a_convention(histoire, connecte):
    nav, siens = connecte("chef_de_service"), {i.code for i in definition.INDICATEURS}
    page = nav.get("/rapports/DSP-TDL/2024").text
    assert "definition-" in page
    assert not siens & set(re.findall(r'data-code="([^"]+)"', page))
    assert not {"activite", "secteurs", "mois", "besoins", "donne", "propositions"} & {
        code for chapitre in CHAPITRES for code in chapitre.tableaux
    }
    # Sous une convention, « Maraude » n'existe pas.
    for adresse in ("/rapports/Maraude/2024", "/rapports/Maraude/2024/sortir", "/rapports/DSP-TDL+Maraude/2024"):
        assert nav.get(adresse).status_code == 404


@SEULE
def test_the_head_finds_it_among_the_reports(histoire, connecte):
    assert f'href="{BASE}"' in connecte("chef_de_service").get("/rapports").text


@pytest.mark.parametrize("role", ["conseiller", "maraude", "secretariat", "administrateur", "partenaire"])
@SEULE
def test_only_the_head_counts(histoire, connecte, role):
    nav = connecte(role)
    for suite in ("", "/composer", "/tous/2024", "/tous/2024/sortir", "/tous/2024/activite/rencontres/nombre"):
        assert nav.get(f"{BASE}{suite}").status_code in {403, 404}
    assert "Rapport de la maraude" not in nav.get("/rapports").text


@SEULE
def test_a_sector_of_another_structure_does_not_exist(histoire, connecte):
    ailleurs = connecte("chef_de_service", 1)
    for secteurs in (histoire.gare.id, f"{histoire.gare.id}+{histoire.quais.id}", "n-importe-quoi", "+".join("ab" * 9)):
        assert ailleurs.get(f"{BASE}/{secteurs}/2024").status_code == 404
    assert _chiffres(ailleurs, f"{BASE}/tous/2024")["activite", "rencontres", "nombre"] == 0


@SEULE
def test_the_form_leads_to_the_report_or_says_what_is_wrong(histoire, connecte):
    nav = connecte("chef_de_service")
    dates = "du=2024-01-01&au=2024-12-31"
    seul = nav.get(f"{BASE}/composer?{dates}&secteurs={histoire.gare.id}")
    assert seul.headers["Location"] == f"{BASE}/{histoire.gare.id}/2024"
    tous = nav.get(f"{BASE}/composer?{dates}&secteurs={histoire.gare.id}&secteurs={histoire.quais.id}")
    assert tous.headers["Location"] == nav.get(f"{BASE}/composer?{dates}").headers["Location"] == f"{BASE}/tous/2024"
    refuse = nav.get(f"{BASE}/composer?du=2024-12-31&au=2024-01-01&secteurs={histoire.gare.id}")
    assert refuse.status_code == 422
    assert "inversez-les" in refuse.text
