"""Les papiers vus du bureau : leur page, leur PDF, qui les ouvre."""

from __future__ import annotations

import pytest

from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import dans, un_cas, un_id

GENRES = ("parcours", "liaison", "droits_devoirs")
SECRET = "Rappeler le canari jaune"


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


@pytest.fixture
def contrat(cas):
    identifiant = un_id()
    champs = {"mesure_id": cas.mesure, "type": "cer", "sorte": "premier", "debut": dans(-9)[:10], "fin": dans(90)[:10]}
    cas.faire("noter_contrat", identifiant, champs | {"objectifs": [{"objectif": "<b>Le permis</b>"}]})
    return identifiant


def chemins(cas, contrat) -> list[str]:
    return [
        f"/papiers/dossier/{cas.personne}",
        *(f"/papiers/{genre}/{cas.personne}{fin}" for genre in GENRES for fin in ("", ".pdf")),
        *(f"/papiers/relance/{cas.passe}{fin}" for fin in ("", ".pdf")),
        *(f"/papiers/piece/{contrat}{fin}" for fin in ("", ".pdf")),
    ]


def test_each_paper_opens_for_who_follows_the_file_and_stays_in_no_cache(cas, contrat, connecte):
    nav = connecte()
    for chemin in chemins(cas, contrat):
        reponse = nav.get(chemin)
        assert reponse.status_code == 200, chemin
        assert reponse.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in reponse.headers["Content-Security-Policy"]
        if chemin.endswith(".pdf"):
            assert reponse.mimetype == "application/pdf"
            assert "attachment" in reponse.headers["Content-Disposition"]
            assert cas.nom not in reponse.headers["Content-Disposition"]
            assert lire_pdf(reponse.data).root_object["/Lang"] == "fr"


def test_nobody_else_opens_them(cas, contrat, connecte):
    ailleurs = [connecte("maraude"), connecte("partenaire"), connecte("administrateur")]
    ailleurs += [connecte(role, structure=1) for role in ("conseiller", "chef_de_service")]
    for nav in ailleurs:
        for chemin in chemins(cas, contrat):
            reponse = nav.get(chemin)
            assert reponse.status_code == 404, chemin
            assert cas.nom not in reponse.text


def test_a_private_note_and_a_summary_are_on_no_paper(cas, contrat, connecte):
    cas.faire("modifier_entretien", cas.entretien, {"note_personnelle": SECRET, "synthese": "Une synthèse à taire"})
    saisine = un_id()
    cas.faire(
        "noter_saisine", saisine, {"mesure_id": cas.mesure, "le": dans(0)[:10], "faits": "Un rendez-vous manqué."}
    )
    nav = connecte()
    tous = [*chemins(cas, contrat), f"/papiers/piece/{saisine}", f"/papiers/piece/{saisine}.pdf"]
    for chemin in tous:
        reponse = nav.get(chemin)
        dit = texte(lire_pdf(reponse.data)) if chemin.endswith(".pdf") else "".join(reponse.text.split())
        assert "canari" not in dit, chemin
        assert "synthèseàtaire" not in dit, chemin
    assert "Un rendez-vous manqué." in nav.get(f"/papiers/piece/{saisine}").text


def test_what_was_typed_stays_text_on_the_page_and_in_the_pdf(cas, contrat, connecte):
    nav = connecte()
    page = nav.get(f"/papiers/piece/{contrat}").text
    assert "&lt;b&gt;Le permis&lt;/b&gt;" in page
    assert "<b>Le permis" not in page
    assert "<b>Lepermis</b>" in texte(lire_pdf(nav.get(f"/papiers/piece/{contrat}.pdf").data))


def test_a_language_the_pdf_cannot_write_is_said_and_prints_from_the_page(cas, connecte):
    champs = {"langue": "ar", "titre": "حقوقك", "corps": "## حقوقك\n\n- {personne}", "depuis": dans(0)[:10]}
    assert connecte("chef_de_service").post("/modeles/droits_devoirs/modifier", champs).status_code == 303
    nav = connecte()
    page = nav.get(f"/papiers/droits_devoirs/{cas.personne}?langue=ar")
    assert 'lang="ar" dir="rtl"' in page.text
    refus = nav.get(f"/papiers/droits_devoirs/{cas.personne}.pdf?langue=ar")
    assert refus.status_code == 303
    assert refus.headers["Location"] == f"/papiers/droits_devoirs/{cas.personne}?langue=ar"
    assert "le PDF ne sait pas écrire" in nav.get(refus.headers["Location"]).text
    assert nav.get(f"/papiers/droits_devoirs/{cas.personne}?langue=xx").status_code == 404


def test_the_secretariat_prints_a_letter_without_reading_what_it_may_not(cas, contrat, connecte):
    page = connecte("secretariat").get(f"/papiers/piece/{contrat}").text
    assert "Premier contrat" in page
    assert "Le permis" not in page
