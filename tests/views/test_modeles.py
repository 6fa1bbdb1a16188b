"""L'écran Modèles : un texte se date, ne se récrit pas, se valide ; un papier d'hier garde ses mots."""

from __future__ import annotations

import datetime as dt

import pytest

from app.base import db, ecrire
from app.models import Modele
from sync.reference import reference
from tests.views.faits import Cas, dans, un_cas, un_id

AUJOURD_HUI = dans(0)[:10]
A_VALIDER = "Modèle à valider"


@pytest.fixture
def chef(connecte):
    return connecte("chef_de_service")


def ecrire_texte(nav, corps: str, depuis: str = AUJOURD_HUI, code: str = "contrat", **suite: str):
    champs = {"langue": "fr", "titre": "Notre contrat", "corps": corps, "depuis": depuis, **suite}
    return nav.post(f"/modeles/{code}/modifier", champs)


def test_only_the_chef_reads_and_writes_the_texts(connecte):
    for role in ("conseiller", "maraude", "secretariat", "administrateur", "partenaire"):
        assert connecte(role).get("/modeles").status_code == 403, role
        assert ecrire_texte(connecte(role), "Rien.").status_code in (403, 404), role


def test_every_shipped_text_is_listed_to_validate_and_shown_as_it_prints(chef):
    page = chef.get("/modeles").text
    assert page.count("à valider") >= 7
    for code in ("droits_devoirs", "contrat", "parcours", "liaison", "relance", "saisine", "bilan"):
        lu = chef.get(f"/modeles/{code}").text
        assert 'class="papier"' in lu, code
        assert A_VALIDER in lu, code
        assert "{" not in lu.split('class="papier"')[1].split("</article>")[0], code
    assert chef.get("/modeles/etape").status_code == 404


def test_a_paper_keeps_the_words_of_its_day_and_the_notice_until_it_is_validated(app, equipes, chef, connecte):
    cas = un_cas(app, equipes[0])
    hier, demain = un_id(), un_id()
    for identifiant, jours in ((hier, -30), (demain, 1)):
        champs = {"mesure_id": cas.mesure, "type": "cer", "sorte": "premier"}
        cas.faire("noter_contrat", identifiant, champs | {"debut": dans(jours)[:10], "fin": dans(jours + 90)[:10]})
    # Un texte d'il y a deux mois, puis un autre à partir d'aujourd'hui.
    with app.app_context(), ecrire(db.engine) as session:
        session.add(
            Modele(
                structure_id=equipes[0].structure_id,
                id=un_id(),
                code="contrat",
                langue="fr",
                titre="Contrat",
                corps="Les mots d’hier.",
                depuis=dt.date.fromisoformat(dans(-60)[:10]),
                auteur_id=equipes[0].comptes["chef_de_service"],
                cree_le=dt.datetime.now(dt.UTC),
            )
        )
    assert ecrire_texte(chef, "Les mots neufs.").status_code == 303
    nav = connecte()
    ancien, neuf = (nav.get(f"/papiers/piece/{identifiant}").text for identifiant in (hier, demain))
    assert "Les mots d’hier." in ancien
    assert "Les mots neufs." in neuf
    assert A_VALIDER in neuf
    chef.post("/modeles/contrat/valider", {"langue": "fr", "depuis": AUJOURD_HUI})
    neuf = nav.get(f"/papiers/piece/{demain}").text
    assert "Les mots neufs." in neuf
    assert A_VALIDER not in neuf
    assert A_VALIDER in nav.get(f"/papiers/piece/{hier}").text


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("corps", "Bonjour {inconnu}", "Jalon ne sait pas remplir {inconnu}."),
        ("corps", "{constructor}", "Jalon ne sait pas remplir {constructor}."),
        ("titre", "", "Donnez un titre"),
        ("corps", " ", "Écrivez le texte"),
        ("depuis", "2020-01-01", "les papiers déjà remis gardent leurs mots"),
        ("depuis", "bientôt", "Indiquez le premier jour"),
        ("langue", "ar", "Écrivez le code de la langue"),
        ("langue", "<script>", "Écrivez le code de la langue"),
        ("corps", "x" * 12_001, "Raccourcissez ce texte"),
    ],
)
def test_what_cannot_be_a_text_is_said_beside_it_and_kept(chef, champ, valeur, dit):
    reponse = ecrire_texte(chef, **({"corps": "Un texte."} | {champ: valeur}))
    assert reponse.status_code == 422
    assert dit in reponse.text
    assert "<script>alert" not in reponse.text


def test_a_preview_saves_nothing(app, chef):
    page = ecrire_texte(chef, "Un <i>essai</i> pour {personne}.", geste="apercu").text
    assert "Un &lt;i&gt;essai&lt;/i&gt; pour Alix Exemple." in page
    with app.app_context():
        assert db.session.query(Modele).count() == 0


def test_a_structure_never_reads_the_texts_of_another(chef, connecte):
    ecrire_texte(chef, "Les mots des Bornes.")
    ailleurs = connecte("chef_de_service", structure=1)
    assert "des Bornes" not in ailleurs.get("/modeles/contrat").text
    assert ailleurs.post("/modeles/contrat/valider", {"langue": "fr", "depuis": AUJOURD_HUI}).status_code == 404


def test_the_texts_travel_to_the_phones(chef, app, equipes):
    ecrire_texte(chef, "Les mots neufs.")
    with app.app_context():
        lue = reference(db.session(), Cas(app, equipes[0]).acteur())
    corps = [m["corps"] for m in lue["modeles"] if m["code"] == "contrat"]
    assert corps[-1] == "Les mots neufs."
    assert {m["code"] for m in lue["modeles"]} >= {"relance", "parcours", "liaison"}
