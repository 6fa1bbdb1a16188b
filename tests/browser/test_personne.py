"""La fiche d'une personne : créée en quelques gestes, corrigée ligne par ligne, sans perdre ce qui était vrai avant."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur

SECOND = "06 39 98 04 05"


def test_a_new_person_needs_two_names_and_a_convention(telephone_installe: Parcours, semis: Semis) -> None:
    """Rien d'autre n'est demandé : deux champs, une puce, un bouton."""
    telephone, page = telephone_installe, telephone_installe.page
    telephone.ouvrir("/personnes/nouvelle")
    page.fill("[name=prenom]", "Noé")
    page.fill("[name=nom]", "Vite-Fictif")
    telephone.choisir("convention", semis.convention)
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.voit("Noé Vite-Fictif")


def test_someone_alike_is_shown_while_typing_without_a_network(telephone_installe: Parcours, semis: Semis) -> None:
    telephone, page = telephone_installe, telephone_installe.page
    telephone.ouvrir("/personnes/nouvelle")
    page.context.set_offline(True)
    page.fill("[name=prenom]", "awa")
    page.locator("[name=nom]").press_sequentially("diallo")
    expect(page.locator("#ressemblances")).to_contain_text("Une partie du même nom")
    telephone.choisir("convention", semis.convention)
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)


def test_an_entry_sent_back_shows_its_errors_and_stays_a_draft(telephone_installe: Parcours, semis: Semis) -> None:
    """Touché dans la foulée de la dernière frappe, « Enregistrer » ne la laisse pas hors du brouillon."""
    telephone, page = telephone_installe, telephone_installe.page
    adresse = f"/dossiers/{semis.rendez_vous_honore.personne_id}/modifier"
    telephone.ouvrir(adresse)
    page.context.set_offline(True)
    telephone.remplir("enfants_a_charge", "deux")
    telephone.enregistrer()
    expect(page.locator("#erreur-enfants_a_charge")).to_be_visible()
    expect(page.locator("[data-brouillon-etat]")).to_have_text("Brouillon gardé sur ce téléphone.")
    telephone.ouvrir(adresse)
    expect(page.locator("[name=enfants_a_charge]")).to_have_value("deux")


def test_numbers_are_added_put_first_and_removed_and_an_answer_is_taken_back(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, page = telephone_installe, telephone_installe.page
    awa = semis.rendez_vous_honore.personne_id
    telephone.ouvrir(f"/dossiers/{awa}/modifier")
    telephone.choisir("sexe", "homme")
    ajout = page.locator("#champ-telephones_1")
    telephone.deplier(ajout)
    ajout.fill("0612")
    telephone.enregistrer()
    expect(page.locator("#erreur-telephones_1")).to_contain_text("n’est pas complet")
    ajout.fill(SECOND)
    page.locator("#champ-telephones_1-libelle").fill("sa sœur")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.voit("sa sœur")

    telephone.ouvrir(f"/dossiers/{awa}/modifier")
    telephone.choisir("telephones_premier", "1")
    telephone.choisir("telephones_retirer", "0")
    telephone.choisir("sexe", "")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    expect(page.locator(".joindre a[href^='tel:']")).to_have_count(1)
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    valeurs = "SELECT valeur FROM personne_valeur WHERE personne_id = ? AND champ = ? ORDER BY jour"
    numeros = [json.loads(valeur) for (valeur,) in serveur.lire(valeurs, awa, "telephones")]
    assert numeros[-1] == [{"numero": SECOND.replace(" ", ""), "libelle": "sa sœur"}]
    assert [n["libelle"] for n in numeros[0]] == [None], "l'ancien numéro reste dans l'historique"
    assert serveur.lire(valeurs, awa, "sexe")[-1] == (None,)
