"""Photographie chaque écran : téléphone et bureau, de jour et de nuit, avec et sans réseau, dans captures/.

    .venv/bin/python -m tools.captures [--ecran dossier] [--adresse http://localhost:8000 --courriel … --mot-de-passe …]

Sans adresse, une démonstration neuve est servie le temps des photographies.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Playwright, sync_playwright

from app.commandes.demo import preparer_base
from app.demonstration.associations import MOT_DE_PASSE, comptes_montres
from tests.browser.navigateur import TAILLE_TELEPHONE, Navigateur
from tests.browser.parcours import Parcours
from tests.browser.serveur import RACINE, Serveur
from tests.browser.test_telephone_plein import liberer_de_la_place, remplir_le_telephone
from tools import scenes

CAPTURES = RACINE / "captures"
TAILLES = {"telephone": TAILLE_TELEPHONE, "bureau": (1280, 800)}
COULEURS: dict[str, Literal["light", "dark"]] = {"jour": "light", "nuit": "dark"}

# Écran → adresse ; {dossier} et {rendez_vous} sont pris sur les écrans eux-mêmes.
TERRAIN = {
    "ma-journee": "/",
    "tournee": "/tournee",
    "clore-la-journee": "/tournee/cloture",
    "dossiers": "/dossiers",
    "dossier": "/dossiers/{dossier}",
    "noter": "/entretiens/nouveau?dossier={dossier}",
    "choisir-un-dossier": "/entretiens/nouveau",
    "rendez-vous": "/rendez-vous/nouveau?dossier={dossier}",
    "nouvelle-personne": "/personnes/nouvelle",
    "modifier-la-personne": "/dossiers/{dossier}/modifier",
    "partage": "/dossiers/{dossier}/partager",
    "imprimer": "/papiers/dossier/{dossier}",
    "papier": "/papiers/parcours/{dossier}",
    "notes": "/notes",
    "envoi": "/envoi",
    "reglages": "/reglages",
    "effacer": "/reglages/effacer",
    "aide-installation": "/aide/installation",
}
BUREAU = {
    "fiches-recues": "/supervision/fiches",
    "orientations": "/orientations",
    "desaccords": "/supervision/desaccords",
    "equipe": "/equipe",
    "lieux": "/lieux",
    "permanences": "/permanences",
    "lieux-masques": "/equipe/lieux-masques",
    "notes-sans-choix": "/equipe/notes",
    "rapports": "/rapports",
    "rapport": "/rapports/ASP-NC/2022",
    "liste-derriere-un-chiffre": "/rapports/ASP-NC/2022/rendez_vous/realise/nombre",
    "conventions": "/conventions",
    "convention": "/conventions/DSP-TDL/2022",
    "comparer-conventions": "/conventions/comparer?gauche=DSP-TDL:2017&droite=DSP-TDL:2022",
    "ajuster-convention": "/conventions/DSP-TDL/2022/ajuster/renouvellements",
    "grilles": "/conventions/grilles",
    "grille": "/conventions/grilles/dsp_2022",
    "ranger-un-motif": "/conventions/grilles/dsp_2022/creation_entreprise",
    "modeles": "/modeles",
    "modele": "/modeles/contrat",
    "modifier-un-modele": "/modeles/contrat/modifier",
    "appareils": "/appareils",
    "changer-mon-mot-de-passe": "/compte/mot-de-passe",
    "galerie": "/galerie",
}
ADMINISTRATION = {
    "comptes-et-appareils": "/administration",
    "nouveau-compte": "/administration/utilisateurs/nouveau",
}


@dataclass(frozen=True)
class Site:
    """Le serveur à photographier et les comptes qui y entrent."""

    adresse: str
    conseillere: str
    chef: str
    administration: str
    mot_de_passe: str
    # Le dossier où deux personnes ont noté autre chose.
    desaccord: str | None = None


@contextlib.contextmanager
def site_de_demonstration() -> Iterator[Site]:
    """La démonstration du jour, neuve, servie le temps des photographies."""
    subprocess.run([sys.executable, "-m", "tools.construire"], cwd=RACINE, check=True)
    with tempfile.TemporaryDirectory(prefix="jalon-captures-") as dossier:
        serveur = Serveur(Path(dossier))
        preparer_base(serveur.base)
        comptes = {compte["courriel"].split("@")[0]: compte["courriel"] for compte in reversed(comptes_montres({}))}
        vues = scenes.preparer(serveur.base, comptes["camille"], comptes["chef"])
        serveur.demarrer()
        qui = (comptes["camille"], comptes["chef"], comptes["admin"], MOT_DE_PASSE)
        try:
            yield Site(serveur.adresse, *qui, desaccord=vues.desaccord)
        finally:
            serveur.arreter()


class Photographe:
    """Un navigateur d'une taille et d'une lumière, qui range ses images sous captures/<support>-<lumière>/."""

    def __init__(
        self,
        playwright: Playwright,
        site: Site,
        support: str,
        lumiere: str,
        *,
        seul: str | None,
        entieres: bool,
    ) -> None:
        self.dossier = CAPTURES / f"{support}-{lumiere}"
        self.dossier.mkdir(parents=True, exist_ok=True)
        self.site = site
        self.seul = seul
        self.entieres = entieres
        self.taille = TAILLES[support]
        self._profil = tempfile.TemporaryDirectory(prefix="jalon-profil-")
        self.navigateur = Navigateur(
            playwright,
            Path(self._profil.name) / "profil",
            site.adresse,
            taille=self.taille,
            couleurs=COULEURS[lumiere],
        )
        self.navigateur.lancer()
        self.parcours = Parcours(self.navigateur)

    def prendre(self, nom: str) -> None:
        if self.seul not in (None, nom):
            return
        page = self.parcours.page
        # Un échange passe : l'image doit dire où l'on en est, pas qu'on est en route.
        self.navigateur.attendre_que(
            "() => document.querySelector('[data-etat-envoi]')?.dataset.etat !== 'en_cours'", "la fin de l'échange"
        )
        if self.entieres:
            # Une fenêtre à la hauteur de l'écran entier : la barre du bas reste en bas, et rien n'attend d'être vu.
            hauteur = page.evaluate("() => document.documentElement.scrollHeight")
            page.set_viewport_size({"width": self.taille[0], "height": max(self.taille[1], hauteur)})
        page.screenshot(path=self.dossier / f"{nom}.png", animations="disabled")
        page.set_viewport_size({"width": self.taille[0], "height": self.taille[1]})

    def terrain(self) -> None:
        """Le carnet, du premier écran au verrou ; sur un petit écran, aussi sans réseau."""
        page = self.parcours.page
        page.goto("/connexion")
        self.prendre("connexion")
        self.parcours.se_connecter(self.site.conseillere, self.site.mot_de_passe)
        page.goto("/installer")
        self.prendre("installer")
        self.parcours.installer()
        noms = self.reperes()
        for nom, adresse in TERRAIN.items():
            page.goto(adresse.format(**noms))
            self.prendre(nom)
        page.goto(TERRAIN["noter"].format(**noms))
        self.parcours.remplir("date", "2199-01-01")
        self.parcours.enregistrer()
        page.locator("[data-resume-erreurs]").wait_for()
        self.prendre("noter-erreurs")
        self.deplies(noms)
        self.sans_reseau(noms)
        if self.taille == TAILLES["telephone"]:
            self.plein(noms)
        page = self.parcours.page
        page.goto("/")
        self.parcours.verrouiller()
        self.prendre("verrou")
        page.goto("/verrou/oubli")
        self.prendre("phrase-oubliee")
        page.goto("/")
        self.rouvrir()
        self.quitter(noms)

    def rouvrir(self) -> None:
        """Le carnet est ouvert quand l'écran qui suit est là : partir avant l'annulerait."""
        self.parcours.deverrouiller()
        self.parcours.page.locator("[data-etat-envoi]").wait_for()

    def deplies(self, noms: dict[str, str]) -> None:
        """Ce qui ne se voit qu'après un geste."""
        page = self.parcours.page
        if self.site.desaccord:
            page.goto(f"/dossiers/{self.site.desaccord}")
            self.prendre("desaccord")
        page.goto(f"/dossiers/{noms['change']}")
        avant = page.locator("details:has(summary:has-text('Valeurs d’avant'))")
        avant.locator("summary").click()
        avant.scroll_into_view_if_needed()
        self.prendre("valeurs-d-avant")
        page.locator("a[href*='/mesures/'][href$='/modifier']").first.click()
        page.wait_for_url("**/mesures/*/modifier")
        self.prendre("dates-de-la-mesure")

    def plein(self, noms: dict[str, str]) -> None:
        """Un enregistrement quand le téléphone n'a plus de place."""
        self.navigateur.fermer()
        self.navigateur.relancer()
        cdp, origine = self.navigateur.cdp(), {"origin": self.navigateur.adresse}
        occupe = cdp.send("Storage.getUsageAndQuota", origine)["usage"]
        cdp.send("Storage.overrideQuotaForOrigin", {**origine, "quotaSize": occupe + 500_000})
        self.navigateur.tolerer("status of 507")
        self.parcours.page.goto("/")
        self.rouvrir()
        # Sans le brouillon, à la date fausse, que garde le premier dossier.
        self.parcours.commencer_un_contact(noms["second"])
        self.parcours.choisir("moyen", "telephone")
        self.parcours.remplir("synthese", "Appel de suivi, le téléphone plein.")
        remplir_le_telephone(self.parcours)
        self.parcours.enregistrer()
        self.parcours.page.locator("[data-resume-erreurs]").wait_for()
        self.prendre("telephone-plein")
        liberer_de_la_place(self.parcours)

    def quitter(self, noms: dict[str, str]) -> None:
        """Un dossier que l'on archive, puis le carnet que l'on efface : il n'en reste rien."""
        page = self.parcours.page
        page.goto(f"/dossiers/{noms['troisieme']}")
        page.locator("summary", has_text="Archiver ce dossier").click()
        self.prendre("archiver")
        page.get_by_role("button", name="Archiver").click()
        page.get_by_role("button", name="Rouvrir").wait_for()
        page.evaluate("() => scrollTo(0, 0)")
        self.prendre("archive")
        self.parcours.envoyer_maintenant()
        self.parcours.attendre_envoi("vide")
        page.goto("/reglages/effacer")
        page.locator("form[data-effacement] button").click()
        page.locator("[data-adieu]").wait_for()
        self.prendre("efface")

    def sans_reseau(self, noms: dict[str, str]) -> None:
        self.navigateur.couper_le_reseau()
        for nom, synthese in (("second", "Rappel du rendez-vous."), ("troisieme", "Pièces reçues par la poste.")):
            self.parcours.noter_un_contact(noms[nom], synthese)
        self.parcours.commencer_un_contact(noms["dossier"])
        self.parcours.choisir("moyen", "telephone")
        self.parcours.choisir("demarches", "logement")
        self.prendre("sans-reseau-noter")
        self.parcours.remplir("synthese", "Appel de suivi, noté sans réseau.")
        self.parcours.enregistrer()
        self.parcours.voit("Appel de suivi")
        self.prendre("sans-reseau-dossier")
        for nom in ("ma-journee", "envoi"):
            self.parcours.ouvrir(TERRAIN[nom])
            self.parcours.attendre_envoi("attente", "hors_ligne")
            self.prendre(f"sans-reseau-{nom}")
        self.navigateur.rendre_le_reseau()

    def bureau(self) -> None:
        self._lire(self.site.chef, BUREAU)

    def administration(self) -> None:
        self._lire(self.site.administration, ADMINISTRATION)

    def _lire(self, courriel: str, ecrans: dict[str, str]) -> None:
        self.parcours.se_connecter(courriel, self.site.mot_de_passe)
        for nom, adresse in ecrans.items():
            self.parcours.ouvrir(adresse)
            self.prendre(nom)

    def reperes(self) -> dict[str, str]:
        """Des dossiers de la liste, pour les écrans qui en montrent un."""
        self.parcours.ouvrir("/dossiers")
        liens = self.parcours.page.locator("#liste-dossiers a[href^='/dossiers/']")
        rangs = {"dossier": 2, "second": 3, "troisieme": 4}
        noms = {nom: (liens.nth(rang).get_attribute("href") or "").rsplit("/", 1)[-1] for nom, rang in rangs.items()}
        return {**noms, "change": self.qui_a_change(liens.count())}

    def qui_a_change(self, nombre: int) -> str:
        """Un dossier qui a des valeurs d'avant."""
        liens = self.parcours.page.locator("#liste-dossiers a[href^='/dossiers/']")
        adresses = [liens.nth(rang).get_attribute("href") or "" for rang in range(nombre)]
        for adresse in adresses:
            self.parcours.page.goto(adresse)
            if self.parcours.page.locator("summary", has_text="Valeurs d’avant").count():
                return adresse.rsplit("/", 1)[-1]
        return adresses[0].rsplit("/", 1)[-1]

    def fermer(self) -> None:
        self.navigateur.fermer()
        self._profil.cleanup()


def main() -> None:
    lecteur = argparse.ArgumentParser(prog="tools.captures", description=(__doc__ or "").split("\n")[0])
    lecteur.add_argument("--ecran", help="un seul écran, par son nom de fichier")
    lecteur.add_argument("--support", choices=TAILLES, help="seulement le téléphone ou le bureau")
    lecteur.add_argument("--lumiere", choices=COULEURS, help="seulement de jour ou de nuit")
    lecteur.add_argument("--entieres", action="store_true", help="l'écran entier, au-delà de la fenêtre")
    lecteur.add_argument("--adresse", help="un serveur déjà lancé")
    lecteur.add_argument("--courriel", help="la conseillère, sur ce serveur")
    lecteur.add_argument("--courriel-chef", help="le chef de service, sur ce serveur")
    lecteur.add_argument("--courriel-admin", help="qui tient les comptes, sur ce serveur")
    lecteur.add_argument("--mot-de-passe", help="leur mot de passe commun")
    choix = lecteur.parse_args()
    with contextlib.ExitStack() as fin:
        if choix.adresse:
            chef, admin = choix.courriel_chef or choix.courriel, choix.courriel_admin or ""
            site = Site(choix.adresse, choix.courriel, chef, admin, choix.mot_de_passe)
        else:
            site = fin.enter_context(site_de_demonstration())
        playwright = fin.enter_context(sync_playwright())
        for support in [choix.support] if choix.support else list(TAILLES):
            for lumiere in [choix.lumiere] if choix.lumiere else list(COULEURS):
                visites = ["terrain", "bureau", "administration"] if support == "bureau" else ["terrain"]
                for visite in visites if site.administration else visites[:2]:
                    photographe = Photographe(
                        playwright, site, support, lumiere, seul=choix.ecran, entieres=choix.entieres
                    )
                    getattr(photographe, visite)()
                    photographe.fermer()
                    print(f"captures/{support}-{lumiere} : {visite}")


if __name__ == "__main__":
    main()
