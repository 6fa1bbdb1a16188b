"""Clair, sombre, comme l'appareil : choisi au menu, gardé par ce navigateur, posé avant que la page ne se dessine."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .parcours import Parcours

NOIR, PAPIER = "rgb(0, 0, 0)", "rgb(250, 245, 234)"

# Ce que vaut la lumière au tout premier élément du corps : plus tard, l'œil aurait vu l'autre.
TEMOIN = """
new MutationObserver((_, temoin) => {
  if (!document.body) return;
  temoin.disconnect();
  window.lumiereAuDebut = document.documentElement.dataset.theme ?? "";
}).observe(document, { childList: true, subtree: true });
"""


def choisir(parcours: Parcours, libelle: str) -> None:
    parcours.page.get_by_role("button", name="Menu").click()
    parcours.page.locator("#menu label").filter(has_text=libelle).click()
    parcours.page.keyboard.press("Escape")


def fond(parcours: Parcours) -> str:
    return str(parcours.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor"))


def lumiere_au_debut(parcours: Parcours) -> str:
    return str(parcours.page.evaluate("() => window.lumiereAuDebut"))


def test_the_chosen_light_is_there_before_the_page_is_drawn_with_or_without_the_server(
    telephone_installe: Parcours,
) -> None:
    telephone = telephone_installe
    telephone.navigateur.contexte.add_init_script(TEMOIN)
    telephone.ouvrir("/")
    assert fond(telephone) == PAPIER
    choisir(telephone, "Sombre")
    assert fond(telephone) == NOIR
    telephone.ouvrir("/dossiers")
    assert (lumiere_au_debut(telephone), fond(telephone)) == ("nuit", NOIR)
    telephone.ouvrir("/appareils")
    assert (lumiere_au_debut(telephone), fond(telephone)) == ("nuit", NOIR)
    telephone.navigateur.couper_le_reseau()
    telephone.ouvrir("/envoi")
    assert (lumiere_au_debut(telephone), fond(telephone)) == ("nuit", NOIR)
    telephone.navigateur.rendre_le_reseau()


def test_the_other_tab_follows_and_the_device_can_decide_again(bureau: Parcours) -> None:
    autre = Parcours(bureau.navigateur, bureau.navigateur.nouvel_onglet())
    bureau.ouvrir("/rapports")
    autre.ouvrir("/rapports")
    choisir(bureau, "Sombre")
    expect(autre.page.locator("html")).to_have_attribute("data-theme", "nuit")
    expect(autre.page.locator("meta[name=theme-color]").first).to_have_attribute("content", "#000000")
    choisir(autre, "Comme l’appareil")
    expect(bureau.page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))
    assert fond(bureau) == PAPIER
    assert bureau.page.evaluate("() => localStorage.length") == 0


def test_the_light_survives_a_screen_put_by_htmx(telephone_installe: Parcours) -> None:
    telephone = telephone_installe
    telephone.ouvrir("/")
    choisir(telephone, "Sombre")
    telephone.onglet("Dossiers")
    telephone.page.wait_for_url("**/dossiers")
    assert fond(telephone) == NOIR
    telephone.page.get_by_role("button", name="Menu").click()
    expect(telephone.page.get_by_role("radio", name="Sombre")).to_be_checked()
