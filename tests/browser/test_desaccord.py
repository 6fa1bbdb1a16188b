"""Deux appareils notent autre chose au même endroit, sans réseau : les deux valeurs se voient, une se choisit."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from .conftest import OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur

DU_TELEPHONE, DE_LA_TABLETTE = "12 rue du Verger", "3 place du Marché"


def noter_l_adresse(appareil: Parcours, dossier: str, adresse: str) -> None:
    appareil.ouvrir(f"/dossiers/{dossier}/modifier")
    appareil.remplir("adresse", adresse)
    appareil.enregistrer()
    appareil.page.wait_for_url(UN_DOSSIER)
    appareil.voit(adresse)


def echanger(appareil: Parcours) -> None:
    appareil.navigateur.rendre_le_reseau()
    appareil.envoyer_maintenant()
    appareil.attendre_envoi("vide")


def choisir(appareil: Parcours, dossier: str, choix: str) -> None:
    appareil.ouvrir(f"/dossiers/{dossier}")
    appareil.page.locator(f".desaccord button[value='{choix}']").click()
    appareil.page.wait_for_url(UN_DOSSIER)


def test_two_devices_of_one_person_disagree_and_settle_it_off_line(
    telephone_installe: Parcours,
    ouvrir_navigateur: OuvrirNavigateur,
    bureau: Parcours,
    serveur: Serveur,
    semis: Semis,
) -> None:
    telephone, dossier = telephone_installe, semis.personnes["Quéméneur-Témoin"]
    tablette = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_TELEPHONE))
    tablette.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    tablette.installer(nom="Tablette de Camille")
    for appareil, adresse in ((telephone, DU_TELEPHONE), (tablette, DE_LA_TABLETTE)):
        appareil.navigateur.couper_le_reseau()
        noter_l_adresse(appareil, dossier, adresse)
    for appareil in (telephone, tablette, telephone):
        echanger(appareil)

    tablette.ouvrir("/envoi")
    tablette.voit("Arrivé, à départager")
    for appareil in (telephone, tablette):
        appareil.ouvrir("/")
        appareil.voit("1 désaccord à régler")
        appareil.ouvrir(f"/dossiers/{dossier}")
        desaccord = appareil.page.locator(".desaccord")
        expect(desaccord).to_have_count(1)
        expect(desaccord.locator(".cote--vigueur")).to_contain_text(DU_TELEPHONE)
        expect(desaccord.locator(".cote--vigueur")).to_contain_text("Téléphone de Camille")
        expect(desaccord.locator(".cote--propose")).to_contain_text(DE_LA_TABLETTE)
        expect(desaccord.locator(".cote--propose")).to_contain_text("Tablette de Camille")

    # Choisi sans réseau, repris, choisi de nouveau : rien n'est encore parti.
    telephone.navigateur.couper_le_reseau()
    choisir(telephone, dossier, "en_vigueur")
    expect(telephone.page.locator("[data-message]")).to_contain_text(DU_TELEPHONE)
    expect(telephone.page.locator(".desaccord")).to_have_count(0)
    telephone.annuler()
    expect(telephone.page.locator(".desaccord")).to_have_count(1)
    choisir(telephone, dossier, "propose")
    expect(telephone.page.locator(".desaccord")).to_have_count(0)
    expect(telephone.page.locator(".fiche")).to_contain_text(DE_LA_TABLETTE)
    assert serveur.lire("SELECT etat FROM desaccord WHERE personne_id = ?", dossier) == [("ouvert",)]

    for appareil in (telephone, tablette):
        echanger(appareil)
        appareil.ouvrir(f"/dossiers/{dossier}")
        expect(appareil.page.locator(".desaccord")).to_have_count(0)
        expect(appareil.page.locator(".fiche")).to_contain_text(DE_LA_TABLETTE)
        appareil.ouvrir("/")
        appareil.ne_voit_pas("désaccord")
    en_vigueur = "SELECT valeur FROM personne_valeur WHERE personne_id = ? AND champ = 'adresse'"
    assert [json.loads(valeur) for (valeur,) in serveur.lire(en_vigueur, dossier)] == [DE_LA_TABLETTE]
    assert serveur.lire("SELECT etat, choix FROM desaccord WHERE personne_id = ?", dossier) == [("regle", "propose")]
    reglements = "SELECT count(*) FROM operation WHERE personne_id = ? AND genre = 'regler_desaccord'"
    assert serveur.lire(reglements, dossier) == [(1,)]

    bureau.ouvrir(f"/supervision/historique/{dossier}")
    for attendu in (DU_TELEPHONE, DE_LA_TABLETTE, "Téléphone de Camille", "Tablette de Camille", "Désaccord réglé"):
        bureau.voit(attendu)
