"""De quoi montrer les écrans de la supervision : une demande de logement, le personnel, un comité, un secteur."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.models import Agent, Comite, SituationComite, TempsDeTravail
from app.moteur import ecrire, ouvrir_moteur

from .a_plusieurs import Carnets
from .ecrans import AGENT, COMITE, HABITAT, SECTEUR, une_de
from .semences import Semis, identifiant
from .serveur import Serveur


def semer(serveur: Serveur, semis: Semis) -> None:
    maintenant = dt.datetime.now(dt.UTC)
    personne = semis.personnes["Quéméneur-Témoin"]
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    structure = serveur.lire("SELECT structure_id FROM personne WHERE id = ?", personne)[0][0]
    with ecrire(moteur, structure) as session:
        carnets = Carnets(session, structure, maintenant)
        jour = maintenant.date().isoformat()
        demande = {"nature": "logement", "aupres": HABITAT, "deposee_le": jour, "statut": "en_cours"}
        demande |= {"mesure_id": une_de(serveur, "mesure", personne)}
        camille = (semis.camille, "conseiller")
        carnets.faire(*camille, "noter_demande", identifiant(), personne, **demande, note_information_le=jour)
        cle = {"structure_id": structure}
        sien = {"utilisateur_id": semis.camille.id, "par_id": semis.chef.id, "nom": "Fictive", "prenom": "Camille"}
        session.add(Agent(**cle, **sien, id=AGENT, fonction="Conseillère", le=maintenant))
        session.flush()
        temps = TempsDeTravail(
            **cle, agent_id=AGENT, convention=semis.convention, jour=maintenant.date(), etp=Decimal(1)
        )
        session.add(temps)
        comite = {"id": COMITE, "titre": "Comité de l’atelier", "jour": maintenant.date(), "cree_le": maintenant}
        session.add(Comite(**cle, **comite, par_id=semis.chef.id))
        session.flush()
        session.add(SituationComite(**cle, comite_id=COMITE, personne_id=personne, rang=1))
        _semer_un_secteur(carnets, semis)
    moteur.dispose()


def _semer_un_secteur(carnets: Carnets, semis: Semis) -> None:
    """Une maraude d'hier, deux rencontres dont une alerte, ce que l'équipe suivante doit savoir."""
    chef, camille, hier = (semis.chef, "chef_de_service"), (semis.camille, "conseiller"), carnets.maintenant.date()
    carnets.faire(*chef, "creer_cahier", SECTEUR, SECTEUR, genre="secteur", nom="Secteur Gare-Témoin")
    carnets.faire(*chef, "ajouter_membre", SECTEUR, SECTEUR, utilisateur=semis.camille.id)
    maraude, connu = identifiant(), identifiant()
    sortie = {"le": (hier - dt.timedelta(1)).isoformat(), "debut": "20:30", "equipe": [semis.camille.id]}
    carnets.faire(*camille, "noter_maraude", maraude, SECTEUR, **sortie, transmission="Prendre des duvets.")
    carnets.faire(*camille, "noter_connu", connu, SECTEUR, pseudonyme="Momo-Témoin")
    appel = {"propose": ["appel_115"], "refuse": ["appel_115"], "besoins": ["hebergement"], "donne": ["duvet"]}
    carnets.faire(*camille, "noter_rencontre", identifiant(), SECTEUR, maraude_id=maraude, connu_id=connu, **appel)
    carnets.faire(*camille, "noter_rencontre", identifiant(), SECTEUR, maraude_id=maraude, hommes=2, alerte="danger")
