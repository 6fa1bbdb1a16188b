"""Un papier s'imprime du téléphone, sans réseau : la page seule, sans ce qui l'entoure."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.papiers.balises import lire_pdf, texte

from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

ESPIONNER = "() => { window.print = () => { document.body.dataset.imprimee = 'oui'; }; }"


def test_a_paper_prints_off_line_from_the_file_without_the_screen_around_it(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.personnes["Quéméneur-Témoin"]
    page = telephone.page
    serveur.tuer()
    telephone.ouvrir(f"/dossiers/{dossier}")
    page.get_by_role("link", name="Imprimer un papier").click()
    page.get_by_role("link", name="Vos droits, vos devoirs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos droits, vos devoirs")
    assert telephone.rendu_par() == "appareil"
    expect(page.get_by_role("link", name="PDF")).to_have_count(0)

    page.evaluate(ESPIONNER)
    page.get_by_role("button", name="Imprimer").click()
    expect(page.locator("body")).to_have_attribute("data-imprimee", "oui")

    imprime = texte(lire_pdf(page.pdf(format="A4")))
    assert "Vosdroits,vosdevoirs" in imprime
    assert "Modèleàvalider" in imprime
    assert "Quéméneur-Témoin" in imprime
    for autour in ("Imprimer", "Retour", "àenvoyer", "Toutestenvoyé"):
        assert autour not in imprime, autour
    serveur.demarrer()
