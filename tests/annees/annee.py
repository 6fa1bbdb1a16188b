"""Vivre une histoire : un vrai téléphone sous Node, le vrai serveur, et le temps qui passe."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from flask import Flask

from tests.annees.ecran import Due, Ecran
from tests.annees.gestes import Gestes
from tests.annees.recit import Geste, Jour
from tests.simulation.noeud import Noeud
from tests.views.conftest import ADRESSE, Equipe, Navigateur, en_tetes

APPAREIL = "01970000-0000-7000-8000-000000000001"
# L'après-midi à Paris : le matin est passé, la journée n'est pas finie.
HEURE = dt.time(14, 0, tzinfo=dt.UTC)


class Annee(Gestes):
    """Une conseillère, son téléphone, le bureau. `jouer` vit un jour ; `telephone` et `bureau` lisent le dossier."""

    def __init__(self, app: Flask, equipe: Equipe, noeud: Noeud) -> None:
        self.app, self.equipe, self.noeud = app, equipe, noeud
        self.nav = Navigateur(app.test_client())
        self.reseau = True
        self.installe = False
        self.instant = dt.datetime.min.replace(tzinfo=dt.UTC)
        noeud.brancher(self._reseau)
        noeud.ordonner("oublier_tout")

    # Le temps, le réseau

    @contextmanager
    def le(self, jour: Jour) -> Iterator[None]:
        """Ce jour-là, à la même heure pour le téléphone et pour le serveur."""
        self.instant = dt.datetime.combine(jour.le, HEURE)
        with time_machine.travel(self.instant, tick=False):
            self.reseau = jour.reseau
            if jour.reseau:
                entree = self.nav.entrer(self.equipe.courriel("conseiller"))
                assert entree.status_code in (303, 302), entree.text
            if self.installe:
                self._ouvrir()
            yield

    def _reseau(self, demande: dict[str, Any]) -> dict[str, Any]:
        if not self.reseau:
            return {"coupure": True}
        corps = base64.b64decode(demande["corps"])
        reponse = self.nav.client.open(
            demande["url"],
            method="POST" if corps else "GET",
            data=corps,
            headers={**demande["entetes"], **en_tetes()},
            base_url=ADRESSE,
        )
        return {
            "statut": reponse.status_code,
            "entetes": {"Content-Type": reponse.content_type},
            "corps": base64.b64encode(reponse.get_data()).decode(),
        }

    def _ordonner(self, ordre: str, **contenu: Any) -> Any:
        return self.noeud.ordonner(ordre, appareil=APPAREIL, **contenu)

    def _horloge(self) -> int:
        return int(self.instant.timestamp() * 1000)

    def _installer(self) -> None:
        reponse = self.nav.client.post(
            "/appareils",
            json={"id": APPAREIL, "nom": "Téléphone de Camille"},
            base_url=ADRESSE,
            headers={**en_tetes(), "X-CSRFToken": self.nav.jeton(), "Accept": "application/json"},
        )
        assert reponse.status_code == 200, reponse.text
        depot = reponse.get_json()["depot"]
        self._ordonner("preparer", rang=1, nom="Téléphone de Camille", depot=depot, horloge=self._horloge())
        self.installe = True

    def _ouvrir(self) -> None:
        self._ordonner("horloge", ms=self._horloge())
        ouvert = self._ordonner("ouvrir")
        assert ouvert["etat"] == "ouvert", ouvert

    # Les gestes

    def jouer(self, jour: Jour) -> None:
        if not self.installe:
            self._installer()
        for geste in jour.gestes:
            self._faire(geste)
        if jour.reseau:
            envoi = self._ordonner("envoyer")
            assert envoi["resultat"] == "fait", envoi
            assert not self._ordonner("etat")["boite"], "le serveur n'a pas tout pris"

    def _faire(self, geste: Geste) -> None:
        if geste.ecran == "Issue du rendez-vous":
            action, champs = self.lire(self.adresse_du_dossier).bouton(geste.saisie[0][0])
            return self._envoyer(geste, action, champs)
        formulaire = self.lire(self.adresse(geste.ecran)).formulaire()
        for libelle, valeur in geste.saisie:
            formulaire.saisir(libelle, valeur)
        return self._envoyer(geste, formulaire.action, formulaire.envoi())

    def _envoyer(self, geste: Geste, action: str, champs: list[tuple[str, str]]) -> None:
        reponse = self._ordonner("demander", adresse=action, champs=champs)
        fautes = Ecran(reponse["page"]).fautes()
        assert reponse["statut"] == 303, f"{geste} : {reponse['statut']} {fautes or reponse['page'][:400]}"
        if geste.ecran == "Nouvelle personne":
            self.dossier = reponse["vers"].rpartition("/")[2]

    # Ce qui se lit

    def lire(self, adresse: str) -> Ecran:
        lue = self._ordonner("demander", adresse=adresse)
        assert lue["statut"] == 200, f"{adresse} : {lue['statut']} {lue['page'][:200]}"
        return Ecran(lue["page"])

    def bureau(self) -> list[Due]:
        page = self.nav.get(self.adresse_du_dossier)
        assert page.status_code == 200, page.status_code
        return Ecran(page.text).a_faire()
