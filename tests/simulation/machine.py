"""La machine : ce que des gens et le sort peuvent faire à plusieurs appareils. `accord` dit ce qui doit rester vrai."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import func, select

from app import moteur as application
from app.models import Acces, Desaccord, FusionDossiers, Partage, Piece
from sync import acces
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import PROTOCOLES
from tests.bases import ecrire, lire
from tests.simulation import accord
from tests.simulation.lieux import Lieu
from tests.simulation.noeud import Noeud
from tests.simulation.postes import Fiches, PosteJs, PostePy, Vue
from tests.simulation.serveur import FAUTES, Serveur
from tests.sync.fabrique import creer_personne, operation, un_id

CHAMPS = ("prenom", "nom_usage", "adresse")
ACCIDENTS = (
    "redemarrer_le_serveur",
    "oublier_la_phrase",
    "redemarrer_le_serveur",
    "oublier_la_phrase",
    "perdre_le_telephone",
)
MOTIFS = (None, "binome", "binome", "remplacement")
# Ce qui suffit à noter une pièce, d'une forme qui se partage et d'autres qui ne se partagent pas.
PIECES: dict[str, dict[str, Any]] = {
    "demande": {"nature": "logement", "deposee_le": "2026-11-20", "statut": "en_cours"},
    "etape": {"nature": "cdd", "debut": "2026-11-20"},
    "relance": {"le": "2026-11-20", "moyen": "sms"},
}
ISSUES = ("honore", "absence_excusee", "absence_non_excusee", "annule_service", "propose")

appareils = st.integers(0, 3)
telephones = st.integers(0, 2)
rangs = st.integers(0, 20)
fautes = st.lists(st.sampled_from(FAUTES), max_size=4)


class Simulation(RuleBasedStateMachine):
    """Quatre appareils de deux collègues, un chef de service au bureau, et tout ce qui peut mal se passer."""

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
        self.entites: set[str] = set()

    # Le départ

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
        # Des dossiers qu'aucun de ces appareils ne doit voir : d'une collègue, et d'une autre structure.
        monde.pousser(monde.acteur(), creer_personne())
        monde.pousser(monde.acteur(structure_id=monde.structures[1]), creer_personne())
        for acteur in (self.camille, self.camille, self.nadia):
            self._preparer(acteur)
        # Le petit client en est parfois resté à une version passée du protocole.
        identifiant = self._enroler(self.nadia)
        self.postes.append(PostePy(identifiant, self.nadia, self.serveur.maintenant, self.serveur, protocole))
        self.postes[-1].envoyer()

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

    # Ce que les gens font

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

    @rule(quel=appareils, rang=rangs, combien=st.integers(1, 3))
    def noter_un_entretien(self, quel: int, rang: int, combien: int) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            faits = {"date": "2026-11-20", "moyen": "telephone", "synthese": "Point sur les démarches. " * 4}
            self._noter(poste, *(("noter_entretien", self._id(), personne, dict(faits)) for _ in range(combien)))

    @rule(quel=appareils, rang=rangs, champ=st.sampled_from(CHAMPS), jour=st.sampled_from(["2026-11-20", "2026-11-21"]))
    def modifier_la_personne(self, quel: int, rang: int, champ: str, jour: str) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            champs = {champ: f"Valeur {self.numero}"} | ({"date_effet": jour} if champ == "adresse" else {})
            self._noter(poste, ("modifier_personne", personne, personne, champs))

    @rule(quel=appareils, sexe=st.sampled_from(["femme", "homme", "illisible"]))
    def rencontrer_quelqu_un(self, quel: int, sexe: str) -> None:
        """Illisible, la fiche de la personne est refusée, et ce qui la suit attend qu'elle soit corrigée."""
        personne, entretien = self._id(), self._id()
        faits = {"date": "2026-11-20", "moyen": "presentiel"}
        self._noter(
            self.postes[quel],
            ("creer_personne", personne, personne, self._personne() | {"sexe": sexe}),
            ("noter_entretien", entretien, personne, faits),
        )

    def _personne(self) -> dict[str, Any]:
        return {"nom": f"Fictive {self.numero}", "date_effet": "2026-11-20"}

    @rule(quel=appareils)
    def corriger_un_refus(self, quel: int) -> None:
        poste = self.postes[quel]
        self._fiches_de(poste)
        for identifiant, etat in poste.vue().boite.items():
            fait = poste.faits.get(identifiant)
            if etat == "refusee" and fait and fait["genre"] == "creer_personne":
                correction = ("creer_personne", fait["entite"], fait["personne"], self._personne())
                self._noter(poste, correction, remplace=identifiant)
                return

    @rule(quel=appareils)
    def proposer_un_rendez_vous(self, quel: int) -> None:
        mesure, personne = self.mesure
        if personne in {identifiant for _, identifiant in self._fiches_de(self.postes[quel])}:
            champs = {"mesure_id": mesure, "debut": "2026-11-25T09:00:00Z", "duree": 30}
            self._noter(self.postes[quel], ("proposer_rendez_vous", self._id(), personne, champs))

    @rule(quel=appareils, rang=rangs, issue=st.sampled_from(ISSUES))
    def dire_l_issue(self, quel: int, rang: int, issue: str) -> None:
        poste = self.postes[quel]
        connus = sorted(i for type_, i in self._fiches_de(poste) if type_ == "rendez_vous")
        if connus:
            entite = connus[rang % len(connus)]
            self._noter(poste, ("constater_rendez_vous", entite, self.mesure[1], {"statut": issue}))

    @rule(quel=telephones, rang=rangs, choix=st.sampled_from(["en_vigueur", "propose"]))
    def regler_un_desaccord(self, quel: int, rang: int, choix: str) -> None:
        poste = self.postes[quel]
        ouverts = sorted(
            (i, fiche["personne_id"])
            for (type_, i), fiche in self._fiches_de(poste).items()
            if type_ == "desaccord" and fiche["etat"] == "ouvert"
        )
        if ouverts:
            entite, personne = ouverts[rang % len(ouverts)]
            self._noter(poste, ("regler_desaccord", entite, personne, {"choix": choix}))

    @rule(quel=telephones, rang=rangs, rouvrir=st.booleans())
    def archiver_ou_rouvrir(self, quel: int, rang: int, rouvrir: bool) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            genre, champs = ("rouvrir_dossier", {}) if rouvrir else ("archiver_dossier", {"le": "2026-11-20"})
            self._noter(poste, (genre, personne, personne, champs))

    @rule(quel=telephones, forme=st.sampled_from(sorted(PIECES)), partagee=st.booleans())
    def noter_une_piece(self, quel: int, forme: str, partagee: bool) -> None:
        mesure, personne = self.mesure
        if ("mesure", mesure) in self._fiches_de(self.postes[quel]):
            champs = {"mesure_id": mesure, **PIECES[forme]} | ({} if forme == "relance" else {"partagee": partagee})
            self._noter(self.postes[quel], (f"noter_{forme}", self._id(), personne, champs))

    @rule(quel=telephones, rang=rangs, geste=st.sampled_from(["modifier", "retirer", "partager"]))
    def reprendre_une_piece(self, quel: int, rang: int, geste: str) -> None:
        poste = self.postes[quel]
        pieces = sorted(
            (i, fiche["personne_id"], fiche["forme"], fiche["partagee"])
            for (type_, i), fiche in self._fiches_de(poste).items()
            if type_ == "piece" and fiche["forme"] in PIECES
        )
        if not pieces:
            return
        entite, personne, forme, partagee = pieces[rang % len(pieces)]
        if geste == "retirer":
            self._noter(poste, (f"retirer_{forme}", entite, personne, {"motif": "En double."}))
        elif geste == "partager" and forme != "relance":
            self._noter(poste, (f"modifier_{forme}", entite, personne, {"partagee": not partagee}))
        else:
            nom, jour = list(PIECES[forme].items())[-1 if forme != "demande" else 1]
            valeur = "courriel" if nom == "moyen" else jour
            self._noter(poste, (f"modifier_{forme}", entite, personne, {nom: valeur}))

    @rule(quel=telephones, rang=rangs, accord=st.booleans())
    def demander_son_accord(self, quel: int, rang: int, accord: bool) -> None:
        """Accepter que son dossier se partage, ou ne plus l'accepter : des pièces paraissent ou se taisent."""
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            champs = {"accord_partage": accord, "date_effet": "2026-11-20"}
            self._noter(poste, ("modifier_personne", personne, personne, champs))

    @rule(
        quel=telephones,
        rang=rangs,
        jusqu_au=st.sampled_from([None, "2026-11-27", "2026-12-10"]),
        motif=st.sampled_from(MOTIFS),
    )
    def partager(self, quel: int, rang: int, jusqu_au: str | None, motif: str | None) -> None:
        poste = self.postes[quel]
        autre = self.nadia if poste.acteur is self.camille else self.camille
        if personne := self._dossier_de(poste, rang):
            champs = {"utilisateur": autre.utilisateur_id, "jusqu_au": jusqu_au, "motif": motif}
            self._noter(poste, ("partager_dossier", self._id(), personne, champs))

    @rule(quel=telephones, rang=rangs)
    def cesser_un_partage(self, quel: int, rang: int) -> None:
        poste = self.postes[quel]
        partages = sorted(
            (i, fiche["personne_id"]) for (type_, i), fiche in self._fiches_de(poste).items() if type_ == "partage"
        )
        if partages:
            entite, personne = partages[rang % len(partages)]
            self._noter(poste, ("cesser_partage", entite, personne, {}))

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

    @rule(rang=rangs, champ=st.sampled_from(CHAMPS[:2]))
    def corriger_au_bureau(self, rang: int, champ: str) -> None:
        with lire(self.serveur.moteur) as session:
            requete = select(Acces.personne_id).where(Acces.structure_id == self.serveur.structure).distinct()
            personnes = sorted(session.scalars(requete))
        personne = personnes[rang % len(personnes)]
        faite = operation("modifier_personne", personne, personne, **{champ: f"Bureau {self._id()[-4:]}"})
        with application.ecrire(self.serveur.moteur, self.serveur.structure) as session:
            appliquer(session, self.chef, [faite])

    @rule(rang=rangs, autre=rangs, separer=st.booleans())
    def reunir_ou_separer_au_bureau(self, rang: int, autre: int, separer: bool) -> None:
        """Deux dossiers d'une même personne, croit-on ; ce que notent les téléphones pendant ce temps suit."""
        with lire(self.serveur.moteur) as session:
            siens = select(Acces.personne_id).where(Acces.structure_id == self.serveur.structure).distinct()
            reunis = select(FusionDossiers.id, FusionDossiers.personne_id).where(FusionDossiers.defaite_le.is_(None))
            personnes, reunions = sorted(session.scalars(siens)), sorted(tuple(lue) for lue in session.execute(reunis))
        if separer and reunions:
            reunion, reste = reunions[rang % len(reunions)]
            faite = operation("separer_dossiers", reste, reste, fusion=reunion)
        elif not separer:
            reste, absorbee = personnes[rang % len(personnes)], personnes[autre % len(personnes)]
            faite = operation("fusionner_dossiers", reste, reste, absorbee=absorbee)
        else:
            return
        with application.ecrire(self.serveur.moteur, self.serveur.structure) as session:
            resultat = appliquer(session, self.chef, [faite])[0]
        self.comptes["réunions et séparations"] += resultat.statut in ("applied", "merged", "conflict")

    @rule(rang=rangs, vers_nadia=st.booleans())
    def confier_a_l_autre(self, rang: int, vers_nadia: bool) -> None:
        de, a = (self.camille, self.nadia) if vers_nadia else (self.nadia, self.camille)
        requete = select(Acces.personne_id).where(Acces.utilisateur_id == de.utilisateur_id, Acces.actif.is_(True))
        with lire(self.serveur.moteur) as session:
            siens = sorted(session.scalars(requete))
        if len(siens) < 2:
            return
        personne = siens[rang % len(siens)]
        with ecrire(self.serveur.moteur) as session:
            acces.retirer(session, de.structure_id, de.utilisateur_id, [personne], self.serveur.maintenant)
        self._donner(a, personne)

    # Ce que le réseau, le téléphone et le serveur font

    @rule(quel=appareils, fautes=fautes)
    def envoyer(self, quel: int, fautes: list[str]) -> None:
        poste = self.postes[quel]
        with self._fautif(fautes):
            poste.envoyer()
        self.comptes["échanges"] += 1
        self._verifier(poste)

    @contextlib.contextmanager
    def _fautif(self, fautes: list[str]) -> Iterator[None]:
        """Le temps du bloc, le réseau fait subir ces fautes aux demandes, dans l'ordre."""
        self.serveur.fautes = list(fautes)
        try:
            yield
        finally:
            self.serveur.fautes = []

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

    # La fin

    def _verifier(self, poste: PosteJs | PostePy) -> None:
        self._excuser(poste, accord.verifier(self.serveur, poste, self.restaure))

    def _excuser(self, poste: PosteJs | PostePy, vue: Vue) -> None:
        """Ce qui attend une autre fiche n'a pas à garder son rang."""
        poste.retenus |= {identifiant for identifiant, etat in vue.boite.items() if etat == "retenue"}

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

    def _compter(self, modele: type[Desaccord] | type[Partage] | type[Piece]) -> int:
        with lire(self.serveur.moteur) as session:
            return session.scalar(select(func.count()).select_from(modele)) or 0

    def teardown(self) -> None:
        try:
            if self.postes:
                self._apaiser()
                accord.verifier_l_accord(self.serveur, self.postes, self.restaure, self.entites)
                self._rouvrir()
                self.comptes["désaccords"] += self._compter(Desaccord)
                self.comptes["partages"] += self._compter(Partage)
                self.comptes["pièces"] += self._compter(Piece)
                self.comptes["histoires"] += 1
        finally:
            type(self).raconter(self.comptes + self.serveur.comptes)
            self.serveur.fermer()
            self._dossier.cleanup()
