"""Le rapport d'un chef de service, dans un vrai navigateur : un chiffre ouvre sa liste, le rapport s'emporte."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from .parcours import Parcours
from .semences import Semis


def test_a_figure_opens_what_it_counts_and_the_report_leaves_with_a_reason(
    bureau: Parcours, semis: Semis, tmp_path: Path
) -> None:
    page, rapport = bureau.page, f"/rapports/{semis.convention}/{semis.rendez_vous_honore.jour[:4]}"
    bureau.ouvrir("/rapports")
    page.locator(f"a[href='{rapport}']").click()
    chiffre = page.locator("#flux tr[data-code=accompagnees] a")
    compte = chiffre.inner_text()
    assert int(compte) > 0
    chiffre.click()
    expect(page.locator("[data-total]")).to_have_text(compte)
    # Chaque liste montre au plus une page ; celle-ci y tient.
    expect(page.locator("main tbody tr")).to_have_count(int(compte))

    page.go_back()
    page.get_by_role("link", name="Sortir le rapport").click()
    page.get_by_role("button", name="Préparer le fichier").click()
    expect(page.locator(".champ-erreur").first).to_be_visible()
    page.locator("label", has=page.locator("input[name=motif]")).first.click()
    for forme in ("pdf", "xlsx"):
        page.locator("label", has=page.locator(f"input[name=format][value={forme}]")).click()
        with page.expect_download() as emporte:
            page.get_by_role("button", name="Préparer le fichier").click()
        emporte.value.save_as(tmp_path / f"rapport.{forme}")
    assert (tmp_path / "rapport.pdf").read_bytes().startswith(b"%PDF-1.7")
    feuilles = CalamineWorkbook.from_path(tmp_path / "rapport.xlsx")
    lignes = {ligne[0]: ligne[1] for ligne in feuilles.get_sheet_by_name("Stock et flux").to_python() if len(ligne) > 1}
    assert lignes["Personnes accompagnées"] == int(compte)
    page.reload()
    expect(page.locator("section[aria-labelledby=titre-journal] li")).to_have_count(2)
