"""La feuille de style du bureau ne va pas au téléphone ; un écran du bureau l'a toujours, d'où que l'on vienne."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import Parcours

HABILLE = "link[data-bureau]"


def test_a_phone_never_asks_for_the_style_of_the_desk(telephone_installe: Parcours) -> None:
    telephone = telephone_installe
    telephone.ouvrir("/dossiers")
    expect(telephone.page.locator(HABILLE)).to_have_count(0)
    assert not [adresse for adresse in telephone.caches() if "style-bureau" in adresse]


def test_a_desk_screen_opened_from_a_field_screen_is_dressed(bureau: Parcours) -> None:
    bureau.ouvrir("/dossiers")
    bureau.page.locator("nav").get_by_role("link", name="Fiches reçues").click()
    bureau.page.wait_for_url("**/supervision/fiches")
    expect(bureau.page.locator(".puce-lien").first).to_have_css("border-radius", "24px")
    # De là, les écrans se suivent sans recharger la page ; revenue au terrain, elle garde sa feuille.
    bureau.page.evaluate("() => { window.meme_page = true; }")
    bureau.onglet("Dossiers")
    bureau.page.wait_for_url("**/dossiers")
    bureau.page.locator("nav").get_by_role("link", name="Rapports").click()
    bureau.page.wait_for_url("**/rapports")
    assert bureau.page.evaluate("() => window.meme_page") is True
    expect(bureau.page.locator(HABILLE)).to_have_count(1)
