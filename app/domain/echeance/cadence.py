"""La cadence : le prochain entretien individuel, dû une période après le dernier, ou après l'entrée.

« Un par mois » : même quantième du mois suivant (ou le dernier jour du mois s'il n'existe pas), sinon le nombre de
jours de la période. Comptent : un rendez-vous honoré, et un entretien face à face, en visite, en visio ou au
téléphone ; un SMS ou un courriel entretient le lien mais n'est pas un entretien. Elle court de l'entrée à la sortie,
s'arrête pendant une suspension, et repart du jour de la reprise. Un rythme qui commence avec une version de la
convention ne vaut pas avant elle.
"""

from collections.abc import Sequence

from app.domain import dates
from app.domain.echeance.attente import Attente
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import Genre
from app.domain.francais import quantieme
from app.domain.jours_ouvres import ouvre_au_plus_tard
from app.domain.mesure import convention_au
from app.domain.personne import Fiche

_PERIODES_JOURS = {"mois": 30, "quinzaine": 15, "semaine": 7}
_PERIODES = {"mois": "par mois", "quinzaine": "tous les quinze jours", "semaine": "par semaine"}


def attendre(genre: Genre, regle: Fiche, situation: Situation, convention: Fiche | None) -> Attente | None:
    aujourd_hui, entree_le = situation.aujourd_hui, situation.mesure["entree_le"]
    dernier = max((jour for jour in situation.jours("entretien") if jour <= aujourd_hui), default="")
    depuis, motif = entree_le, "Entrée le {}, pas encore d’entretien"
    if dernier >= entree_le:
        depuis, motif = dernier, "Dernier entretien le {}"
    reprise = situation.reprise()
    if reprise and reprise > depuis:
        depuis, motif = reprise, "Reprise le {} après suspension"
    due_le, sortie_le = periode_apres(depuis, regle), situation.mesure.get("sortie_le")
    debut = (convention or {}).get("debut") or ""
    avant = situation.rythme_au(due_le) if due_le < debut else regle
    if not avant:
        depuis, motif = debut, "Rythme demandé depuis le {}"
        due_le = periode_apres(depuis, regle)
    elif avant != regle:
        due_le = min(periode_apres(depuis, avant), debut)
    if sortie_le and due_le >= sortie_le:
        return None
    renfort = dates.ajouter_mois(entree_le, (convention or {}).get("intensif_mois") or 0)
    davantage = f", davantage jusqu’au {quantieme(renfort, aujourd_hui)}" if aujourd_hui < renfort else ""
    motif = motif.format(quantieme(depuis, aujourd_hui))
    return Attente(
        due_le=due_le,
        depuis=depuis,
        pourquoi=f"{motif}\u202f: {cadence_en_mots(regle)} au moins{davantage}",
        attendu=genre["attendus"][0],
    )


def prochain_a_la_cadence(mesure: Fiche | None, conventions: Sequence[Fiche], depuis: str) -> str | None:
    """Le jour ouvré où proposer le prochain rendez-vous après un entretien, ou rien si la convention n'a pas de rythme.

    Au plus tard à l'échéance : une fin de semaine ou un jour férié recule au dernier jour ouvré.
    """
    convention = convention_au(conventions, mesure["convention"], depuis) if mesure else None
    cadence = (convention or {}).get("cadence")
    if not cadence:
        return None
    return ouvre_au_plus_tard(periode_apres(depuis, cadence))


def periode_apres(jour: str, cadence: Fiche) -> str:
    """Le jour d'une période de cadence plus tard : `{"nombre": 1, "par": "mois" | "quinzaine" | "semaine"}`."""
    if cadence["par"] == "mois" and cadence["nombre"] == 1:
        return dates.ajouter_mois(jour, 1)
    return dates.ajouter_jours(jour, max(1, _PERIODES_JOURS[cadence["par"]] // cadence["nombre"]))


def cadence_en_mots(cadence: Fiche) -> str:
    """« un entretien par mois », « 2 entretiens par mois »."""
    nombre = cadence["nombre"]
    quantite_due = "un entretien" if nombre == 1 else f"{nombre} entretiens"
    return f"{quantite_due} {_PERIODES[cadence['par']]}"
