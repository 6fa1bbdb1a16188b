"""Ce que fait le chef de service au bureau, pendant que les téléphones notent."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from app import moteur as application
from app.models import Acces, FusionDossiers
from sync import acces
from sync.appliquer import appliquer
from tests.bases import ecrire, lire
from tests.simulation.scene import Scene, rangs
from tests.sync.fabrique import operation


class Bureau(Scene):
    @rule(rang=rangs, champ=st.sampled_from(["prenom", "nom_usage"]))
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

    @rule(a_nadia=st.booleans(), confier=st.booleans())
    def confier_ou_reprendre_le_cahier(self, a_nadia: bool, confier: bool) -> None:
        qui, genre = self.nadia if a_nadia else self.camille, "ajouter_membre" if confier else "retirer_membre"
        cahier = self.cahiers[0]
        faite = operation(genre, cahier, cahier, utilisateur=qui.utilisateur_id)
        with application.ecrire(self.serveur.moteur, self.serveur.structure) as session:
            resultat = appliquer(session, self.chef, [faite])[0]
        assert resultat.statut == "applied", resultat
        self.comptes["cahiers confiés et repris"] += 1

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
