"""L'écran sous les yeux reste vrai et reste en place : après un lien, après un échange, après un geste."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from .parcours import CODE, PHRASE, Parcours
from .semences import Semis
from .serveur import Serveur

A_ENVOYER = re.compile("à envoyer", re.IGNORECASE)


# Ce que voit la personne au moment du geste : la hauteur, dans la fenêtre, de la ligne qu'elle touche.
RETENIR_LA_HAUTEUR = """() => addEventListener("submit", (e) => {
  document.documentElement.dataset.hauteur = Math.round(e.target.closest("li").getBoundingClientRect().top);
}, { capture: true, once: true })"""


def hauteur_au_geste(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.dataset.hauteur"))


def hauteur(ligne: Locator) -> int:
    return round(float(ligne.evaluate("(e) => e.closest('li').getBoundingClientRect().top")))


def test_the_notebook_is_prepared_from_the_menu_link(telephone: Parcours, semis: Semis) -> None:
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    page = telephone.page
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Préparer cet appareil").click()
    page.wait_for_url("**/installer")

    page.fill("[name=phrase]", PHRASE)
    expect(page.locator("[data-force-texte]")).to_contain_text("Solide")
    telephone.remplir_installation("Téléphone de Camille", PHRASE, CODE)
    telephone.attendre_installation()


def test_the_sending_screen_tells_what_the_header_tells(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone = telephone_installe
    serveur.tuer()
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, "Noté pendant une panne du serveur.")
    telephone.onglet("Envoi")
    telephone.voit("1 fiche à envoyer")
    telephone.voit("En attente de réseau")
    serveur.demarrer()
    telephone.page.get_by_role("button", name="Envoyer maintenant").click()
    telephone.attendre_envoi("vide")

    telephone.voit("Tout est envoyé")
    expect(telephone.contenu()).not_to_contain_text(A_ENVOYER)
    expect(telephone.contenu()).not_to_contain_text("En attente de réseau")


def test_a_contact_sent_at_once_is_shown_as_sent_where_it_was_noted(telephone_installe: Parcours, semis: Semis) -> None:
    telephone = telephone_installe
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, "Noté avec du réseau, parti aussitôt.")
    telephone.attendre_envoi("vide")

    expect(telephone.contenu()).not_to_contain_text(A_ENVOYER)
    telephone.voit("Noté avec du réseau, parti aussitôt.")
    # Le mot qui suit l'enregistrement n'a pas été emporté avec l'ancien écran.
    expect(telephone.page.locator("[data-message]")).to_be_visible()


def test_an_exchange_leaves_the_form_being_filled_alone(telephone_installe: Parcours, semis: Semis) -> None:
    telephone = telephone_installe
    autre = Parcours(telephone.navigateur, telephone.navigateur.nouvel_onglet())
    telephone.commencer_un_contact(semis.rendez_vous_manque.personne_id)
    telephone.remplir("synthese", "Une phrase commencée")
    autre.noter_un_contact(semis.rendez_vous_honore.personne_id, "Noté dans l'autre onglet.")
    autre.attendre_envoi("vide")
    telephone.attendre_envoi("vide")

    expect(telephone.page.locator("[name=synthese]")).to_have_value("Une phrase commencée")
    expect(telephone.page.locator("[name=synthese]")).to_be_focused()


def test_an_outcome_told_in_one_tap_leaves_the_day_where_it_was(telephone_installe: Parcours, semis: Semis) -> None:
    telephone, rendez_vous = telephone_installe, semis.rendez_vous_manque
    page = telephone.page
    page.set_viewport_size({"width": 390, "height": 360})
    page.evaluate(RETENIR_LA_HAUTEUR)

    telephone.constater(rendez_vous.id, "absence_excusee")
    expect(page.locator("[data-message]")).to_be_visible()
    ligne = page.locator(f"#contenu a[href='/dossiers/{rendez_vous.personne_id}']").first
    assert page.evaluate("() => scrollY") > 0
    assert abs(hauteur(ligne) - hauteur_au_geste(page)) <= 1
    # Le regard reste sur la ligne touchée, au clavier comme au lecteur d'écran.
    expect(ligne).to_be_focused()

    telephone.attendre_envoi("vide")
    expect(telephone.contenu()).not_to_contain_text(A_ENVOYER)
    assert abs(hauteur(ligne) - hauteur_au_geste(page)) <= 1
