"""Le rapport d'un chef de service, dans un vrai navigateur : un chiffre ouvre sa liste, le rapport s'emporte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.models import SessionWeb
from app.moteur import ouvrir_moteur
from tests.bases import ecrire

from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur


def test_a_figure_opens_what_it_counts_and_the_report_leaves_with_a_reason(
    bureau: Parcours, serveur_debout: Serveur, semis: Semis, tmp_path: Path
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

    # L'écran est resté ouvert : avant qu'un autre fichier ne sorte, le mot de passe se redonne.
    _vieillir(serveur_debout, minutes=11)
    page.locator("label", has=page.locator("input[name=motif]")).first.click()
    page.get_by_label("Précision").fill("Comité de mars")
    page.get_by_role("button", name="Préparer le fichier").click()
    champ = page.get_by_label("Votre mot de passe")
    expect(champ).to_have_accessible_description("Tapez votre mot de passe.")
    expect(page.get_by_label("Précision")).to_have_value("Comité de mars")
    champ.fill(semis.chef.mot_de_passe)
    with page.expect_download() as emporte:
        page.get_by_role("button", name="Préparer le fichier").click()
    assert emporte.value.suggested_filename.startswith("rapport-")


def _vieillir(serveur: Serveur, minutes: int) -> None:
    """Comme si chaque session s'était ouverte plus tôt."""
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    with ecrire(moteur) as session:
        for ouverte in session.scalars(select(SessionWeb)):
            ouverte.cree_le -= dt.timedelta(minutes=minutes)
    moteur.dispose()
