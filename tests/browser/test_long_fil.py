"""Un long fil : le haut se peint d'abord, le reste aussitôt après ; par quelque chemin qu'on arrive, il est entier."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from app.moteur import ecrire, ouvrir_moteur

from .a_plusieurs import Carnets
from .parcours import Parcours
from .semences import Semis, identifiant
from .serveur import Serveur

NOTES = 14
D_ABORD = 10
LIGNES = "section[aria-labelledby='titre-fil'] .fil > li"
RETENIR = """(lignes) => document.addEventListener("htmx:after:swap", () => {
  document.documentElement.dataset.dAbord = document.querySelectorAll(lignes).length;
}, { once: true })"""


def noter_longtemps(serveur: Serveur, semis: Semis, personne: str) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    ((structure,),) = serveur.lire("SELECT id FROM structure")
    with ecrire(moteur, structure) as session:
        carnets = Carnets(session, structure, dt.datetime.now(dt.UTC))
        for rang in range(NOTES):
            faits = {"date": f"2025-01-{rang + 1:02}", "moyen": "telephone", "synthese": f"Appel numéro {rang}."}
            carnets.faire(semis.camille, "conseiller", "noter_entretien", identifiant(), personne, **faits)
    moteur.dispose()


def test_a_long_thread_is_whole_however_one_comes_to_it(telephone: Parcours, serveur: Serveur, semis: Semis) -> None:
    personne = semis.personnes["Quéméneur-Témoin"]
    noter_longtemps(serveur, semis, personne)
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    page, lignes = telephone.page, telephone.page.locator(LIGNES)

    telephone.onglet("Dossiers")
    lien = page.locator(f"#liste-dossiers a[href='/dossiers/{personne}']")
    expect(lien).to_be_visible()
    page.evaluate(RETENIR, LIGNES)
    lien.click()
    telephone.voit("Appel numéro 0.")
    assert page.evaluate("() => Number(document.documentElement.dataset.dAbord)") == D_ABORD
    entier = lignes.count()
    assert entier >= NOTES

    derniere = lignes.filter(has_text="Appel numéro 0.")
    derniere.get_by_role("link", name="Modifier").click()
    expect(page.locator("form[data-brouillon]")).to_be_visible()
    page.go_back()
    expect(derniere).to_be_in_viewport()
    expect(lignes).to_have_count(entier)

    page.reload()
    expect(lignes).to_have_count(entier)
