"""De quoi montrer les écrans de la supervision : une demande de logement, quelqu'un au personnel, un comité."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.models import Agent, Comite, SituationComite, TempsDeTravail
from app.moteur import ecrire, ouvrir_moteur

from .a_plusieurs import Carnets
from .ecrans import AGENT, COMITE, HABITAT, une_de
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
    moteur.dispose()
