"""Vivre une histoire de `tests/annees` dans un vrai navigateur : on touche, on tape, on enregistre."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from tests.annees.ecran import Due, Ecran, Noeud
from tests.annees.gestes import Gestes
from tests.annees.recit import Geste, Jour
from tests.views.conftest import jeton_de

from .calendrier import ServeurDate, regler_le_navigateur
from .parcours import ORIGINE_APPAREIL, Parcours

# L'après-midi à Paris : le matin est passé, la journée n'est pas finie.
HEURE = dt.time(14, 0, tzinfo=dt.UTC)


class AnneeAuNavigateur(Gestes):
    """Une conseillère, son téléphone, le poste du bureau, et le calendrier de tous."""

    def __init__(self, serveur: ServeurDate, telephone: Parcours, bureau: Parcours, courriel: str, secret: str) -> None:
        self.serveur, self.parcours, self.poste = serveur, telephone, bureau
        self.courriel, self.secret = courriel, secret
        self.instant = dt.datetime.min.replace(tzinfo=dt.UTC)

    def vivre(self, jour: Jour) -> None:
        self.instant = dt.datetime.combine(jour.le, HEURE)
        if jour.reseau:
            self.serveur.regler(self.instant)
            self.parcours.navigateur.rendre_le_reseau()
        else:
            self.parcours.navigateur.couper_le_reseau()
        self._regler()
        if jour.reseau:
            self._se_connecter()
        self._ouvrir_le_carnet()
        for geste in jour.gestes:
            self._faire(geste)
        if jour.reseau:
            self.parcours.envoyer_maintenant()
            self.parcours.attendre_envoi("vide")

    def _regler(self) -> None:
        regler_le_navigateur(self.parcours.navigateur, self.instant)

    def _se_connecter(self) -> None:
        """La session d'un autre jour a pu finir ; l'écran de connexion a ses essais, ici on le passe vite."""
        demande = self.parcours.navigateur.contexte.request
        page = demande.get("/connexion")
        if "/connexion" in page.url:
            champs = {"courriel": self.courriel, "mot_de_passe": self.secret, "csrf_token": jeton_de(page.text())}
            origine = {"Origin": self.parcours.navigateur.adresse}
            entree = demande.post("/connexion", form={**champs}, headers=origine, max_redirects=0)
            assert entree.status == 303, entree.text()[:400]

    def _ouvrir_le_carnet(self) -> None:
        """Resté ouvert, il se montre ; trop longtemps sans échange, il s'est fermé : la phrase le rouvre."""
        self.parcours.page.goto("/verrou?suite=/")
        if self.parcours.page.locator("form[data-verrou]").count():
            self.parcours.deverrouiller()

    def _faire(self, geste: Geste) -> None:
        page = self.parcours.page
        if geste.ecran == "Issue du rendez-vous":
            self.lire(self.adresse_du_dossier)
            page.get_by_role("button", name=geste.saisie[0][0], exact=True).first.click()
            expect(page.locator("[data-message]")).to_be_visible()
            return
        ecran = self.lire(self.adresse(geste.ecran))
        for libelle, valeur in geste.saisie:
            self._toucher(*ecran.formulaire().trouver(libelle, valeur))
        self.parcours.enregistrer()
        self.parcours.navigateur.attendre_que(
            "() => !document.querySelector('#formulaire') || document.querySelector('[data-resume-erreurs]')",
            f"« {geste.ecran} » enregistré",
        )
        fautes = page.locator("[data-resume-erreurs]")
        assert not fautes.count(), f"{geste} : {fautes.inner_text()}"
        if geste.ecran == "Nouvelle personne":
            self.dossier = page.url.rpartition("/")[2].partition("?")[0]

    def _toucher(self, champ: Noeud, ecrit: str) -> None:
        genre, nom = champ.attributs.get("type", ""), champ.attributs["name"]
        if genre in ("checkbox", "radio"):
            valeur = champ.attributs.get("value", "on")
            case = self.parcours.page.locator(f"[name='{nom}'][value='{valeur}']")
            if case.is_checked() != bool(ecrit):
                self.parcours.deplier(case)
                self.parcours.page.locator(f"label:has([name='{nom}'][value='{valeur}'])").click()
            return
        self.parcours.remplir(nom, ecrit)

    def lire(self, adresse: str) -> Ecran:
        self._regler()
        self.parcours.ouvrir(adresse)
        assert self.parcours.rendu_par() == ORIGINE_APPAREIL, adresse
        return Ecran(self.parcours.page.content())

    def bureau(self) -> list[Due]:
        """La page du dossier au bureau, un autre navigateur, sans carnet."""
        self.poste.page.goto(self.adresse_du_dossier)
        if "/connexion" in self.poste.page.url:
            self.poste.se_connecter(self.courriel, self.secret)
            self.poste.ouvrir(self.adresse_du_dossier)
        return Ecran(self.poste.page.content()).a_faire()
