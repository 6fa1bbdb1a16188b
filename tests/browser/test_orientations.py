"""Recevoir la liste du mois, dans un vrai navigateur : du fichier choisi au dossier sur le téléphone."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import TAILLE_BUREAU, OuvrirNavigateur
from .listes import recente
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur


def test_a_list_goes_from_the_file_to_the_phone(
    serveur_debout: Serveur, ouvrir_navigateur: OuvrirNavigateur, semis: Semis, telephone_installe: Parcours
) -> None:
    bureau = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=TAILLE_BUREAU))
    bureau.se_connecter(semis.secretariat.courriel, semis.secretariat.mot_de_passe)
    page = bureau.page
    page.locator("nav").get_by_role("link", name="Orientations").click()
    page.get_by_label("Qui envoie cette liste").fill("Département de Fictive")
    page.get_by_label("Le fichier").set_input_files(
        {"name": "novembre.csv", "mimeType": "text/csv", "buffer": recente()}
    )
    page.get_by_role("button", name="Lire la liste").click()
    expect(page.get_by_role("heading", name="Que dit chaque colonne")).to_be_visible()
    expect(page.get_by_label("Né(e) le")).to_have_value("date_naissance")
    page.get_by_label("Convention", exact=True).select_option(semis.convention)
    page.get_by_role("button", name="Vérifier les lignes").click()

    page.get_by_label("Date de naissance").fill("13/02/1990")
    page.get_by_role("button", name="Corriger la ligne 7").click()
    # Plus rien à corriger : ce qui reste à décider vient de lui-même.
    page.get_by_label("Une autre personne").check()
    page.get_by_role("button", name="C’est décidé pour la ligne 10").click()
    page.locator("summary", has_text="sans référent à la même personne").click()
    page.get_by_label("À qui").select_option(semis.camille.id)
    page.get_by_role("button", name="Confier", exact=True).click()
    expect(page.locator(".barre-action")).to_contain_text("Ne seront pas reçues\u202f: 1 déjà connue.")
    page.get_by_role("button", name="Recevoir 7 orientations").click()
    expect(page.get_by_role("heading", name="La liste est reçue")).to_be_visible()
    expect(page.locator("main")).to_contain_text("7 orientations reçues\u202f: 7 personnes nouvelles, 1 déjà connue.")

    telephone_installe.envoyer_maintenant()
    telephone_installe.attendre_envoi("vide")
    telephone_installe.ouvrir("/dossiers")
    ligne = telephone_installe.page.locator("li.ligne", has_text="Awa Zinsou-Fictive")
    expect(ligne).to_be_visible()
    ligne.get_by_role("link").first.click()
    expect(telephone_installe.page.locator("main")).to_contain_text("en cours d’intégration")
    expect(telephone_installe.page.locator("main")).to_contain_text("Premier contact à prendre")
