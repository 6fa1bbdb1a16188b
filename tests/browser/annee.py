"""Vivre une histoire de `tests/annees` dans un vrai navigateur : on touche, on tape, on enregistre."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from tests.annees.ecran import Due, Ecran, Noeud
from tests.annees.gestes import Gestes
from tests.annees.recit import Geste, Jour

from .calendrier import AuCalendrier, ServeurDate
from .parcours import ORIGINE_APPAREIL, Parcours

# L'après-midi à Paris : le matin est passé, la journée n'est pas finie.
HEURE = dt.time(14, 0, tzinfo=dt.UTC)


class AnneeAuNavigateur(AuCalendrier, Gestes):
    """Une conseillère, son téléphone, le poste du bureau, et le calendrier de tous."""

    def __init__(self, serveur: ServeurDate, telephone: Parcours, bureau: Parcours, courriel: str, secret: str) -> None:
        super().__init__(serveur, telephone, courriel, secret)
        self.poste = bureau

    def vivre(self, jour: Jour) -> None:
        self.commencer(dt.datetime.combine(jour.le, HEURE), reseau=jour.reseau)
        for geste in jour.gestes:
            self._faire(geste)
        if jour.reseau:
            self.envoyer()

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
        self.regler()
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
