"""Un nombre de rendez-vous sur une durée : ceux qui restent, avant son dernier jour.

Seules comptent les rencontres physiques, une par jour ; un appel ou un message entretient le lien sans compter. La
convention ne dit pas le rythme : rien n'est en retard avant le dernier jour, mais l'échéance devient proche dès qu'un
rendez-vous manque au rythme moyen, et dans le dernier mois.
"""

from typing import Any

from app.domain import dates
from app.domain.echeance.attente import Attente
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import Genre
from app.domain.francais import quantieme, quantite
from app.domain.personne import Fiche


def attendre(genre: Genre, regle: Any, situation: Situation, convention: Fiche | None) -> Attente | None:
    entree_le, sortie_le = situation.mesure["entree_le"], situation.mesure.get("sortie_le")
    due_le = dates.ajouter_mois(entree_le, regle["mois"])
    ouverture = situation.jour("ouverture") or entree_le
    tenus = {jour for jour in situation.jours("physique") if ouverture <= jour <= situation.aujourd_hui}
    restants = regle["total"] - len(tenus)
    if restants <= 0 or (sortie_le and sortie_le <= due_le):
        return None
    a_venir = {dates.jour_paris(r["debut"]) for r in situation.proposes if r["debut"] >= situation.maintenant}
    proposes = len([jour for jour in a_venir if jour <= due_le])
    a_fixer = restants - proposes
    reste_jours = dates.jours_entre(situation.aujourd_hui, due_le)
    duree = dates.jours_entre(entree_le, due_le)
    dont = f", dont {regle['accueil']} d’accueil" if regle.get("accueil") else ""
    compte = f"{quantite(len(tenus), 'tenu')} depuis le {quantieme(ouverture, situation.aujourd_hui)}"
    return Attente(
        due_le=due_le,
        # Un rendez-vous passé sans issue est rappelé par ce qui le suit de plus près.
        depuis=due_le,
        quoi=quantite(restants, "rendez-vous physique", "rendez-vous physiques"),
        pourquoi=f"{compte}\u202f: {regle['total']} rendez-vous physiques sur {regle['mois']} mois{dont}",
        suite=f". {quantite(proposes, 'proposé')} d’ici là" if proposes else "",
        attendu=genre["attendus"][0],
        proche=reste_jours <= genre["proche"] or reste_jours * regle["total"] < (a_fixer - 1) * duree,
        prevu=a_fixer <= 0,
    )
