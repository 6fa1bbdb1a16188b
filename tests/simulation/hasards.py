"""Ce que font le réseau, l'horloge, les téléphones et le serveur."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.simulation.postes import PosteJs
from tests.simulation.scene import Scene, appareils, fautes, telephones

# Les plus ordinaires deux fois.
ACCIDENTS = (
    "redemarrer_le_serveur",
    "oublier_la_phrase",
    "redemarrer_le_serveur",
    "oublier_la_phrase",
    "perdre_le_telephone",
)


class Hasards(Scene):
    @rule(quel=appareils, fautes=fautes)
    def envoyer(self, quel: int, fautes: list[str]) -> None:
        poste = self.postes[quel]
        with self._fautif(fautes):
            poste.envoyer()
        self.comptes["échanges"] += 1
        self._verifier(poste)

    @precondition(lambda self: self.serveur.en_route)
    @rule()
    def une_demande_arrive_enfin(self) -> None:
        self.serveur.livrer()

    @rule(quel=appareils, ordre=st.sampled_from(["verrouiller", "tuer", "arreter_worker"]))
    def perdre_la_cle(self, quel: int, ordre: str) -> None:
        self.comptes[f"faute {ordre}"] += 1
        self.postes[quel].subir(ordre)
        self._verifier(self.postes[quel])

    @rule(quel=appareils)
    def ouvrir(self, quel: int) -> None:
        self.postes[quel].ouvrir()
        self._verifier(self.postes[quel])

    @rule(quel=appareils, jours=st.sampled_from([-365, -30, -1, 0, 1, 30, 365]))
    def fausser_la_montre(self, quel: int, jours: int) -> None:
        poste = self.postes[quel]
        poste.regler(self.serveur.maintenant + dt.timedelta(days=jours))

    @rule(heures=st.sampled_from([1, 12, 48]))
    def laisser_passer(self, heures: int) -> None:
        self.serveur.avancer(hours=heures)
        for poste in self.postes:
            poste.regler(poste.heure + dt.timedelta(hours=heures))

    @rule()
    def sauvegarder(self) -> None:
        self.serveur.sauvegarder()

    @precondition(lambda self: self.serveur.copies)
    @rule()
    def restaurer(self) -> None:
        self.serveur.restaurer()
        self.restaure = True
        for poste in self.postes:
            if poste.revoque:
                # Il a tout rendu puis tout effacé : lui ne peut plus rien redonner (docs/sauvegarde.md).
                poste.faits.clear()

    @rule(quel=telephones, sorte=st.sampled_from(ACCIDENTS), fautes=fautes)
    def subir_un_accident(self, quel: int, sorte: str, fautes: list[str]) -> None:
        """Ce qui n'arrive pas tous les jours, et laisserait sinon peu d'histoires ordinaires."""
        poste = self.postes[quel]
        assert isinstance(poste, PosteJs)
        if sorte == "redemarrer_le_serveur":
            self.comptes["redémarrages"] += 1
            self.serveur.redemarrer()
        elif sorte == "oublier_la_phrase" and not poste.revoque:
            self._oublier_la_phrase(poste, fautes)
        elif sorte == "perdre_le_telephone":
            self._revoquer(poste, fautes)

    def _oublier_la_phrase(self, poste: PosteJs, fautes: list[str]) -> None:
        """Un carnet neuf prend la place de l'ancien, dont il ne reste que les plis scellés."""
        # Le carnet neuf envoie sans attendre ce que l'ancien a laissé sous pli.
        poste.retenus |= poste.vue().boite.keys()
        with self._fautif(fautes):
            self.comptes["phrases oubliées"] += poste.oublier()
        self._verifier(poste)

    def _revoquer(self, poste: PosteJs, fautes: list[str]) -> None:
        """Un téléphone perdu : le chef de service le retire ; ce qui y avait été noté part quand même."""
        self.serveur.revoquer(poste.id)
        poste.revoque = True
        self.comptes["révocations"] += 1
        with self._fautif(fautes):
            poste.envoyer()
        self._verifier(poste)
