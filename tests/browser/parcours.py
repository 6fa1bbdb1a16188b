"""Ce que fait une professionnelle, en verbes ; les écrans peuvent changer d'habit sans que les essais changent.

Un clic se fait sur ce que la personne voit (un bouton, un libellé). Les champs se retrouvent par leur nom, qui est
aussi celui de l'opération envoyée.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .navigateur import Navigateur
from .semences import Compte

PHRASE = "quatre saisons pour un verger de poiriers tordus"
CODE = "482913"
ORIGINE_APPAREIL = "appareil"
UN_DOSSIER = re.compile(r"/dossiers/[0-9a-f]{8}-[0-9a-f-]+$")


@dataclass(frozen=True)
class Envoi:
    """L'état de l'envoi tel que l'écran le dit : `vide`, `attente`, `refus`, `hors_ligne`, `reconnexion`…"""

    etat: str
    texte: str


class Parcours:
    """Les gestes de la personne, dans un onglet d'un navigateur."""

    def __init__(self, navigateur: Navigateur, page: Page | None = None) -> None:
        self.navigateur = navigateur
        self._page = page

    @property
    def page(self) -> Page:
        return self._page or self.navigateur.page

    # --- entrer -----------------------------------------------------------------------------------------------

    def se_connecter(self, courriel: str, mot_de_passe: str) -> None:
        self.page.goto("/connexion")
        self.page.fill("[name=courriel]", courriel)
        self.page.fill("[name=mot_de_passe]", mot_de_passe)
        self.page.get_by_role("button", name="Se connecter").click()
        self.navigateur.attendre_que("() => location.pathname !== '/connexion'", "la connexion", page=self.page)

    def installer(self, nom: str = "Téléphone de Camille", phrase: str = PHRASE, code: str = CODE) -> None:
        """Nomme l'appareil, choisit comment il s'ouvre, et attend la fin du premier échange."""
        self.remplir_installation(nom, phrase, code)
        self.attendre_installation()

    def remplir_installation(self, nom: str, phrase: str, code: str) -> None:
        if "/installer" not in self.page.url:
            self.page.goto("/installer")
        self.page.fill("[name=nom]", nom)
        self.page.fill("[name=phrase]", phrase)
        self.page.fill("[name=phrase_bis]", phrase)
        self.page.fill("[name=code]", code)
        self.page.locator("form[data-installation] button.bouton--principal").click()

    def attendre_installation(self) -> None:
        self.page.wait_for_url(self.navigateur.adresse + "/", timeout=30_000)
        self.attendre_rendu_par(ORIGINE_APPAREIL)

    # --- aller ------------------------------------------------------------------------------------------------

    def ouvrir(self, chemin: str) -> None:
        reponse = self.page.goto(chemin)
        assert reponse is None or reponse.ok, f"{chemin} a répondu {reponse.status}"

    def rendu_par(self) -> str:
        return str(self.page.evaluate("() => document.querySelector('[data-origine]')?.dataset.origine ?? ''"))

    def attendre_rendu_par(self, origine: str) -> None:
        self.navigateur.attendre_que(
            "(origine) => document.querySelector('[data-origine]')?.dataset.origine === origine",
            f"une page faite par « {origine} »",
            origine,
            page=self.page,
        )

    def contenu(self) -> Locator:
        return self.page.locator("#contenu")

    def voit(self, texte: str) -> None:
        expect(self.contenu()).to_contain_text(texte)

    def ne_voit_pas(self, texte: str) -> None:
        expect(self.page.locator("html")).not_to_contain_text(texte)

    def onglet(self, nom: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=nom).first.click()

    def chercher(self, quoi: str) -> Locator:
        """Tape dans la recherche des dossiers et rend la liste affichée."""
        if not self.page.url.endswith("/dossiers"):
            self.ouvrir("/dossiers")
        self.page.locator("[data-recherche] [name=q]").fill(quoi)
        return self.page.locator("#liste-dossiers")

    # --- noter ------------------------------------------------------------------------------------------------

    def commencer_un_contact(self, dossier: str) -> None:
        self.ouvrir(f"/entretiens/nouveau?dossier={dossier}")
        expect(self.page.locator("form[data-brouillon]")).to_be_visible()

    def choisir(self, champ: str, valeur: str) -> None:
        """Touche une puce. La case est cachée sous son libellé : c'est lui que le doigt touche."""
        self.page.locator(f"label:has([name='{champ}'][value='{valeur}'])").click()

    def remplir(self, champ: str, valeur: str) -> None:
        champ_visible = self.page.locator(f"[name='{champ}']:not([type=hidden])").first
        self.deplier(champ_visible)
        champ_visible.fill(valeur)

    def deplier(self, champ: Locator) -> None:
        """Ce qui est rare est replié : on ouvre le pli qui le contient, comme le ferait un doigt."""
        pli = champ.locator("xpath=ancestor::details[not(@open)]")
        for rang in range(pli.count()):
            pli.nth(rang).locator("summary").first.click()

    def enregistrer(self) -> None:
        self.page.locator("button.bouton--principal[form=formulaire]").click()

    def noter_un_contact(self, dossier: str, synthese: str, *, moyen: str = "telephone", **champs: str) -> None:
        self.commencer_un_contact(dossier)
        self.choisir("moyen", moyen)
        for champ, valeur in champs.items():
            self.remplir(champ, valeur)
        self.remplir("synthese", synthese)
        self.enregistrer()
        self.page.wait_for_url(UN_DOSSIER)
        self.voit(synthese)

    def constater(self, rendez_vous: str, statut: str) -> None:
        """L'issue d'un rendez-vous, en un geste, depuis Ma journée."""
        bouton = self.page.locator(f"form[action='/rendez-vous/{rendez_vous}/constat'] button[value='{statut}']").first
        self.deplier(bouton)
        bouton.click()
        # Le carnet a répondu : quitter la page avant couperait le geste.
        expect(self.page.locator("[data-message]")).to_be_visible()

    def annuler(self) -> None:
        self.page.locator("[data-annuler] button").click()

    def creer_une_personne(self, prenom: str, nom: str, *, convention: str, **champs: str) -> str:
        self.ouvrir("/personnes/nouvelle")
        self.remplir("prenom", prenom)
        self.remplir("nom", nom)
        self.choisir("convention", convention)
        for champ, valeur in champs.items():
            self.remplir(champ, valeur)
        self.enregistrer()
        self.page.wait_for_url(UN_DOSSIER)
        self.voit(nom)
        return self.page.url.rsplit("/", 1)[-1].split("?")[0]

    # --- contrôler, au bureau ---------------------------------------------------------------------------------

    def retourner_la_fiche(self, contient: str, remarque: str) -> None:
        """Dans les fiches reçues, retourne celle qui contient ce texte, avec une remarque."""
        fiche = self.page.locator("li, article, tr").filter(has_text=contient).last
        self.deplier(fiche.locator("[name=remarque]"))
        fiche.locator("[name=remarque]").fill(remarque)
        fiche.get_by_role("button", name="Retourner").click()

    # --- envoyer ----------------------------------------------------------------------------------------------

    def envoi(self) -> Envoi:
        lu: dict[str, Any] = self.page.evaluate(
            """() => {
              const e = document.querySelector("[data-etat-envoi]");
              return { etat: e?.dataset.etat ?? "", texte: e?.innerText ?? "" };
            }"""
        )
        return Envoi(str(lu["etat"]), str(lu["texte"]))

    def attendre_envoi(self, *etats: str) -> Envoi:
        self.navigateur.attendre_que(
            "(etats) => etats.includes(document.querySelector('[data-etat-envoi]')?.dataset.etat)",
            f"l'envoi à l'état {' ou '.join(etats)}, lu {self.envoi()}",
            list(etats),
            page=self.page,
        )
        return self.envoi()

    def envoyer_maintenant(self) -> None:
        self.ouvrir("/envoi")
        self.page.get_by_role("button", name="Envoyer maintenant").click()

    def tout_envoyer(self, compte: Compte) -> None:
        """Le réseau revenu. Tué trop tôt, le navigateur a pu perdre son cookie de session : on se reconnecte."""
        self.envoyer_maintenant()
        if self.attendre_envoi("vide", "reconnexion").etat == "reconnexion":
            self.se_connecter(compte.courriel, compte.mot_de_passe)
            self.envoyer_maintenant()
            self.attendre_envoi("vide")

    # --- verrouiller ------------------------------------------------------------------------------------------

    def verrouiller(self) -> None:
        bouton = self.page.locator("[data-verrouiller]").first
        if not bouton.is_visible():
            self.page.get_by_role("button", name="Menu").click()
        bouton.click()
        self.attendre_le_verrou()

    def attendre_le_verrou(self) -> None:
        expect(self.page.locator("form[data-verrou]")).to_be_visible()

    def essayer_la_phrase(self, phrase: str) -> None:
        self.page.fill("form[data-verrou] [name=secret]", phrase)
        self.page.locator("form[data-verrou] button.bouton--principal").click()

    def deverrouiller(self, phrase: str = PHRASE) -> None:
        self.attendre_le_verrou()
        self.essayer_la_phrase(phrase)
        expect(self.page.locator("form[data-verrou]")).to_have_count(0)

    # --- regarder dedans --------------------------------------------------------------------------------------

    def caches(self) -> dict[str, str]:
        """Tout le contenu de la Cache API : adresse → texte."""
        contenu: dict[str, str] = json.loads(
            self.page.evaluate(
                """async () => {
                  const tout = {};
                  for (const nom of await caches.keys()) {
                    const cache = await caches.open(nom);
                    for (const requete of await cache.keys())
                      tout[requete.url] = await (await cache.match(requete)).text();
                  }
                  return JSON.stringify(tout);
                }"""
            )
        )
        return contenu
