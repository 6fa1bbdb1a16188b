"""Deux téléphones sur une maraude, sans réseau : douze rencontres, cinq de gens connus ; chacun finit par tout voir. Le
lendemain, l'un d'eux est rattaché à son dossier, et le rapport dit la nuit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.moteur import ouvrir_moteur
from tests.bases import copier_sqlite

from . import deux_telephones, secteur, semences
from .calendrier import AuCalendrier, ServeurDate
from .conftest import TAILLE_BUREAU, OuvrirNavigateur
from .deux_telephones import Telephone
from .parcours import Parcours
from .secteur import Secteur
from .semences import Compte, Semis

CONNUS = ("Momo", "Lila", "Le Grand", "Marie-Jeanne", "Tonton")
NUIT = dt.datetime(2026, 11, 26, 21, tzinfo=dt.UTC)
LENDEMAIN = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
ICI = "48.693,6.183"
NOIR, PAPIER = "rgb(0, 0, 0)", "rgb(250, 245, 234)"
# Le rapport des deux jours.
ATTENDU = {
    "Maraudes": "1",
    "Rencontres": "12",
    "dont d’une personne connue": "6",
    "dont comptées seulement": "6",
    "dont avec une alerte à l’équipe": "0",
    "Personnes rencontrées": "12",
    "Personnes connues distinctes": "6",
    "dont nouvelles": "1",
}


@dataclass(kw_only=True)
class Dehors(Telephone):
    """En maraude, à l'heure dite : une rencontre, selon la voie choisie."""

    calendrier: AuCalendrier

    def rencontrer(self, voie: str) -> None:
        self.calendrier.regler()
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
        ici.contexte.set_geolocation(None)
        prendre.click()
        self.parcours.voit("La position n’a pas été trouvée")
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

    def ouvrir(self, adresse: str) -> None:
        self.calendrier.regler()
        self.parcours.ouvrir(adresse)

    def envoyer(self, instant: dt.datetime) -> None:
        self.calendrier.commencer(instant, reseau=True)
        self.calendrier.envoyer()


@pytest.fixture
def serveur(actifs_construits: None, base_vierge: Path, tmp_path: Path) -> Iterator[ServeurDate]:
    lance = ServeurDate(tmp_path, NUIT)
    copier_sqlite(base_vierge, tmp_path)
    yield lance
    lance.arreter()


@pytest.fixture
def semis(serveur: ServeurDate) -> Semis:
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    pose = semences.peupler(moteur, NUIT)
    moteur.dispose()
    return pose


@pytest.fixture
def tenu(serveur: ServeurDate, semis: Semis) -> Secteur:
    pose = secteur.semer(serveur, semis, CONNUS, NUIT)
    serveur.demarrer()
    return pose


@pytest.fixture
def installer(
    serveur: ServeurDate, ouvrir_navigateur: OuvrirNavigateur, tenu: Secteur
) -> Callable[[Compte, str], Dehors]:
    def preparer(compte: Compte, nom: str) -> Dehors:
        parcours = deux_telephones.installer_un(ouvrir_navigateur, serveur, compte, nom, NUIT)
        calendrier = AuCalendrier(serveur, parcours, compte.courriel, compte.mot_de_passe)
        calendrier.instant = NUIT
        return Dehors(parcours, f"/maraudes/{tenu.maraude}", calendrier=calendrier)

    return preparer


def rattacher(camille: Dehors, connu: str, dossier: str) -> None:
    """Sans réseau ; sans son accord, rien ne se rattache."""
    page = camille.parcours.page
    camille.ouvrir(f"/connus/{connu}")
    page.get_by_role("link", name="Rattacher à un de mes dossiers").click()
    page.wait_for_url("**/rattacher")
    page.get_by_role("link", name="Diallo-Fictive").first.click()
    page.wait_for_url("**/rattacher?dossier=*")
    camille.parcours.choisir("etendue", "jours")
    page.get_by_role("button", name="Rattacher").click()
    camille.parcours.voit("sans son accord, rien ne se rattache")
    page.get_by_text("Je le lui ai dit, et elle veut bien").click()
    page.get_by_role("button", name="Rattacher").click()
    page.wait_for_url(f"**/connus/{connu}")
    camille.parcours.voit("Rattachée au dossier de Awa Diallo-Fictive")
    camille.ouvrir(f"/dossiers/{dossier}")
    camille.parcours.voit("Ses rencontres se liront ici après le prochain échange.")


def test_a_night_noted_off_line_on_two_phones_and_its_day_after_end_in_the_expected_figures(
    serveur: ServeurDate,
    semis: Semis,
    tenu: Secteur,
    installer: Callable[[Compte, str], Dehors],
    ouvrir_navigateur: OuvrirNavigateur,
) -> None:
    camille = installer(semis.camille, "Téléphone de Camille")
    noor = installer(semis.noor, "Téléphone de Noor")
    serveur.tuer()
    for telephone in (camille, noor):
        telephone.ouvrir("/")
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
    for telephone in (camille, noor, camille):
        telephone.envoyer(NUIT)
    for telephone in (camille, noor):
        telephone.lit("12 rencontres", "12 personnes", "5 connues", "1 nouvelle", *CONNUS, "Jo")
        expect(telephone.parcours.page.locator("#contenu .fil > li")).to_have_count(12)
        expect(telephone.parcours.page.locator("a[href^='geo:']")).to_have_attribute("href", f"geo:{ICI}?q={ICI}")
    assert serveur.compter("operation", "champs LIKE '%48.6931%' OR champs LIKE '%6.18295%'") == 0
    assert serveur.compter("operation", "genre = ?", "noter_rencontre") == 12 + len(CONNUS)

    # Noor finit ; le lendemain, Camille lit sans réseau ce qu'elle laisse, et rattache Tonton au dossier d'Awa.
    noor.toucher_le_lien("Finir")
    noor.parcours.page.wait_for_url("**/fin")
    noor.parcours.page.locator("[name=transmission]").fill("Jo attend une place.")
    noor.parcours.page.locator("button[form=formulaire]").click()
    noor.parcours.page.wait_for_url("**/maraudes")
    noor.envoyer(NUIT)
    camille.envoyer(LENDEMAIN)
    serveur.tuer()
    camille.ouvrir("/maraudes")
    camille.parcours.voit("Jo attend une place.")
    camille.parcours.voit("12 rencontres, 12 personnes, 5 connues, 1 nouvelle")
    awa = semis.personnes["Diallo-Fictive"]
    rattacher(camille, tenu.connu, awa)

    serveur.demarrer()
    camille.envoyer(LENDEMAIN)
    serveur.tuer()
    camille.ouvrir(f"/dossiers/{awa}")
    for jour in ("jeudi 26", "lundi 23"):
        camille.parcours.voit(f"Rencontrée le {jour} novembre")
    for tu in ("Porche de la gare", "Il tousse beaucoup", "duvet", "48,693", "Tonton"):
        expect(camille.parcours.contenu()).not_to_contain_text(tu)

    # Les chiffres des deux jours, et rien de plus que des chiffres.
    serveur.demarrer()
    chef = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_BUREAU))
    chef.se_connecter(semis.chef.courriel, semis.chef.mot_de_passe)
    chef.ouvrir("/rapports/maraude/tous/2026-11-26_2026-11-27")
    lignes = chef.page.locator("table").first.locator("tbody tr")
    lus = {str(une.locator("th").inner_text()).rstrip("?"): str(une.locator("td").inner_text()) for une in lignes.all()}
    assert lus == ATTENDU
    for tu in (*CONNUS, "Jo", "48,693", ICI):
        chef.ne_voit_pas(tu)

    # On l'en détache d'un geste : le dossier n'en dit plus rien, le cahier garde tout.
    serveur.tuer()
    camille.ouvrir(f"/dossiers/{awa}")
    camille.parcours.page.get_by_text("Détacher", exact=True).first.click()
    camille.parcours.page.get_by_role("button", name="Détacher").click()
    camille.parcours.page.wait_for_url(f"**/dossiers/{awa}")
    expect(camille.parcours.page.locator("[data-message]")).to_contain_text("ses rencontres restent au cahier")
    expect(camille.parcours.contenu()).not_to_contain_text("Rencontrée le")
    serveur.demarrer()
    camille.envoyer(LENDEMAIN)
    camille.ouvrir(f"/connus/{tenu.connu}")
    camille.parcours.voit("Porche de la gare")
    camille.parcours.voit("Rattacher à un de mes dossiers")
    assert serveur.lire("SELECT rencontres FROM rattachement") == [("[]",)]
    assert serveur.compter("feuille", "forme = ?", "rencontre") == 12 + len(CONNUS)


def test_at_night_the_screen_is_dark_stays_on_and_locks_in_one_gesture(
    semis: Semis, installer: Callable[[Compte, str], Dehors]
) -> None:
    camille = installer(semis.camille, "Téléphone de Camille")
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
    camille.ouvrir("/")
    assert (page.evaluate(fond), page.evaluate("() => tenus")) == (PAPIER, 0)
    page.get_by_role("link", name="La maraude").click()
    page.wait_for_url("**/maraudes")
    page.wait_for_function("() => tenus === 1")
    assert page.evaluate(fond) == NOIR
    page.get_by_role("banner").get_by_role("link", name="Ma journée").click()
    page.wait_for_function("() => tenus === 0")
    assert page.evaluate(fond) == PAPIER

    camille.ouvrir(camille.ecran)
    camille.toucher(page.get_by_role("button", name="Verrouiller", exact=True))
    camille.parcours.attendre_le_verrou()
    camille.parcours.deverrouiller()
    page.wait_for_url(f"**{camille.ecran}")
