"""La machine : ce que des gens et le sort peuvent faire à plusieurs appareils. `accord` dit ce qui doit rester vrai."""

from __future__ import annotations

from hypothesis.stateful import rule
from sqlalchemy import ColumnElement, func, select

from app.models import Base, Desaccord, Entretien, Feuille, NotePersonnelle, Partage, Piece
from tests.bases import lire
from tests.simulation import accord
from tests.simulation.bureau import Bureau
from tests.simulation.hasards import Hasards
from tests.simulation.notes import Notes
from tests.simulation.postes import PosteJs, PostePy
from tests.simulation.scene import appareils, fautes, rangs
from tests.simulation.terrain import Terrain


class Simulation(Terrain, Notes, Bureau, Hasards):
    """Tout ce qui peut y arriver ; à la fin, tout doit être arrivé une fois, et chacun dire la même chose."""

    @rule(quel=appareils, rang=rangs, fautes=fautes)
    def noter_et_envoyer(self, quel: int, rang: int, fautes: list[str]) -> None:
        self.modifier_la_personne(quel, rang, "prenom", "2026-11-20")
        self.envoyer(quel, fautes)

    @rule(quel=appareils, fautes=fautes)
    def envoyer_encore(self, quel: int, fautes: list[str]) -> None:
        self.envoyer(quel, fautes)

    @rule()
    def rentrer_au_bureau(self) -> None:
        """Tout le monde retrouve le réseau."""
        for quel in range(len(self.postes)):
            self.envoyer(quel, [])

    def _apaiser(self) -> None:
        """Le réseau revient pour de bon : tout ce qui était en route arrive, chacun ouvre son carnet et envoie."""
        while self.serveur.en_route:
            self.serveur.livrer()
        for poste in self.postes:
            poste.regler(self.serveur.maintenant)
            poste.ouvrir()
            poste.envoyer()
            self._excuser(poste, poste.vue())
        tours = 4 if self.restaure else 2
        for quel, poste in enumerate(self.postes):
            while not poste.revoque and self._a_corriger(poste):
                self.corriger_un_refus(quel)
                # Ce qui attendait la correction ne part parfois qu'après elle, et les autres le reçoivent ensuite.
                tours = 4
        for _ in range(tours):
            for poste in self.postes:
                poste.envoyer()

    def _a_corriger(self, poste: PosteJs | PostePy) -> bool:
        refusees = (poste.faits.get(i, {}) for i, etat in poste.vue().boite.items() if etat == "refusee")
        return any(fait.get("genre") == "creer_personne" for fait in refusees)

    def _rouvrir(self) -> None:
        """Ce que chaque téléphone montrait est bien ce qu'il avait écrit."""
        for poste in self.postes:
            if isinstance(poste, PosteJs) and not poste.revoque:
                poste.subir("tuer")
                poste.ouvrir()
                accord.verifier_les_fiches(self.serveur, poste, self.restaure)

    def _compter(self, modele: type[Base], *lesquels: ColumnElement[bool]) -> int:
        with lire(self.serveur.moteur) as session:
            return session.scalar(select(func.count()).select_from(modele).where(*lesquels)) or 0

    def teardown(self) -> None:
        try:
            if self.postes:
                self._apaiser()
                accord.verifier_l_accord(self.serveur, self.postes, self.restaure, self.entites)
                self._rouvrir()
                self.comptes["désaccords"] += self._compter(Desaccord)
                self.comptes["partages"] += self._compter(Partage)
                self.comptes["pièces"] += self._compter(Piece)
                self.comptes["rencontres"] += self._compter(Feuille, Feuille.forme == "rencontre")
                self.comptes["entretiens cochés"] += self._compter(Entretien, Entretien.partagee)
                self.comptes["notes transmises"] += self._compter(
                    NotePersonnelle, NotePersonnelle.transmise_le.is_not(None)
                )
                self.comptes["histoires"] += 1
        finally:
            type(self).raconter(self.comptes + self.serveur.comptes)
            self.serveur.fermer()
            self._dossier.cleanup()
