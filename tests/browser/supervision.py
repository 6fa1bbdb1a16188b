"""De quoi montrer les écrans de la supervision : une demande de logement, quelqu'un au personnel, un comité."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.models import Agent, TempsDeTravail
from app.moteur import ecrire, ouvrir_moteur

from .a_plusieurs import Carnets
from .ecrans import AGENT, COMITE, HABITAT, SITUATION, une_de
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
        chef = (semis.chef, "chef_de_service")
        carnets.faire(*chef, "creer_cahier", COMITE, COMITE, genre="comite", nom="Comité de l’atelier", jour=jour)
        carnets.faire(*chef, "ajouter_membre", COMITE, COMITE, utilisateur=semis.camille.id)
        qui = {"nom": "Awa Quéméneur-Témoin", "dossier_id": personne}
        carnets.faire(*chef, "noter_situation", SITUATION, COMITE, **qui)
    moteur.dispose()
