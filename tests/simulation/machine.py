"""La machine : ce que des gens et le sort peuvent faire à plusieurs appareils, et ce qui doit rester vrai.

Un *fait* est une opération enregistrée sur un appareil. À tout instant il est en attente sur cet appareil, refusé et
encore là, ou appliqué au serveur une fois. À la fin, réseau rétabli, tous les appareils disent la même chose que lui.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import func, select

from app.models import Acces, Base, Desaccord, Entretien, Partage, RendezVous
from app.models import Operation as Journal
from app.moteur import ecrire, lire
from sync import acces
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.flux import page
from tests.simulation.client import ARRIVEE, Client
from tests.simulation.noeud import Noeud
from tests.simulation.serveur import FAUTES, Serveur
from tests.sync.fabrique import creer_personne, operation, un_id

BOITE_VIVANTE = {"attente", "retenue"}
CHAMPS = ("prenom", "nom_usage", "adresse")
ISSUES = ("honore", "absence_excusee", "absence_non_excusee", "annule_service", "propose")

appareils = st.integers(0, 3)
rangs = st.integers(0, 20)
fautes = st.lists(st.sampled_from(FAUTES), max_size=4)


class Poste:
    """Un appareil de la simulation, JavaScript ou Python, vu de l'essai."""

    def __init__(self, identifiant: str, acteur: Acteur, heure: dt.datetime) -> None:
        self.id = identifiant
        self.acteur = acteur
        self.heure = heure
        self.faits: dict[str, dict[str, Any]] = {}
        self.protocole = 2
        self.revoque = False
        self.retenus: set[str] = set()


class PosteJs(Poste):
    """Un vrai téléphone : les modules du worker, dans le processus Node."""

    def __init__(self, identifiant: str, acteur: Acteur, heure: dt.datetime, noeud: Noeud) -> None:
        super().__init__(identifiant, acteur, heure)
        self.noeud = noeud

    def _ordre(self, ordre: str, **contenu: Any) -> Any:
        return self.noeud.ordonner(ordre, appareil=self.id, **contenu)

    def regler(self, heure: dt.datetime) -> None:
        self.heure = heure
        self._ordre("horloge", ms=int(heure.timestamp() * 1000))

    def noter(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        notees: list[dict[str, Any]] | None = self._ordre("noter", operations=operations)
        return notees

    def envoyer(self) -> str:
        return str(self._ordre("envoyer")["resultat"])

    def etat(self) -> dict[str, Any]:
        etat: dict[str, Any] = self._ordre("etat")
        return etat

    def boite(self) -> dict[str, str]:
        return {ligne["id"]: ligne["etat"] for ligne in self.etat()["boite"]}

    def gardees(self) -> set[str]:
        return set(self.etat()["gardees"])

    def fiches(self) -> dict[tuple[str, str], dict[str, Any]] | None:
        copies = self.etat()["copies"]
        return None if copies is None else {(fiche["type"], fiche["id"]): fiche for fiche in copies}

    def dit_tout_envoye(self) -> bool:
        return str(self.etat()["envoi"]["texte"]).startswith("Tout est envoyé")

    def compte_annonce(self) -> int:
        return int(self.etat()["envoi"]["operations"])

    def ouvrir(self) -> None:
        self._ordre("ouvrir")

    def subir(self, ordre: str) -> None:
        self._ordre(ordre)


class PostePy(Poste):
    """Le petit client Python."""

    def __init__(self, identifiant: str, acteur: Acteur, heure: dt.datetime, serveur: Serveur) -> None:
        super().__init__(identifiant, acteur, heure)
        self.client = Client(identifiant, serveur.reseau, protocole=1)
        self.protocole = 1

    def regler(self, heure: dt.datetime) -> None:
        self.heure = heure

    def noter(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        return self.client.noter(operations, self.heure)

    def envoyer(self) -> str:
        return self.client.echanger(self.heure)

    def boite(self) -> dict[str, str]:
        attente = dict.fromkeys(self.client.boite, "attente")
        return attente | dict.fromkeys(self.client.refusees, "refusee")

    def gardees(self) -> set[str]:
        return set(self.client.gardees)

    def fiches(self) -> dict[tuple[str, str], dict[str, Any]] | None:
        return dict(self.client.fiches)

    def dit_tout_envoye(self) -> bool:
        return self.client.resultat == "fait" and not self.client.boite and not self.client.refusees

    def compte_annonce(self) -> int:
        return len(self.client.boite)

    def ouvrir(self) -> None: ...
    def subir(self, ordre: str) -> None: ...


class Simulation(RuleBasedStateMachine):
    """Quatre appareils de deux collègues, un chef de service au bureau, et tout ce qui peut mal se passer."""

    noeud: ClassVar[Noeud]
    modele: ClassVar[Path]
    comptes: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._dossier = tempfile.TemporaryDirectory(prefix="simulation-")
        self.serveur = Serveur(self.modele, Path(self._dossier.name))
        self.noeud.brancher(self.serveur.reseau)
        self.noeud.ordonner("oublier_tout")
        self.postes: list[PosteJs | PostePy] = []
        self.numero = 0
        self.restaure = False
        self.entites: set[str] = set()

    # Le départ

    @initialize()
    def commencer(self) -> None:
        monde = self.serveur.monde
        self.camille, self.nadia = monde.acteur(), monde.acteur()
        self.chef = monde.acteur("chef_de_service")
        commun, a_camille, a_nadia = creer_personne(), creer_personne(), creer_personne()
        mesure = operation("ouvrir_mesure", un_id(), commun.entite, convention="ASP-NC", orientee_le="2026-11-01")
        self.mesure = (mesure.entite, commun.entite)
        monde.pousser(self.camille, commun, a_camille, mesure)
        monde.pousser(self.nadia, a_nadia)
        self._donner(self.nadia, commun.entite)
        self._enroler(PosteJs, self.camille)
        self._enroler(PosteJs, self.camille)
        self._enroler(PosteJs, self.nadia)
        # Le petit client en est resté à la première version du protocole.
        self._enroler(PostePy, self.nadia)
        type(self).comptes["histoires"] += 1

    def _enroler(self, sorte: type[PosteJs] | type[PostePy], acteur: Acteur) -> None:
        rang = len(self.postes) + 1
        identifiant = f"01970000-0000-7000-8000-00000000000{rang}"
        depot = self.serveur.enroler(identifiant, acteur)
        maintenant = self.serveur.maintenant
        if sorte is PosteJs:
            ms = int(maintenant.timestamp() * 1000)
            self.noeud.ordonner(
                "preparer", appareil=identifiant, rang=rang, nom=f"Appareil {rang}", depot=depot, horloge=ms
            )
            self.postes.append(PosteJs(identifiant, acteur, maintenant, self.noeud))
        else:
            self.postes.append(PostePy(identifiant, acteur, maintenant, self.serveur))
            self.postes[-1].envoyer()

    def _donner(self, acteur: Acteur, personne: str) -> None:
        with ecrire(self.serveur.moteur) as session:
            acces.donner(session, acteur.structure_id, [(acteur.utilisateur_id, personne)])

    # Ce que les gens font

    def _id(self) -> str:
        self.numero += 1
        return f"01980000-0000-7000-8000-{self.numero:012x}"

    def _dossier_de(self, poste: PosteJs | PostePy, rang: int) -> str | None:
        fiches = poste.fiches()
        personnes = sorted(identifiant for type_, identifiant in fiches or () if type_ == "personne")
        return personnes[rang % len(personnes)] if personnes else None

    def _noter(self, poste: PosteJs | PostePy, *operations: tuple[str, str, str, dict[str, Any]]) -> None:
        brouillons = [
            {"id": self._id(), "genre": genre, "entite": entite, "personne": personne, "champs": champs}
            for genre, entite, personne, champs in operations
        ]
        notees = poste.noter(brouillons)
        for notee in notees or ():
            poste.faits[notee["id"]] = notee
            self.entites.add(notee["entite"])
            type(self).comptes["opérations"] += 1
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

    @rule(quel=appareils)
    def rencontrer_quelqu_un(self, quel: int) -> None:
        personne, entretien = self._id(), self._id()
        faits = {"date": "2026-11-20", "moyen": "presentiel"}
        self._noter(
            self.postes[quel],
            ("creer_personne", personne, personne, {"nom": f"Fictive {self.numero}", "date_effet": "2026-11-20"}),
            ("noter_entretien", entretien, personne, faits),
        )

    @rule(quel=appareils)
    def proposer_un_rendez_vous(self, quel: int) -> None:
        mesure, personne = self.mesure
        if personne in {identifiant for _, identifiant in self.postes[quel].fiches() or ()}:
            champs = {"mesure_id": mesure, "debut": "2026-11-25T09:00:00Z", "duree": 30}
            self._noter(self.postes[quel], ("proposer_rendez_vous", self._id(), personne, champs))

    @rule(quel=appareils, rang=rangs, issue=st.sampled_from(ISSUES))
    def dire_l_issue(self, quel: int, rang: int, issue: str) -> None:
        poste = self.postes[quel]
        connus = sorted(i for type_, i in poste.fiches() or () if type_ == "rendez_vous")
        if connus:
            entite = connus[rang % len(connus)]
            self._noter(poste, ("constater_rendez_vous", entite, self.mesure[1], {"statut": issue}))

    @rule(quel=st.integers(0, 2), rang=rangs, choix=st.sampled_from(["en_vigueur", "propose"]))
    def regler_un_desaccord(self, quel: int, rang: int, choix: str) -> None:
        poste = self.postes[quel]
        ouverts = sorted(
            (i, fiche["personne_id"])
            for (type_, i), fiche in (poste.fiches() or {}).items()
            if type_ == "desaccord" and fiche["etat"] == "ouvert"
        )
        if ouverts:
            entite, personne = ouverts[rang % len(ouverts)]
            self._noter(poste, ("regler_desaccord", entite, personne, {"choix": choix}))

    @rule(quel=st.integers(0, 2), rang=rangs, rouvrir=st.booleans())
    def archiver_ou_rouvrir(self, quel: int, rang: int, rouvrir: bool) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            genre, champs = ("rouvrir_dossier", {}) if rouvrir else ("archiver_dossier", {"le": "2026-11-20"})
            self._noter(poste, (genre, personne, personne, champs))

    @rule(quel=st.integers(0, 2), rang=rangs, jusqu_au=st.sampled_from([None, "2026-11-27", "2026-12-10"]))
    def partager(self, quel: int, rang: int, jusqu_au: str | None) -> None:
        poste = self.postes[quel]
        autre = self.nadia if poste.acteur is self.camille else self.camille
        if personne := self._dossier_de(poste, rang):
            champs = {"utilisateur": autre.utilisateur_id, "jusqu_au": jusqu_au}
            self._noter(poste, ("partager_dossier", self._id(), personne, champs))

    @rule(quel=st.integers(0, 2), rang=rangs)
    def cesser_un_partage(self, quel: int, rang: int) -> None:
        poste = self.postes[quel]
        partages = sorted(
            (i, fiche["personne_id"]) for (type_, i), fiche in (poste.fiches() or {}).items() if type_ == "partage"
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
            personnes = sorted(session.scalars(select(Acces.personne_id).distinct()))
        if personnes:
            personne = personnes[rang % len(personnes)]
            faite = operation("modifier_personne", personne, personne, **{champ: f"Bureau {self._id()[-4:]}"})
            with ecrire(self.serveur.moteur) as session:
                appliquer(session, self.chef, [faite])

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
        avant = poste.boite()
        self.serveur.fautes = list(fautes)
        poste.envoyer()
        self.serveur.fautes = []
        # Ce qui attend une autre fiche n'a pas à garder son rang.
        poste.retenus |= {identifiant for identifiant, etat in poste.boite().items() if etat == "retenue"} | {
            identifiant for identifiant, etat in avant.items() if etat == "retenue"
        }
        type(self).comptes["échanges"] += 1
        self._verifier(poste)

    @precondition(lambda self: self.serveur.en_route)
    @rule()
    def une_demande_arrive_enfin(self) -> None:
        self.serveur.livrer()

    @rule(quel=appareils, ordre=st.sampled_from(["verrouiller", "tuer", "arreter_worker"]))
    def perdre_la_cle(self, quel: int, ordre: str) -> None:
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
    def redemarrer_le_serveur(self) -> None:
        self.serveur.redemarrer()

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

    @rule(quel=st.integers(0, 2), fautes=fautes)
    def revoquer(self, quel: int, fautes: list[str]) -> None:
        """Un téléphone perdu : le chef de service le retire ; ce qui y avait été noté part quand même."""
        poste = self.postes[quel]
        self.serveur.revoquer(poste.id)
        poste.revoque = True
        self.serveur.fautes = list(fautes)
        poste.envoyer()
        self.serveur.fautes = []
        self._verifier(poste)

    # Ce qui doit rester vrai

    def _journal(self) -> dict[str, Any]:
        colonnes = (
            Journal.id,
            Journal.statut,
            Journal.sequence,
            Journal.compteur,
            Journal.appareil_id,
            Journal.remplace,
        )
        with lire(self.serveur.moteur) as session:
            return {ligne.id: ligne for ligne in session.execute(select(*colonnes))}

    def _verifier(self, poste: PosteJs | PostePy) -> None:
        """Aucun fait perdu ; le compte annoncé est le vrai ; « tout est envoyé » ne ment pas ; l'ordre est gardé."""
        journal, boite, gardees = self._journal(), poste.boite(), poste.gardees()
        for identifiant in poste.faits:
            # D'un appareil retiré, ce qui ne s'applique pas est au journal, devant le chef de service.
            arrive = identifiant in journal and (poste.revoque or journal[identifiant].statut in ARRIVEE)
            assert arrive or identifiant in boite or identifiant in gardees, f"fait perdu : {poste.faits[identifiant]}"
        vivants = sum(etat in BOITE_VIVANTE for etat in boite.values())
        assert poste.compte_annonce() == vivants
        if poste.dit_tout_envoye():
            assert not boite, f"« tout est envoyé » avec {boite}"
        if self.restaure:
            # Ce qui est redonné à une base restaurée prend des numéros neufs.
            return
        arrives = [
            journal[identifiant]
            for identifiant in poste.faits
            if identifiant in journal
            and journal[identifiant].statut in ARRIVEE
            and identifiant not in poste.retenus
            and journal[identifiant].remplace is None
        ]
        par_compteur = [ligne.sequence for ligne in sorted(arrives, key=lambda ligne: ligne.compteur)]
        assert par_compteur == sorted(par_compteur), "les opérations d'un appareil ont changé d'ordre"

    def _apaiser(self) -> None:
        """Le réseau revient pour de bon : tout ce qui était en route arrive, chacun ouvre son carnet et envoie."""
        while self.serveur.en_route:
            self.serveur.livrer()
        for poste in self.postes:
            poste.regler(self.serveur.maintenant)
            poste.ouvrir()
        for _ in range(4 if self.restaure else 2):
            for poste in self.postes:
                poste.envoyer()

    def _verifier_l_accord(self) -> None:
        journal = self._journal()
        for poste in self.postes:
            self._verifier(poste)
            boite = poste.boite()
            if poste.revoque:
                assert not boite, f"un téléphone retiré n'a pas tout rendu : {boite}"
                continue
            assert self.restaure or not BOITE_VIVANTE & set(boite.values()), (
                f"il reste {boite} en attente, réseau rétabli"
            )
            attendues = self._fiches_du_serveur(poste)
            ecarts = _ecarts(poste.fiches() or {}, attendues)
            assert not ecarts, f"l'appareil {poste.id[-1]} ne dit pas ce que dit le serveur : {ecarts[:3]}"
        for modele, genre in ((Entretien, "noter_entretien"), (RendezVous, "proposer_rendez_vous")):
            with lire(self.serveur.moteur) as session:
                en_base = set(session.scalars(select(modele.id)))
            arrivees = {
                fait["entite"]
                for poste in self.postes
                for identifiant, fait in poste.faits.items()
                if fait["genre"] == genre and identifiant in journal and journal[identifiant].statut in ARRIVEE
            }
            assert arrivees <= en_base <= self.entites, f"{genre} : {arrivees ^ en_base}"

    def _compter(self, modele: type[Base]) -> int:
        with lire(self.serveur.moteur) as session:
            return session.scalar(select(func.count()).select_from(modele)) or 0

    def _fiches_du_serveur(self, poste: PosteJs | PostePy) -> dict[tuple[str, str], dict[str, Any]]:
        fiches, curseur = {}, None
        while True:
            with lire(self.serveur.moteur) as session:
                recue = page(
                    session,
                    replace(poste.acteur, protocole=poste.protocole, maintenant=self.serveur.maintenant),
                    curseur,
                )
            for brute in recue.fiches:
                fiche = msgspec.json.decode(brute)
                fiches[fiche["type"], fiche["id"]] = fiche
            if not recue.suite:
                return fiches
            curseur = recue.curseur

    def teardown(self) -> None:
        try:
            if self.postes:
                self._apaiser()
                self._verifier_l_accord()
        finally:
            type(self).comptes["désaccords"] += self._compter(Desaccord)
            type(self).comptes["partages"] += self._compter(Partage)
            for nom, nombre in self.serveur.comptes.items():
                type(self).comptes[nom] += nombre
            self.serveur.fermer()
            self._dossier.cleanup()


def _ecarts(sur_l_appareil: dict[Any, Any], au_serveur: dict[Any, Any]) -> list[str]:
    """Ce qui manque, est de trop ou diffère, en clair."""
    dits = []
    for cle in sorted(sur_l_appareil.keys() | au_serveur.keys()):
        ici, la_bas = sur_l_appareil.get(cle), au_serveur.get(cle)
        if ici is None or la_bas is None:
            dits.append(f"{cle} {'de trop' if la_bas is None else 'manque'}")
        elif champs := [nom for nom in ici.keys() | la_bas.keys() if ici.get(nom) != la_bas.get(nom)]:
            dits.append(f"{cle} {[(nom, ici.get(nom), la_bas.get(nom)) for nom in champs]}")
    return dits
