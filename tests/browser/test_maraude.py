"""Deux téléphones sur une maraude, sans réseau : douze rencontres, cinq de gens connus ; chacun finit par tout voir."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from . import deux_telephones, secteur
from .conftest import OuvrirNavigateur
from .deux_telephones import Telephone
from .secteur import Secteur
from .semences import Semis
from .serveur import Serveur

CONNUS = ("Momo", "Lila", "Le Grand", "Marie-Jeanne", "Tonton")
ICI = "48.693,6.183"
NOIR, PAPIER = "rgb(0, 0, 0)", "rgb(250, 245, 234)"


class Dehors(Telephone):
    """En maraude : une rencontre, selon la voie choisie."""

    def rencontrer(self, voie: str) -> None:
        self.touches = 0
        self.toucher_le_lien("Rencontre")
        self.parcours.page.wait_for_url("**/rencontre")
        self.toucher_le_lien(voie)
        self.parcours.page.wait_for_url("**/rencontre?qui=*")

    def enregistrer(self) -> None:
        self.toucher(self.parcours.page.locator("button[form=formulaire]"))
        self.parcours.page.wait_for_url(f"**{self.ecran}")
        expect(self.parcours.page.locator("[data-message]")).to_contain_text("Rencontre notée.")

    def situer(self) -> None:
        """Refusée d'abord, puis permise : la position ne vient que du geste, arrondie."""
        page, ici = self.parcours.page, self.parcours.navigateur
        ou, prendre = page.locator("[name=position]"), page.get_by_role("button", name="Ajouter la position")
        expect(ou).to_have_value("")
        prendre.click()
        self.parcours.voit("Ce téléphone refuse de donner sa position")
        ici.contexte.grant_permissions(["geolocation"], origin=ici.adresse)
        ici.contexte.set_geolocation({"latitude": 48.693_123_4, "longitude": 6.182_951, "accuracy": 2_000})
        prendre.click()
        self.parcours.voit("Le téléphone ne sait pas assez bien où il est")
        ici.contexte.set_geolocation({"latitude": 48.693_123_4, "longitude": 6.182_951, "accuracy": 12})
        prendre.click()
        expect(ou).to_have_value(ICI)
        page.get_by_role("button", name="Retirer la position").click()
        expect(ou).to_have_value("")
        prendre.click()
        self.parcours.voit("48,693° nord, 6,183° est")

    def compter(self) -> None:
        self.rencontrer("Compter")
        self.enregistrer()

    def connu(self, nom: str) -> None:
        self.rencontrer(nom)
        self.enregistrer()

    def nouveau(self, nom: str) -> None:
        self.rencontrer("Un nouveau nom")
        champ = self.parcours.page.locator("[name='connu-pseudonyme']")
        self.toucher(champ)
        champ.press_sequentially(nom)
        self.toucher(self.parcours.page.get_by_text("Je le lui ai dit, et elle veut bien"))
        self.enregistrer()


@pytest.fixture
def tenu(serveur_debout: Serveur, semis: Semis) -> Secteur:
    return secteur.semer(serveur_debout, semis, CONNUS)


@pytest.fixture
def telephones(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur, tenu: Secteur
) -> list[Dehors]:
    les_deux = deux_telephones.installer(ouvrir_navigateur, serveur_debout, semis)
    return [Dehors(parcours, f"/maraudes/{tenu.maraude}") for parcours in les_deux]


def test_twelve_meetings_noted_off_line_on_two_phones_are_seen_by_both(
    serveur: Serveur, semis: Semis, telephones: list[Dehors]
) -> None:
    camille, noor = telephones
    serveur.tuer()
    for telephone in telephones:
        telephone.parcours.ouvrir("/")
        telephone.parcours.page.get_by_role("link", name="La maraude").click()
        telephone.parcours.page.wait_for_url("**/maraudes")
        telephone.toucher_le_lien("Reprendre")
        telephone.parcours.page.wait_for_url(f"**{telephone.ecran}")

    camille.compter()
    assert camille.touches == 3
    camille.connu("Momo")
    assert camille.touches == 3
    camille.nouveau("Jo")
    assert camille.touches == 5
    for nom in ("Lila", "Le Grand"):
        camille.connu(nom)
    camille.rencontrer("Compter")
    camille.situer()
    camille.enregistrer()
    for nom in ("Marie-Jeanne", "Tonton"):
        noor.connu(nom)
    for _ in range(4):
        noor.compter()
    camille.lit("6 rencontres", "à envoyer")
    noor.lit("6 rencontres", "à envoyer")

    serveur.demarrer()
    camille.parcours.tout_envoyer(semis.camille)
    noor.parcours.tout_envoyer(semis.noor)
    camille.parcours.tout_envoyer(semis.camille)
    for telephone in telephones:
        telephone.lit("12 rencontres", "12 personnes", "5 connues", "1 nouvelle", *CONNUS, "Jo")
        expect(telephone.parcours.page.locator("#contenu .fil > li")).to_have_count(12)
        expect(telephone.parcours.page.locator("a[href^='geo:']")).to_have_attribute("href", f"geo:{ICI}?q={ICI}")
    assert serveur.compter("operation", "champs LIKE '%48.6931%' OR champs LIKE '%6.18295%'") == 0
    assert serveur.compter("operation", "genre = ?", "noter_rencontre") == 12 + len(CONNUS)

    # Noor finit ; Camille lit, sans réseau, ce qu'elle laisse.
    noor.toucher_le_lien("Finir")
    noor.parcours.page.wait_for_url("**/fin")
    noor.parcours.page.locator("[name=transmission]").fill("Jo attend une place.")
    noor.parcours.page.locator("button[form=formulaire]").click()
    noor.parcours.page.wait_for_url("**/maraudes")
    noor.parcours.tout_envoyer(semis.noor)
    camille.parcours.tout_envoyer(semis.camille)
    serveur.tuer()
    camille.parcours.ouvrir("/maraudes")
    camille.parcours.voit("Jo attend une place.")
    camille.parcours.voit("12 rencontres, 12 personnes, 5 connues, 1 nouvelle")


def test_at_night_the_screen_is_dark_stays_on_and_locks_in_one_gesture(
    telephones: list[Dehors], serveur: Serveur
) -> None:
    camille = telephones[0]
    page = camille.parcours.page
    # Le vrai verrou du navigateur, seulement compté : rien n'en dit le nombre à la page.
    page.add_init_script("""
        window.tenus = 0;
        const demander = navigator.wakeLock.request.bind(navigator.wakeLock);
        navigator.wakeLock.request = async (sorte) => {
          const tenu = await demander(sorte);
          window.tenus += 1;
          tenu.addEventListener("release", () => { window.tenus -= 1; });
          return tenu;
        };
    """)
    fond = "() => getComputedStyle(document.documentElement).backgroundColor"
    camille.parcours.ouvrir("/")
    assert (page.evaluate(fond), page.evaluate("() => tenus")) == (PAPIER, 0)
    page.get_by_role("link", name="La maraude").click()
    page.wait_for_url("**/maraudes")
    page.wait_for_function("() => tenus === 1")
    assert page.evaluate(fond) == NOIR
    page.get_by_role("banner").get_by_role("link", name="Ma journée").click()
    page.wait_for_function("() => tenus === 0")
    assert page.evaluate(fond) == PAPIER

    camille.parcours.ouvrir(camille.ecran)
    camille.toucher(page.get_by_role("button", name="Verrouiller", exact=True))
    camille.parcours.attendre_le_verrou()
    camille.parcours.deverrouiller()
    page.wait_for_url(f"**{camille.ecran}")
