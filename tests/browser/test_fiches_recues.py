"""Le contrôle des fiches, dans un vrai navigateur : ce que l'on reproche se voit."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import Parcours

VISIBLE = """(element) => {
  const { left, top, bottom } = element.getBoundingClientRect();
  return [top + 1, bottom - 1].every((y) => element.contains(document.elementFromPoint(left + 5, y)));
}"""


def test_a_return_without_a_remark_shows_its_error_clear_of_the_bar(bureau: Parcours) -> None:
    bureau.ouvrir("/supervision/fiches")
    page = bureau.page
    page.set_viewport_size({"width": 390, "height": 500})
    fiche = page.locator("li.recue").last
    fiche.locator("summary").click()
    fiche.get_by_role("button", name="Retourner la fiche").click()
    erreur = page.locator("li.recue .champ-erreur")
    expect(erreur).to_contain_text("Écrivez ce qu’il faut corriger.")
    expect(page.locator("[data-a-reprendre]")).to_be_focused()
    assert erreur.evaluate(VISIBLE)
