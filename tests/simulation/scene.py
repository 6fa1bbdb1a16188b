"""La scène : quatre appareils, les gens qui les tiennent, et comment l'on y note quelque chose."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from sync import acces
from sync.acteur import Acteur
from sync.operation import PROTOCOLES
from tests.bases import ecrire
from tests.simulation import accord
from tests.simulation.lieux import Lieu
from tests.simulation.noeud import Noeud
from tests.simulation.postes import Fiches, PosteJs, PostePy, Vue
from tests.simulation.secret import un_secret
from tests.simulation.serveur import FAUTES, Serveur
from tests.sync.fabrique import creer_personne, noter, operation, un_id

appareils = st.integers(0, 3)
telephones = st.integers(0, 2)
rangs = st.integers(0, 20)
fautes = st.lists(st.sampled_from(FAUTES), max_size=4)


class Scene(RuleBasedStateMachine):
    """Quatre appareils de deux collègues, et un chef de service au bureau."""

    noeud: ClassVar[Noeud]
    lieu: ClassVar[Lieu]
    # Reçoit les comptes de chaque histoire, à sa fin.
    raconter: ClassVar[Callable[[Counter[str]], None]]

    def __init__(self) -> None:
        super().__init__()
        self._dossier = tempfile.TemporaryDirectory(prefix="simulation-")
        self.comptes = Counter[str]()
        self.serveur = Serveur(self.lieu, Path(self._dossier.name))
        self.noeud.brancher(self.serveur.reseau)
        self.noeud.ordonner("oublier_tout")
        self.postes: list[PosteJs | PostePy] = []
        self.numero = 0
        self.restaure = False
        self.cahiers: list[str] = []
        self.entites: set[str] = set()

    @initialize(protocole=st.sampled_from(PROTOCOLES))
    def commencer(self, protocole: int) -> None:
        monde = self.serveur.monde
        self.camille, self.nadia = monde.acteur(), monde.acteur()
        self.chef = monde.acteur("chef_de_service")
        commun, a_camille, a_nadia = creer_personne(), creer_personne(), creer_personne()
        mesure = operation("ouvrir_mesure", un_id(), commun.entite, convention="ASP-NC", orientee_le="2026-11-01")
        self.mesure = (mesure.entite, commun.entite)
        monde.pousser(self.camille, commun, a_camille, mesure)
        monde.pousser(self.nadia, a_nadia)
        self._donner(self.nadia, commun.entite)
        # Chacune y a déjà noté quelque chose pour elle seule.
        for auteur in (self.camille, self.nadia):
            notee = noter(commun.entite, note_personnelle=un_secret(auteur.utilisateur_id, 0))
            monde.pousser(auteur, notee)
            self.entites.add(notee.entite)
        # Des dossiers qu'aucun de ces appareils ne doit voir : d'une collègue, et d'une autre structure.
        monde.pousser(monde.acteur(), creer_personne())
        monde.pousser(monde.acteur(structure_id=monde.structures[1]), creer_personne())
        self._ouvrir_un_cahier(self.camille, self.nadia)
        # Un cahier qu'aucune des deux ne tient.
        self._ouvrir_un_cahier(monde.acteur("maraude"))
        for acteur in (self.camille, self.camille, self.nadia):
            self._preparer(acteur)
        # Le petit client en est parfois resté à une version passée du protocole.
        identifiant = self._enroler(self.nadia)
        self.postes.append(PostePy(identifiant, self.nadia, self.serveur.maintenant, self.serveur, protocole))
        self.postes[-1].envoyer()

    def _ouvrir_un_cahier(self, *membres: Acteur) -> None:
        """Le cahier d'un secteur, sa première maraude, et une rencontre."""
        cahier, maraude, rencontre = un_id(), un_id(), un_id()
        ouvert = operation("creer_cahier", cahier, cahier, genre="secteur", nom="Secteur Gare")
        confies = [operation("ajouter_membre", cahier, cahier, utilisateur=qui.utilisateur_id) for qui in membres]
        sortie = operation("noter_maraude", maraude, cahier, le="2026-11-20", debut="20:30")
        vue = operation("noter_rencontre", rencontre, cahier, maraude_id=maraude, adultes=1, besoins=["ecoute"])
        self.serveur.monde.pousser(self.chef, ouvert, *confies, sortie, vue)
        self.entites |= {maraude, rencontre}
        self.cahiers.append(cahier)

    def _enroler(self, acteur: Acteur) -> str:
        identifiant = f"01970000-0000-7000-8000-00000000000{len(self.postes) + 1}"
        self.serveur.enroler(identifiant, acteur)
        return identifiant

    def _preparer(self, acteur: Acteur) -> None:
        identifiant, maintenant = self._enroler(acteur), self.serveur.maintenant
        rang = len(self.postes) + 1
        self.noeud.ordonner(
            "preparer",
            appareil=identifiant,
            rang=rang,
            nom=f"Appareil {rang}",
            depot=self.serveur.enroler(identifiant, acteur),
            horloge=int(maintenant.timestamp() * 1000),
        )
        self.postes.append(PosteJs(identifiant, acteur, maintenant, self.noeud))

    def _donner(self, acteur: Acteur, personne: str) -> None:
        with ecrire(self.serveur.moteur) as session:
            acces.donner(session, acteur.structure_id, [(acteur.utilisateur_id, personne)])

    def _id(self) -> str:
        self.numero += 1
        return f"01980000-0000-7000-8000-{self.numero:012x}"

    def _fiches_de(self, poste: PosteJs | PostePy) -> Fiches:
        """Ce que la personne a sous les yeux : pour noter, elle ouvre d'abord son carnet."""
        if (fiches := poste.fiches()) is None and not poste.revoque:
            poste.ouvrir()
            fiches = poste.fiches()
        return fiches or {}

    def _dossier_de(self, poste: PosteJs | PostePy, rang: int) -> str | None:
        fiches = self._fiches_de(poste)
        personnes = sorted(identifiant for type_, identifiant in fiches if type_ == "personne")
        return personnes[rang % len(personnes)] if personnes else None

    def _noter(
        self,
        poste: PosteJs | PostePy,
        *operations: tuple[str, str, str, dict[str, Any]],
        remplace: str | None = None,
    ) -> None:
        brouillons = [
            {"id": self._id(), "genre": genre, "entite": entite, "personne": personne, "champs": champs}
            | ({"remplace": remplace} if remplace else {})
            for genre, entite, personne, champs in operations
        ]
        notees = poste.noter(brouillons)
        for notee in notees or ():
            poste.faits[notee["id"]] = notee
            poste.faits.pop(notee["remplace"], None)
            self.entites.add(notee["entite"])
            self.comptes["opérations"] += 1
        self._verifier(poste)

    @contextlib.contextmanager
    def _fautif(self, fautes: list[str]) -> Iterator[None]:
        """Le temps du bloc, le réseau fait subir ces fautes aux demandes, dans l'ordre."""
        self.serveur.fautes = list(fautes)
        try:
            yield
        finally:
            self.serveur.fautes = []

    def _verifier(self, poste: PosteJs | PostePy) -> None:
        self._excuser(poste, accord.verifier(self.serveur, poste, self.restaure))

    def _excuser(self, poste: PosteJs | PostePy, vue: Vue) -> None:
        """Ce qui attend une autre fiche n'a pas à garder son rang."""
        poste.retenus |= {identifiant for identifiant, etat in vue.boite.items() if etat == "retenue"}
